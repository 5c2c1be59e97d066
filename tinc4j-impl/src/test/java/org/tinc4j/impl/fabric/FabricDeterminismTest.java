package org.tinc4j.impl.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.NatKind;

/** The same seed and calls, the same events; and afterwards nothing is left. */
class FabricDeterminismTest {

    /** Twelve hosts, some behind boxes, that send to and dial each other, are cut, healed, downed, under all conditions at once. */
    private static final class Chaos {
        final VirtualTime time = new VirtualTime();
        final Random random;
        final Fabric fabric;
        final List<String> trace = new ArrayList<>();
        final List<FabricUdp> sockets = new ArrayList<>();
        final List<FabricStream> streams = new ArrayList<>();

        Chaos(long seed, boolean observed) throws BindException {
            random = new Random(seed);
            FabricObserver observer = (what, from, to, payload, note) -> trace.add(time.nowNanos() + " " + what.text() + " " + from + ">" + to + " "
                    + payload.length + " " + ContentHash.of(payload) + " " + note);
            fabric = new Fabric(time, random, observed ? observer : FabricObserver.NONE);
            fabric.conditions(LinkConditions.DEFAULT
                    .withJitter(Duration.ofMillis(3))
                    .withLoss(0.05)
                    .withDuplication(0.05)
                    .withReordering(0.05)
                    .withBandwidth(20_000_000));
            for (NatKind kind : NatKind.values()) {
                NatBox box = fabric.nat("nat " + kind, kind);
                fabric.host("public " + kind);
                fabric.host("one " + kind, box);
                fabric.host("two " + kind, box);
            }
            for (Host host : fabric.hosts()) {
                open(host);
            }
        }

        private void open(Host host) throws BindException {
            sockets.add(host.bindUdp(655, (bytes, from) -> {
                if (bytes.length > 100 && host.udp(655) != null) {
                    host.udp(655).send(from, new byte[bytes.length / 2]);
                }
            }));
            host.listen(655, stream -> {
                stream.write(new byte[random.nextInt(100_000)]);
                return new Talker(stream);
            });
        }

        /** One end: says something once it is connected, and reads what it gets. */
        private final class Talker implements StreamSink {
            private FabricStream stream;

            Talker(FabricStream accepted) {
                stream = accepted;
            }

            @Override
            public void connected(FabricStream made) {
                stream = made;
                streams.add(made);
                made.write(new byte[random.nextInt(100_000)]);
            }

            @Override
            public void failed(StreamEnd reason) {}

            @Override
            public void received(byte[] bytes) {
                stream.consumed(bytes.length);
            }

            @Override
            public void writable() {
                stream.write(new byte[10]);
            }

            @Override
            public void closed(StreamEnd reason) {}
        }

        private Host any() {
            return fabric.hosts().get(random.nextInt(fabric.hosts().size()));
        }

        Chaos run(int steps) throws BindException {
            for (int i = 0; i < steps; i++) {
                step(any(), any(), random.nextInt(100));
                time.advanceMillis(random.nextInt(20));
            }
            return this;
        }

        private void step(Host host, Host other, int dice) throws BindException {
            InetSocketAddress to = new InetSocketAddress(other.nat().isEmpty() ? other.address() : other.nat().get().address(), 655);
            if (dice < 50) {
                sockets.get(random.nextInt(sockets.size())).send(to, new byte[random.nextInt(1472)]);
            } else if (dice < 75 && host.isUp()) {
                streams.add(host.connect(to, new Talker(null)));
            } else if (dice < 82 && !streams.isEmpty()) {
                streams.get(random.nextInt(streams.size())).close();
            } else if (dice < 85 && !streams.isEmpty()) {
                streams.get(random.nextInt(streams.size())).abort();
            } else if (dice < 88) {
                fabric.partition(List.of(host), List.of(other));
            } else if (dice < 93) {
                fabric.healAll();
            } else if (dice < 95) {
                fabric.down(host);
            } else if (!host.isUp()) {
                fabric.up(host);
                open(host);
            }
        }

        void closeAll() {
            fabric.healAll();
            fabric.hosts().forEach(fabric::down);
            fabric.hosts().forEach(fabric::up);
            time.runOut();
        }
    }

    @Test
    void sameSeedSameEventsAnotherSeedOthers() throws BindException {
        List<String> first = new Chaos(1, true).run(2000).trace;
        List<String> again = new Chaos(1, true).run(2000).trace;
        List<String> other = new Chaos(2, true).run(2000).trace;

        assertThat(first.size()).isGreaterThan(5000);
        assertThat(String.join("\n", first)).isEqualTo(String.join("\n", again)).isNotEqualTo(String.join("\n", other));
        for (FabricEvent event : FabricEvent.values()) {
            if (event != FabricEvent.NAT_EXPIRED) {
                assertThat(first.stream().filter(line -> line.contains(event.text())).count()).as(event.text()).isPositive();
            }
        }
    }

    @Test
    void lookingOnChangesNothing() throws BindException {
        Chaos observed = new Chaos(3, true).run(2000);
        Chaos alone = new Chaos(3, false).run(2000);

        assertThat(alone.time.events()).isEqualTo(observed.time.events());
        assertThat(alone.random.nextLong()).isEqualTo(observed.random.nextLong());
    }

    @Test
    void nothingIsLeftWhenAllIsClosed() throws BindException {
        for (long seed = 1; seed <= 20; seed++) {
            Chaos chaos = new Chaos(seed, false).run(1000);
            chaos.closeAll();

            assertThat(chaos.time.pending()).isZero();
            assertThat(chaos.fabric.hosts()).as("seed " + seed).allMatch(host -> host.openSockets() == 0);
            assertThat(chaos.fabric.nats()).as("seed " + seed).allMatch(box -> box.mappings() == 0);
        }
    }
}
