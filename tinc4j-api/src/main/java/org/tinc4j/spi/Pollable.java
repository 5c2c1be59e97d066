package org.tinc4j.spi;

import java.io.IOException;

/**
 * A device queue or socket that can be looked at without waiting, which lets one thread look after several of them.
 *
 * <p><b>Threads.</b> One at a time looks or waits; handing over from one to the next is the callers' to order.
 */
public interface Pollable {

    /**
     * Takes what is there, as {@link PacketDevice#read} and {@link DatagramTransport#receive} do, without waiting.
     *
     * @param batch borrowed; its first buffers are overwritten, its size is set
     * @return how many buffers were filled; 0 if there is nothing
     * @throws IOException if it failed, or {@link org.tinc4j.NodeClosedException} once it is closed
     */
    int poll(PacketBatch batch) throws IOException;

    /**
     * Waits a short time in the system without giving back the carrier of a virtual thread, until this one or another is worth looking at.
     *
     * @param nanos at most so long, below one second
     * @param other waited for too, of the same platform; may be this one
     * @return whether one of the two is worth looking at
     * @throws IOException if this one failed, or {@link org.tinc4j.NodeClosedException} once it is closed; a close of the other one ends the wait
     */
    boolean awaitWithin(int nanos, Pollable other) throws IOException;

    /** Looks in the place of a reader that is parked, on the thread that would wake it, which spares the reader's wake-up. */
    @FunctionalInterface
    interface StandIn {
        /** Nobody looks: the reader is woken each time. */
        StandIn NOBODY = () -> false;

        /**
         * Must not block: other nodes of the process wait for the calling thread too.
         *
         * @return whether the reader may stay parked; it is woken otherwise
         */
        boolean look();
    }

    /**
     * Parks the calling thread until this one is worth looking at, or for no reason.
     *
     * @param standIn may be asked instead of waking the caller, any number of times, by one thread at a time; perhaps once more after the return
     * @throws IOException as of {@link #poll}; {@link java.io.InterruptedIOException} if the thread was interrupted
     */
    void await(StandIn standIn) throws IOException;
}
