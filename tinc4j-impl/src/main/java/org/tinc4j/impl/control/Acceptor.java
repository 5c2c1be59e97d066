package org.tinc4j.impl.control;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;

/**
 * Accepts meta connections on one address, no faster than allowed. Runs on a thread of its own.
 *
 * <p>"A leaky bucket of MaxConnectionBurst (10) draining one per second. Loopback sources are exempt."
 */
public final class Acceptor implements Runnable {

    /** A failing accept (no descriptors left, for instance) must not become a busy loop. */
    private static final long FAILURE_PAUSE_MILLIS = 50;

    private final StreamListener listener;
    private final ControlLoop control;
    private final ConnectionBurst burst;
    private final LongSupplier clock;
    private final Logger log;

    public Acceptor(StreamListener listener, ControlLoop control, ConnectionBurst burst, LongSupplier clock, Logger log) {
        this.listener = listener;
        this.control = control;
        this.burst = burst;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void run() {
        while (!listener.isClosed()) {
            try {
                StreamConnection connection = listener.accept();
                if (connection.remote().getAddress().isLoopbackAddress() || burst.admit(clock.getAsLong())) {
                    control.accepted(connection);
                } else {
                    connection.close();
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    log.warn("accept on {} failed: {}", listener.localAddress(), e.getMessage());
                    pause();
                }
            } catch (InterruptedException e) {
                return; // The node is closing.
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(FAILURE_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
