package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;

/** One end of a TCP connection. */
public final class FabricStream {

    /** From so many unsent bytes on, a writer does well to wait for {@link StreamSink#writable()}. */
    public static final int WRITE_HIGH_BYTES = 64 * 1024;

    /** So many bytes may be under way to an end, or not yet {@linkplain #consumed consumed} there. */
    public static final int WINDOW_BYTES = 64 * 1024;

    /** The end on this host. */
    public InetSocketAddress local() {
        throw new UnsupportedOperationException();
    }

    /** The other end as seen here: behind a NAT box, the box. */
    public InetSocketAddress remote() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends bytes, as soon as window and link allow. Nothing is refused: whoever writes much looks at {@link #unsentBytes()}. On a stream that
     * is over it does nothing; the sink has been told.
     *
     * @param bytes taken
     * @throws IllegalStateException if the stream is not connected yet, or was closed from this end
     */
    public void write(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    /** What was written and has not left this end for the first time. */
    public long unsentBytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * The reader is done with so many of the received bytes, so that as many more may come.
     *
     * @throws IllegalArgumentException if that is more than was received and not consumed
     */
    public void consumed(int bytes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends the stream in order: what was written still arrives, then the other end learns of it. What the other end still sends is lost. This end
     * hears no more. If the other end takes no bytes for a minute, the rest is given up. Idempotent.
     */
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Ends the stream at once: what has not left this end is lost, and the other end is told by a reset, if it can be reached. Idempotent. */
    public void abort() {
        throw new UnsupportedOperationException();
    }
}
