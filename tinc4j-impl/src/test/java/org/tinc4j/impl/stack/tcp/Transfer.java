package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;

/** A transfer from client to server, and how it went. */
record Transfer(WireSimulation simulation, long bytes, long startNanos) {

    /** A gigabyte at 10 kB/s. */
    private static final long LIMIT_NANOS = 100_000L * 1_000_000_000L;

    static Transfer run(long seed, TcpSettings settings, WireSimulation.Link up, WireSimulation.Link down, long bytes) {
        WireSimulation simulation = new WireSimulation(seed, settings, up, down);
        long start = simulation.now;
        simulation.server.closeAfterPeer();
        simulation.client.send(bytes, seed);
        simulation.run(LIMIT_NANOS);
        return new Transfer(simulation, bytes, start);
    }

    void assertComplete() {
        assertThat(simulation.server.readBytes).isEqualTo(bytes);
        assertThat(simulation.server.readHash()).isEqualTo(simulation.client.writtenHash());
        assertThat(simulation.client.connection.failure()).isEmpty();
        assertThat(simulation.server.connection.failure()).isEmpty();
        assertThat(simulation.client.connection.state()).isEqualTo(TcpState.CLOSED);
        assertThat(simulation.server.connection.state()).isEqualTo(TcpState.CLOSED);
        assertThat(simulation.client.connection.nextDeadlineNanos()).isEqualTo(TcpConnection.NEVER);
    }

    /** Bytes per second. */
    double goodput() {
        return bytes * 1e9 / (simulation.server.lastReadNanos - startNanos);
    }

    long pauseNanos() {
        return simulation.server.longestPauseNanos;
    }

    void report(String what) {
        TcpStatistics statistics = simulation.client.connection.statistics();
        System.out.printf(
                Locale.ROOT,
                "%-45s %9.0f kB/s  longest pause %6d ms  dropped %5d  resent %8d  recoveries %4d  timeouts %3d  probes %3d  spurious %3d"
                        + "  super %d  memory %d%n",
                what,
                goodput() / 1000,
                pauseNanos() / 1_000_000,
                simulation.dropped,
                statistics.bytesRetransmitted(),
                statistics.recoveries(),
                statistics.timeouts(),
                statistics.tailProbes(),
                statistics.spurious(),
                simulation.client.largestPayload,
                simulation.server.maxMemoryBytes);
    }
}
