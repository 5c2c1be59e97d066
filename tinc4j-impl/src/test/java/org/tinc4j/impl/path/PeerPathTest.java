package org.tinc4j.impl.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.Timing;
import org.tinc4j.impl.route.ConfirmedAddresses;
import org.tinc4j.impl.route.Tunnel;

class PeerPathTest {

    private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.1", 655);
    private static final InetSocketAddress THERE = new InetSocketAddress("192.0.2.2", 655);
    private static final long TICK = 250_000_000L;

    private final Tunnel tunnel = new Tunnel(new NodeName("peer"), 1);
    private final ConfirmedAddresses addresses = new ConfirmedAddresses();
    private final PeerPath path = new PeerPath(tunnel, PathSettings.of(Timing.DEFAULT, LinkOptions.DEFAULT), addresses);
    private final List<Integer> remote = new ArrayList<>();
    private final List<Double> remoteTimes = new ArrayList<>();
    private final List<Integer> local = new ArrayList<>();
    private final List<Integer> gratuitous = new ArrayList<>();
    private int trueMtu = 1439;
    private boolean refused;
    private boolean silent;
    private double loss;
    private long rttNanos;
    private final Random random = new Random(42);
    private final List<long[]> replies = new ArrayList<>();
    private long now = 1_000_000_000L;

    PeerPathTest() {
        path.address(HERE, 0);
    }

    private final ProbeSink sink = new ProbeSink() {
        @Override
        public boolean probe(int recordBytes, Target target) {
            if (target == Target.LOCAL) {
                local.add(recordBytes);
                return true;
            }
            if (recordBytes > trueMtu && refused) {
                path.tooLong(recordBytes);
                return false;
            }
            remote.add(recordBytes);
            remoteTimes.add((now - 1_000_000_000L) / 1e9);
            if (recordBytes <= trueMtu && !silent && random.nextDouble() >= loss) {
                replies.add(new long[] {now + rttNanos, recordBytes});
            }
            return true;
        }

        @Override
        public void gratuitousReply(int recordBytes) {
            gratuitous.add(recordBytes);
        }
    };

    private void run(double seconds) {
        run(seconds, true);
    }

    private void run(double seconds, boolean mtuToo) {
        long end = now + (long) (seconds * 1e9);
        while (now < end) {
            path.drive(mtuToo, true, now, sink);
            deliver();
            now += TICK;
            deliver();
            if (path.expired(now)) {
                path.expire();
            }
        }
    }

    private void deliver() {
        for (int i = 0; i < replies.size(); ) {
            if (replies.get(i)[0] <= now) {
                path.onReply((int) replies.remove(i)[1], HERE, 0, now);
            } else {
                i++;
            }
        }
    }

    @Test
    void seeksAPeerEveryTwoSecondsAlsoOnItsOwnNetwork() {
        silent = true;
        run(10);

        assertThat(remote).containsExactly(18, 18, 18, 18, 18);
        assertThat(local).containsExactly(18, 18, 18, 18, 18);
        assertThat(remoteTimes).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0);
        assertThat(path.confirmed()).isFalse();
    }

    @Test
    void aReplyConfirmsAndSlowsTheProbesDown() {
        run(41, false);

        assertThat(path.confirmed()).isTrue();
        assertThat(tunnel.udp().confirmed()).isTrue();
        assertThat(remoteTimes).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0);
    }

    @Test
    void withoutMtuDiscoveryOnlyWhatWasSeenToArriveIsUsed() {
        run(5, false);

        assertThat(path.min()).isEqualTo(18);
    }

    @Test
    void givesAPathUpThirtySecondsAfterTheLastReply() {
        run(5);
        double lastReply = remoteTimes.getLast();
        silent = true;
        run(24);
        assertThat(path.confirmed()).as("last reply at %s", lastReply).isTrue();
        run(8);

        assertThat(path.confirmed()).isFalse();
        assertThat(path.min()).isZero();
        assertThat(tunnel.udp().minBytes()).isZero();
    }

    @Test
    void settlesExactlyAtEveryMtuThereIs() {
        List<String> wrong = new ArrayList<>();
        int most = 0;
        for (int mtu = PeerPath.MIN_MTU; mtu <= 1518; mtu++) {
            PeerPathTest one = new PeerPathTest();
            one.trueMtu = mtu;
            one.run(14);
            most = Math.max(most, one.remote.size());
            if (one.path.min() != mtu || !one.path.settled() || one.path.mtu() != mtu) {
                wrong.add(mtu + " -> " + one.path.min() + (one.path.settled() ? "" : " (not settled)"));
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(most).as("probes").isLessThan(40);
    }

    @Test
    void settlesExactlyWhenTheSystemRefusesWhatIsTooLong() {
        List<Integer> wrong = new ArrayList<>();
        for (int mtu = PeerPath.MIN_MTU; mtu <= 1518; mtu += 7) {
            PeerPathTest one = new PeerPathTest();
            one.trueMtu = mtu;
            one.refused = true;
            one.run(14);
            if (one.path.min() != mtu || !one.path.settled()) {
                wrong.add(mtu);
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void settlesExactlyDespiteLossAndLongRoundTrips() {
        List<String> wrong = new ArrayList<>();
        for (int mtu = 600; mtu <= 1500; mtu += 50) {
            PeerPathTest one = new PeerPathTest();
            one.trueMtu = mtu;
            one.loss = 0.05;
            one.rttNanos = 450_000_000L;
            one.run(600);
            if (one.path.min() != mtu) {
                wrong.add(mtu + " -> " + one.path.min());
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void noticesThatAPathShrankAndMeasuresAgain() {
        run(20);
        assertThat(path.min()).isEqualTo(1439);
        trueMtu = 1219;
        run(100);

        assertThat(path.min()).isEqualTo(1219);
        assertThat(tunnel.mtuBytes()).isEqualTo(1219);
    }

    @Test
    void noticesThatAPathGrew() {
        trueMtu = 1219;
        run(20);
        trueMtu = 1439;
        run(100);

        assertThat(path.min()).isEqualTo(1439);
    }

    @Test
    void aRefusedDatagramLowersTheMtuAtOnce() {
        run(20);
        path.tooLong(1420);

        assertThat(tunnel.udp().minBytes()).isLessThan(1420);
        assertThat(tunnel.mtuBytes()).isEqualTo(1419);
    }

    @Test
    void aPathThatShrankAtThisEndIsMeasuredAtOnce() {
        run(20);
        trueMtu = 1219;
        refused = true;
        path.tooLong(1439);
        path.drive(true, true, now, sink);
        deliver();

        assertThat(path.settled()).isTrue();
        assertThat(path.min()).isEqualTo(1219);
        assertThat(tunnel.mtuBytes()).isEqualTo(1219);
    }

    @Test
    void aRefusalNeverGoesBelowTheSmallestMtu() {
        run(20);
        for (int i = 0; i < 5; i++) {
            path.tooLong(100);
        }

        assertThat(path.min()).isEqualTo(512);
    }

    @Test
    void tellsThePeerUnaskedWhatArrivedOnceEveryNineSeconds() {
        run(1);
        for (int i = 0; i < 30; i++) {
            tunnel.received(700 + i);
            run(1);
        }

        assertThat(gratuitous).hasSizeBetween(3, 4);
        assertThat(gratuitous.getFirst()).isEqualTo(700);
    }

    @Test
    void anotherAddressIsNotConfirmedUntilItAnswers() {
        run(20);
        assertThat(addresses.at(HERE)).isSameAs(tunnel);
        path.address(THERE, 0);
        assertThat(addresses.at(HERE)).isNull();
        assertThat(addresses.at(THERE)).isNull();

        assertThat(path.confirmed()).isFalse();
        assertThat(tunnel.udp().confirmed()).isFalse();
        assertThat(path.min()).isZero();
    }

    @Test
    void aConfiguredLimitHolds() {
        path.limit(1000);
        run(20);

        assertThat(path.mtu()).isEqualTo(1000);
    }

    @Test
    void aProvisionalMtuCountsUntilThePathIsMeasured() {
        path.provisionalMtu(800);
        assertThat(tunnel.mtuBytes()).isEqualTo(800);
        run(20);
        path.provisionalMtu(600);

        assertThat(tunnel.mtuBytes()).isEqualTo(1439);
    }

    @Test
    void aLyingPeerCannotRaiseTheMtuBeyondTheLargestRecord() {
        run(5);
        path.onReply(65535, HERE, 0, now);

        assertThat(path.min()).isEqualTo(1518);
    }

    @Test
    void measuresTheRoundTrip() {
        rttNanos = 500_000_000L;
        run(5, false);

        assertThat(path.rttNanos()).isEqualTo(500_000_000L);
    }
}
