package org.tinc4j.impl.proxy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * One connection to the proxy, before and after it is known where it leads.
 *
 * <p>What it says until then has to come within one time in all: a limit for each read would never end for a client that sends byte by byte.
 *
 * <p><b>Threads.</b> One until it is connected; from then on one may read while another writes.
 */
final class ProxyClient {

    /** RFC 9112 section 9.6: reading goes on "until receiving a corresponding close by the client", or a reset would overtake the last words. */
    static final Duration LINGER = Duration.ofSeconds(1);

    final Socket socket;
    final PushbackInputStream in;
    private final LocalProxy proxy;
    private volatile boolean hurried = true;
    private volatile long deadlineNanos;
    private boolean placed;

    ProxyClient(Socket socket, LocalProxy proxy) throws IOException {
        this.socket = socket;
        this.proxy = proxy;
        this.deadlineNanos = System.nanoTime() + proxy.patience().toNanos();
        this.in = new PushbackInputStream(new BufferedInputStream(new InTime(socket.getInputStream())), 1);
    }

    /** What comes before the deadline. */
    private final class InTime extends InputStream {

        private final InputStream socketIn;

        InTime(InputStream socketIn) {
            this.socketIn = socketIn;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (hurried) {
                long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    throw new SocketTimeoutException("the request is too long in coming");
                }
                socket.setSoTimeout((int) leftMillis);
            }
            return socketIn.read(into, offset, length);
        }

        @Override
        public int available() throws IOException {
            return socketIn.available();
        }
    }

    /** The first byte, which stays to be read. */
    int first() throws IOException {
        int value = read();
        in.unread(value);
        return value;
    }

    int read() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("the client ended in the middle of its request");
        }
        return value;
    }

    byte[] read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the client ended in the middle of its request");
        }
        return bytes;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Says the last that is said. */
    void end(byte[] bytes) throws IOException {
        write(bytes);
        socket.shutdownOutput();
        deadlineNanos = System.nanoTime() + LINGER.toNanos();
        hurried = true;
        try (OutputStream nowhere = OutputStream.nullOutputStream()) {
            in.transferTo(nowhere);
        }
    }

    boolean knows(String user, String password) {
        return proxy.knows(user, password);
    }

    boolean knows(String password) {
        return proxy.knows(proxy.credentials().user(), password);
    }

    boolean isOfThisProcess() {
        return proxy.isOurs(socket);
    }

    BiConsumer<String, Runnable> threads() {
        return proxy.threads();
    }

    /** Where it leads is known: it has a place among the connections, and all the time it wants. */
    Socket connect(String host, int port) throws IOException {
        proxy.place(socket);
        placed = true;
        hurried = false;
        socket.setSoTimeout(0);
        return proxy.dial(host, port);
    }

    /** Whether it has a place to give back. */
    boolean placed() {
        return placed;
    }

    /** Copies both ways from here on. */
    void relay(Socket server) throws IOException {
        Relay.both(in, socket, server, Relay.PATIENCE, threads(), "proxy");
    }
}
