package org.tinc4j.impl.fabric;

/** Takes the connections of a listener. */
@FunctionalInterface
public interface StreamAcceptor {

    /**
     * A connection is established. It can be written to, or aborted, at once.
     *
     * @return what takes its events; {@link StreamSink#connected} is not among them
     */
    StreamSink accepted(FabricStream stream);
}
