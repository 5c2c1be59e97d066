package org.tinc4j.event;

/**
 * Told what happens in a mesh.
 *
 * <p><b>Threads.</b> Called one event after the other, in order, on the node's callback executor; it may block without disturbing the
 * node. An exception is logged and otherwise ignored. Behind a listener that is too slow, more than 4096 waiting events are dropped,
 * oldest kept, and a {@link TincEvent.EventsLost} says how many.
 */
@FunctionalInterface
public interface TincListener {

    /**
     * Something happened.
     *
     * @param event what
     */
    void onEvent(TincEvent event);
}
