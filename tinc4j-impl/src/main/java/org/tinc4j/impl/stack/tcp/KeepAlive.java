package org.tinc4j.impl.stack.tcp;

/**
 * Asks a silent peer whether it is still there.
 *
 * <p><b>Source.</b> RFC 9293 section 3.8.4.
 */
final class KeepAlive {

    private boolean on;
    private long idleNanos;
    private long intervalNanos;
    private int count;
    private long heardNanos;
    private int probes;

    KeepAlive(TcpSettings settings, long nowNanos) {
        set(settings.keepAlive(), settings.keepAliveIdleNanos(), settings.keepAliveIntervalNanos(), settings.keepAliveCount());
        heardNanos = nowNanos;
    }

    void set(boolean wanted, long idle, long interval, int most) {
        on = wanted;
        idleNanos = idle;
        intervalNanos = interval;
        count = most;
    }

    /** A segment of the peer's came. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
        probes = 0;
    }

    long deadlineNanos() {
        return on ? Deadlines.in(heardNanos, idleNanos + probes * intervalNanos) : Deadlines.NEVER;
    }

    /** "it MUST NOT interpret failure to respond to any specific probe as a dead connection". */
    boolean exhausted() {
        return probes >= count;
    }

    void probed() {
        probes++;
    }
}
