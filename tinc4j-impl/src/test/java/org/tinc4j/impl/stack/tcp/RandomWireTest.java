package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transfers in both directions over wires, with buffers and options, that the seed makes up. */
class RandomWireTest {

    private static final long MS = WireSimulation.MS;
    private static final long DAY_NANOS = 86_400_000L * MS;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    private static WireSimulation.Link link(SplittableRandom random) {
        double loss = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.08;
        WireSimulation.Link link = WireSimulation.Link.of(1 + random.nextLong(100 * MS), loss);
        if (random.nextBoolean()) {
            link = link.bottleneck(1_000_000L << random.nextInt(10), 5_000 << random.nextInt(8));
        }
        if (random.nextInt(3) == 0) {
            link = link.reordering(random.nextDouble() * 0.2, 1 + random.nextLong(50 * MS));
        }
        if (random.nextInt(3) == 0) {
            link = link.duplicating(random.nextDouble() * 0.1);
        }
        return random.nextInt(4) == 0 ? link.mtu(600 + random.nextInt(900)) : link;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothStreamsArriveWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TcpSettings settings = TcpSettings.defaults(700 + random.nextInt(1000))
                .withBuffers(2000 << random.nextInt(10), 2000 << random.nextInt(10));
        WireSimulation simulation = new WireSimulation(seed, settings, link(random), link(random));
        simulation.coalescing = random.nextBoolean();
        simulation.client.connection.noDelay(random.nextBoolean());
        int up = 1 + random.nextInt(400_000);
        int down = 1 + random.nextInt(400_000);
        simulation.client.send(up, seed);
        simulation.server.send(down, seed + 1);

        assertThat(simulation.run(DAY_NANOS)).as("seed %d", seed).isTrue();

        assertThat(simulation.server.readBytes).as("seed %d", seed).isEqualTo(up);
        assertThat(simulation.client.readBytes).as("seed %d", seed).isEqualTo(down);
        assertThat(simulation.server.readHash()).isEqualTo(simulation.client.writtenHash());
        assertThat(simulation.client.readHash()).isEqualTo(simulation.server.writtenHash());
        assertThat(simulation.client.connection.state()).as("seed %d", seed).isEqualTo(TcpState.CLOSED);
        assertThat(simulation.server.connection.state()).as("seed %d", seed).isEqualTo(TcpState.CLOSED);
        assertThat(simulation.client.longestPauseNanos).as("seed %d", seed).isLessThan(60_000 * MS);
    }
}
