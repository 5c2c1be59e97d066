package org.tinc4j.impl.fabric;

/** Told of everything that happens on the network, in order, for a trace. It must call nothing of the fabric. */
@FunctionalInterface
public interface FabricObserver {

    /** Nobody looks. The fabric knows this one, and then composes no notes. */
    FabricObserver NONE = (what, from, to, payload, note) -> {};

    /**
     * Something happened.
     *
     * @param from name of the host or NAT box it starts from
     * @param to name of the host it goes to; empty where there is none
     * @param payload borrowed: whoever gets it next may write into it; empty where there is none
     * @param note ports and reason, in a few words
     */
    void event(FabricEvent what, String from, String to, byte[] payload, String note);
}
