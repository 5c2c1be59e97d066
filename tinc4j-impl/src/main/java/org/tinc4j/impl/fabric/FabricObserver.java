package org.tinc4j.impl.fabric;

/** Told of everything that happens on the network, in order, for a trace. It must call nothing of the fabric. */
@FunctionalInterface
public interface FabricObserver {

    /** Nobody looks. The fabric knows this one, and then neither hashes contents nor composes notes. */
    FabricObserver NONE = (what, from, to, bytes, contentHash, note) -> {};

    /**
     * Something happened.
     *
     * @param from name of the host or NAT box it starts from
     * @param to name of the host it goes to; empty where there is none
     * @param bytes of payload
     * @param contentHash FNV-1a over the payload, 64 bits; 0 without payload
     * @param note ports and reason, in a few words
     */
    void event(FabricEvent what, String from, String to, int bytes, long contentHash, String note);
}
