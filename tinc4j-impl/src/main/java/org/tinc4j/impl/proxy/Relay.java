package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/** Copies between two connections until both directions have ended. Threads: the caller's, and one for the way back. */
final class Relay {

    private static final int BUFFER_BYTES = 32 << 10;

    private Relay() {}

    /**
     * Copies both ways; the end of a direction is passed on as such, a failure ends both. Neither is closed otherwise.
     *
     * @param fromA what is read of the first, which may have been read ahead of
     * @param job for the name of the second thread
     */
    static void both(InputStream fromA, Socket a, Socket b, BiConsumer<String, Runnable> threads, String job) throws IOException {
        CountDownLatch back = new CountDownLatch(1);
        threads.accept(job + " back", () -> {
            try {
                copy(b.getInputStream(), a);
            } catch (IOException e) {
                closeBoth(a, b);
            } finally {
                back.countDown();
            }
        });
        try {
            copy(fromA, b);
            back.await();
        } catch (IOException e) {
            closeBoth(a, b);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeBoth(a, b);
        }
    }

    /** One direction to its end. */
    static void copy(InputStream in, Socket to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            to.getOutputStream().write(buffer, 0, count);
        }
        if (!to.isClosed() && !to.isOutputShutdown()) {
            to.shutdownOutput();
        }
    }

    private static void closeBoth(Socket a, Socket b) {
        for (Socket socket : new Socket[] {a, b}) {
            try {
                socket.close();
            } catch (IOException e) {
                // The other is closed all the same.
            }
        }
    }
}
