package org.tinc4j.linux.reactor;

import java.io.IOException;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.Pollable;

/**
 * A descriptor and how packets are taken from it: the waiting side of a TUN queue or UDP socket.
 *
 * <p><b>Threads.</b> As of {@link Pollable}.
 */
public final class PolledDescriptor implements Pollable {

    /** Takes packets without waiting. */
    @FunctionalInterface
    public interface Taking {
        /**
         * Takes what is there.
         *
         * @param batch gets the size of the result
         * @return how many buffers were filled; 0 if there is nothing
         * @throws IOException as of {@link Pollable#poll}
         */
        int take(PacketBatch batch) throws IOException;
    }

    private final Taking taking;

    private volatile Descriptor descriptor;

    /**
     * Of one reader at a time.
     *
     * @param descriptor what is waited for
     * @param taking takes from it
     */
    public PolledDescriptor(Descriptor descriptor, Taking taking) {
        this.descriptor = descriptor;
        this.taking = taking;
    }

    /**
     * Waits for another descriptor from now on, and closes the one before. A reader that is parked there looks again, so it may be called by
     * whoever looks in its place.
     *
     * @param other says when there is something to take
     */
    public void watch(Descriptor other) {
        Descriptor before = descriptor;
        descriptor = other;
        before.close();
    }

    @Override
    public int poll(PacketBatch batch) throws IOException {
        return taking.take(batch);
    }

    @Override
    public boolean awaitWithin(int nanos, Pollable other) throws IOException {
        Descriptor watched = descriptor;
        try {
            return watched.readableWithin(nanos, other == this ? watched : ((PolledDescriptor) other).descriptor);
        } catch (NodeClosedException e) {
            failUnlessReplaced(watched, e);
            return true;
        }
    }

    /** A platform thread waits in the kernel, a virtual one until the reactor calls. */
    @Override
    public void await(StandIn standIn) throws IOException {
        Descriptor watched = descriptor;
        try {
            if (Thread.currentThread().isVirtual()) {
                watched.awaitReadable(standIn);
            } else {
                watched.awaitReadableBlocking();
            }
        } catch (NodeClosedException e) {
            failUnlessReplaced(watched, e);
        }
    }

    private void failUnlessReplaced(Descriptor watched, NodeClosedException closed) throws NodeClosedException {
        if (descriptor == watched) {
            throw closed;
        }
    }

    /**
     * Takes what is there, and waits until something is.
     *
     * @param batch gets the size of the result
     * @return how many buffers were filled, at least 1
     * @throws IOException as of {@link Pollable#poll}
     */
    public int read(PacketBatch batch) throws IOException {
        int count;
        while ((count = taking.take(batch)) == 0) {
            await(StandIn.NOBODY);
        }
        return count;
    }
}
