package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Established connections under segments that are mutated, cut, made up and repeated. A mutated segment has a right checksum here, so
 * what it may do is more than on any real wire: end the connection, or stop it until its timers end it. It may not hand the application
 * bytes the peer's did not write, unless it carried them itself.
 */
class TcpFuzzTest {

    private static final long SECOND = 1_000_000_000L;
    private static final TcpSettings SETTINGS =
            TcpSettings.defaults(1400).withBuffers(256 << 10, 128 << 10).withTimeouts(20 * SECOND, 20 * SECOND, 5 * SECOND);
    /** Both buffers with spare chunks, and what one unit of the window adds. */
    private static final long MEMORY_LIMIT = (256 << 10) + (128 << 10) + (400 << 10);

    private static final int BYTES = 300_000;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    /** Mutates headers and options; payload stays that of the stream, so what is read must be what was written. */
    private static WirePacket mutateHeader(WirePacket packet, SplittableRandom random) {
        byte[] options = packet.options().clone();
        int seq = packet.seq();
        int ack = packet.ack();
        int flags = packet.flags();
        int window = packet.window();
        switch (random.nextInt(6)) {
            case 0 -> ack += random.nextInt(-200_000, 200_000);
            case 1 -> ack = random.nextInt();
            case 2 -> flags = random.nextInt(64) & ~TcpFlags.RST & ~TcpFlags.FIN & ~TcpFlags.SYN;
            case 3 -> window = random.nextInt(65536);
            case 4 -> {
                if (options.length > 0) {
                    options[random.nextInt(options.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> flags |= TcpFlags.URG;
        }
        return new WirePacket(seq, ack, flags, window, options, packet.payload());
    }

    private static WirePacket truncate(WirePacket packet, SplittableRandom random) {
        int length = packet.payload().length == 0 ? 0 : random.nextInt(packet.payload().length);
        return new WirePacket(
                packet.seq(),
                packet.ack(),
                packet.flags() & ~TcpFlags.FIN,
                packet.window(),
                packet.options(),
                Arrays.copyOf(packet.payload(), length));
    }

    private static WirePacket blindly(WirePacket packet, SplittableRandom random) {
        byte[] options = new byte[4 * random.nextInt(11)];
        random.nextBytes(options);
        byte[] payload = new byte[random.nextInt(100)];
        return new WirePacket(random.nextInt(), random.nextInt(), random.nextInt(64), random.nextInt(65536), options, payload);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theStreamIsNeverCorruptedByDamagedHeaders(long seed) {
        WireSimulation.Link link = WireSimulation.Link.of(5_000_000, 0.01).bottleneck(50_000_000L, 100_000).duplicating(0.01);
        WireSimulation simulation = new WireSimulation(seed, SETTINGS, link, link);
        SplittableRandom random = new SplittableRandom(seed);
        simulation.server.closeAfterPeer();
        simulation.tamper = (packet, to) -> {
            if (packet.has(TcpFlags.SYN) || random.nextInt(20) != 0) {
                return packet;
            }
            return random.nextInt(3) == 0 ? truncate(packet, random) : mutateHeader(packet, random);
        };
        simulation.client.send(BYTES, seed);

        boolean over = simulation.run(2000 * SECOND);

        assertThat(over).as("ended within its timers, seed %d", seed).isTrue();
        assertThat(simulation.server.isPrefixOfWhat(simulation.client)).as("seed %d", seed).isTrue();
        assertEnded(simulation.client, seed);
        assertEnded(simulation.server, seed);
        if (simulation.client.connection.failure().isEmpty() && simulation.server.connection.failure().isEmpty()) {
            assertThat(simulation.server.readHash()).isEqualTo(simulation.client.writtenHash());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void blindInjectionHarmsNothing(long seed) {
        WireSimulation.Link link = WireSimulation.Link.of(5_000_000, 0.005).bottleneck(50_000_000L, 100_000);
        WireSimulation simulation = new WireSimulation(seed, SETTINGS, link, link);
        SplittableRandom random = new SplittableRandom(seed);
        simulation.server.closeAfterPeer();
        simulation.tamper = (packet, to) -> {
            if (!packet.has(TcpFlags.SYN) && random.nextInt(3) == 0) {
                WirePacket forged = blindly(packet, random);
                simulation.at(simulation.now + random.nextLong(10_000_000), () -> to.receive(forged));
            }
            return packet;
        };
        simulation.client.send(BYTES, seed);

        assertThat(simulation.run(2000 * SECOND)).isTrue();

        assertThat(simulation.server.readHash()).as("seed %d", seed).isEqualTo(simulation.client.writtenHash());
        assertThat(simulation.client.connection.failure()).isEmpty();
        assertThat(simulation.client.maxMemoryBytes).isLessThan(MEMORY_LIMIT);
        assertThat(simulation.server.maxMemoryBytes).isLessThan(MEMORY_LIMIT);
    }

    /** Anything near the connection: no exception, no growth, and an end. */
    @ParameterizedTest
    @MethodSource("seeds")
    void anythingAtAllEndsWithoutHarm(long seed) {
        WireSimulation.Link link = WireSimulation.Link.of(5_000_000, 0.01).bottleneck(50_000_000L, 100_000);
        WireSimulation simulation = new WireSimulation(seed, SETTINGS, link, link);
        SplittableRandom random = new SplittableRandom(seed);
        simulation.server.closeAfterPeer();
        simulation.tamper = (packet, to) -> {
            if (random.nextInt(8) == 0) {
                byte[] bytes = packet.bytes();
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    bytes[random.nextInt(Math.min(bytes.length, 60))] ^= (byte) (1 << random.nextInt(8));
                }
                byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
                simulation.at(simulation.now + random.nextLong(10_000_000), () -> to.receive(cut));
                return random.nextBoolean() ? packet : null;
            }
            return packet;
        };
        simulation.client.send(BYTES, seed);

        assertThat(simulation.run(3000 * SECOND)).as("seed %d", seed).isTrue();

        assertEnded(simulation.client, seed);
    }

    private static void assertEnded(WireEnd end, long seed) {
        assertThat(end.maxMemoryBytes).as("seed %d", seed).isLessThan(MEMORY_LIMIT);
        TcpState state = end.connection.state();
        // A peer that vanished leaves who only reads, or waits for its FIN, without a timer: that is what keep-alive is for.
        assertThat(state).as("seed %d", seed).isIn(TcpState.CLOSED, TcpState.ESTABLISHED, TcpState.FIN_WAIT_2);
        assertThat(end.connection.nextDeadlineNanos()).as("seed %d", seed).isEqualTo(TcpConnection.NEVER);
    }
}
