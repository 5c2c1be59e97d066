package org.tinc4j.impl.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Two streams of bytes, one each way, reliable and in order. Port. What is written leaves at once, small as it may be.
 *
 * <p><b>Threads.</b> One reads and one writes at a time; any may close. An interrupted virtual thread may find the connection closed.
 */
public interface StreamConnection extends AutoCloseable {

    /**
     * Connects. Blocks until connected, refused, closed, or out of time; to be called once. Where it throws, the caller still closes.
     *
     * @param remote address and port, resolved
     * @param timeoutMillis above 0
     * @throws IOException if refused, closed, or out of time
     */
    void connect(InetSocketAddress remote, int timeoutMillis) throws IOException;

    /** The other end; the same as long as the object lives once it is connected. */
    InetSocketAddress remote();

    /** This end; the same as long as the object lives once it is connected. */
    InetSocketAddress local();

    /**
     * Blocks until there is something to read.
     *
     * @param into borrowed; of length 1 at least
     * @return how many bytes were read, at least 1; -1 when the other end closed and everything was read
     * @throws IOException if the connection broke, or was closed here
     */
    int read(byte[] into) throws IOException;

    /**
     * Blocks until everything was taken, which it is not while the other end does not read.
     *
     * @param bytes borrowed
     * @throws IOException if the connection broke, or was closed at either end
     */
    void write(byte[] bytes) throws IOException;

    /**
     * Ends the connection: what was written before still arrives as long as the other end reads and what it wrote was read here, then
     * it sees the end. Wakes whoever is blocked in {@link #connect}, {@link #read} or {@link #write} with an exception. Idempotent.
     */
    @Override
    void close();
}
