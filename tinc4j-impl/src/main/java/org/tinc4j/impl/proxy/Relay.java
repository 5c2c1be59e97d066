package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Copies between two connections until both directions have ended. The end of a direction is passed on as such, a failure ends both.
 *
 * <p><b>Threads.</b> The caller's, and one for the way back.
 */
final class Relay {

    /**
     * How long a direction may stand still once the other has ended. Whoever has closed his end altogether and whoever has only nothing more
     * to say look alike, and the peer of the first could keep the connection for ever. RFC 5382 section 5 demands four minutes of a NAT.
     */
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final int BUFFER_BYTES = 32 << 10;

    /** One of the two. */
    private static final class Direction {
        final CountDownLatch ended = new CountDownLatch(1);
        volatile long movedBytes;
    }

    private final Socket a;
    private final Socket b;
    private final Duration patience;

    private Relay(Socket a, Socket b, Duration patience) {
        this.a = a;
        this.b = b;
        this.patience = patience;
    }

    /**
     * Copies both ways.
     *
     * @param fromA what is read of the first, which may have been read ahead of
     * @param patience see {@link #PATIENCE}
     * @param job for the name of the second thread
     */
    static void both(InputStream fromA, Socket a, Socket b, Duration patience, BiConsumer<String, Runnable> threads, String job)
            throws IOException {
        // Else a connection whose other host is gone for good would stay.
        a.setKeepAlive(true);
        b.setKeepAlive(true);
        Relay relay = new Relay(a, b, patience);
        Direction there = new Direction();
        Direction back = new Direction();
        InputStream fromB = b.getInputStream();
        threads.accept(job + " back", () -> relay.run(fromB, a, back, there));
        relay.run(fromA, b, there, back);
    }

    private void run(InputStream from, Socket to, Direction own, Direction other) {
        try {
            copy(from, to, own);
            own.ended.countDown();
            awaitEnd(other);
        } catch (IOException e) {
            closeBoth();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeBoth();
        } finally {
            own.ended.countDown();
        }
    }

    private static void copy(InputStream in, Socket to, Direction direction) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            to.getOutputStream().write(buffer, 0, count);
            direction.movedBytes += count;
        }
        if (!to.isClosed() && !to.isOutputShutdown()) {
            to.shutdownOutput();
        }
    }

    private void awaitEnd(Direction other) throws InterruptedException {
        long before = other.movedBytes;
        while (!other.ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            if (other.movedBytes == before) {
                closeBoth();
            }
            before = other.movedBytes;
        }
    }

    private void closeBoth() {
        for (Socket socket : new Socket[] {a, b}) {
            try {
                socket.close();
            } catch (IOException e) {
                // The other is closed all the same.
            }
        }
    }
}
