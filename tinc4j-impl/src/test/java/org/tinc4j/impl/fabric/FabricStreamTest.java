package org.tinc4j.impl.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.NatKind;

/** TCP, one way there 10 ms. */
class FabricStreamTest {

    private static final LinkConditions TEN_MILLIS = LinkConditions.DEFAULT.withLatency(Duration.ofMillis(10));

    private final VirtualTime time = new VirtualTime();
    private final Fabric fabric = new Fabric(time, new SplittableRandom(1), FabricObserver.NONE);
    private final Host a = fabric.host("a");
    private final Host b = fabric.host("b");
    private final StreamLog client = new StreamLog(time);
    private final StreamLog server = new StreamLog(time);
    private FabricListener listener;

    @BeforeEach
    void listen() throws BindException {
        fabric.conditions(TEN_MILLIS);
        listener = b.listen(655, server);
    }

    /** Whatever a test did: when all is closed and time goes on, nothing is left. */
    @AfterEach
    void nothingIsLeft() {
        fabric.healAll();
        for (Host host : fabric.hosts()) {
            fabric.up(host);
        }
        for (FabricStream stream : new FabricStream[] {client.stream, server.stream}) {
            if (stream != null) {
                stream.abort();
            }
        }
        listener.close();
        time.runOut();
        assertThat(fabric.hosts()).allMatch(host -> host.openSockets() == 0);
        assertThat(fabric.nats()).allMatch(box -> box.mappings() == 0);
    }

    private FabricStream dial() throws BindException {
        return a.connect(listener.local(), client);
    }

    private void connect() throws BindException {
        dial();
        time.advanceMillis(100);
        assertThat(client.events).containsExactly("20 connected");
        assertThat(server.events).containsExactly("30 accepted");
        client.events.clear();
        server.events.clear();
    }

    private static byte[] random(int bytes) {
        byte[] data = new byte[bytes];
        new SplittableRandom(7).nextBytes(data);
        return data;
    }

    @Test
    void connectsInOneRoundTripAndKnowsBothEnds() throws BindException {
        FabricStream dialled = dial();
        assertThatThrownBy(() -> dialled.write(new byte[1])).isInstanceOf(IllegalStateException.class);
        time.advanceMillis(100);

        assertThat(client.events).containsExactly("20 connected");
        assertThat(server.events).containsExactly("30 accepted");
        assertThat(client.stream).isSameAs(dialled);
        assertThat(client.stream.remote()).isEqualTo(new InetSocketAddress(b.address(), 655)).isEqualTo(server.stream.local());
        assertThat(client.stream.local()).isEqualTo(server.stream.remote());
    }

    @Test
    void refusesWhereNobodyListens() throws BindException {
        listener.close();
        dial();
        time.advanceMillis(100);
        assertThat(client.events).containsExactly("20 refused");
    }

    @Test
    void resetsWhenTheListenerClosesBeforeTheHandshakeEnds() throws BindException {
        dial();
        time.advanceMillis(25);
        listener.close();
        time.advanceMillis(100);
        assertThat(client.events).containsExactly("20 connected", "40 reset by peer");
        assertThat(server.events).isEmpty();
    }

    @Test
    void timesOutWhereNothingComesBack() throws BindException {
        NatBox box = fabric.nat("box", NatKind.FULL_CONE);
        Host inside = fabric.host("inside", box);
        inside.listen(655, server);
        Host off = fabric.host("off");
        fabric.down(off);
        Host cut = fabric.host("cut");
        fabric.cut(List.of(cut), List.of(a));
        cut.listen(655, server);
        for (InetSocketAddress nowhere : List.of(
                new InetSocketAddress("203.0.113.1", 655),
                new InetSocketAddress(box.address(), 655),
                new InetSocketAddress(inside.address(), 655),
                new InetSocketAddress(off.address(), 655),
                new InetSocketAddress(cut.address(), 655))) {
            StreamLog log = new StreamLog(time);
            long startMillis = time.millis();
            a.connect(nowhere, log);
            time.advance(Duration.ofSeconds(6));
            assertThat(log.events).as(nowhere.toString()).containsExactly(startMillis + 5000 + " timed out");
        }
        assertThat(server.events).isEmpty();
        assertThat(a.openSockets()).isZero();
        fabric.down(cut);
        fabric.down(inside);
    }

    @Test
    void givingUpEarlierLeavesNothingAtTheOtherEnd() throws BindException {
        dial().abort();
        time.advanceMillis(100);
        dial();
        time.advanceMillis(15);
        a.connect(listener.local(), client).abort();
        fabric.down(a);
        time.advance(Duration.ofSeconds(6));

        assertThat(client.events).isEmpty();
        assertThat(server.events).isEmpty();
        assertThat(b.openSockets()).as("the listener").isEqualTo(1);
    }

    @Test
    void carriesBytesBothWaysAfterTheLatencyAndInOrder() throws BindException {
        connect();
        client.stream.write(Inbox.text("one "));
        client.stream.write(Inbox.text("two "));
        server.stream.write(Inbox.text("back"));
        time.advanceMillis(9);
        assertThat(server.text()).isEmpty();
        time.advanceMillis(1);
        client.stream.write(Inbox.text("three"));
        time.advanceMillis(10);

        assertThat(server.text()).isEqualTo("one two three");
        assertThat(client.text()).isEqualTo("back");
    }

    @Test
    void acceptorMayWriteOrAbortAtOnce() throws BindException {
        b.listen(1, stream -> {
            stream.write(Inbox.text("hello"));
            stream.close();
            return server;
        });
        b.listen(2, stream -> {
            stream.abort();
            return server;
        });
        a.connect(new InetSocketAddress(b.address(), 1), client);
        StreamLog aborted = new StreamLog(time);
        a.connect(new InetSocketAddress(b.address(), 2), aborted);
        time.advanceMillis(100);

        assertThat(client.text()).isEqualTo("hello");
        assertThat(client.events).containsExactly("20 connected", "40 closed by peer");
        assertThat(aborted.events).containsExactly("20 connected", "40 reset by peer");
        assertThat(server.events).isEmpty();
        assertThat(b.openSockets()).isEqualTo(3);
        fabric.down(b);
    }

    @Test
    void lossDelaysByRetransmissionAndKeepsTheOrder() throws BindException {
        connect();
        fabric.conditions(TEN_MILLIS.withLoss(1));
        client.stream.write(Inbox.text("lost "));
        fabric.conditions(TEN_MILLIS);
        client.stream.write(Inbox.text("later"));
        time.advanceMillis(209);
        assertThat(server.text()).isEmpty();
        time.advanceMillis(1);
        assertThat(server.text()).isEqualTo("lost later");
    }

    @Test
    void retransmissionsDoubleUpToASecond() throws BindException {
        connect();
        fabric.conditions(TEN_MILLIS.withLoss(1));
        client.stream.write(Inbox.text("x"));
        time.advanceMillis(200 + 400 + 800 + 1000 + 1000 - 1);
        fabric.conditions(TEN_MILLIS);
        time.advanceMillis(1 + 9);
        assertThat(server.text()).isEmpty();
        time.advanceMillis(1);
        assertThat(server.text()).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void muchArrivesIntactOverABadLink(long seed) throws BindException {
        Fabric bad = new Fabric(time, new SplittableRandom(seed), FabricObserver.NONE);
        bad.conditions(TEN_MILLIS.withJitter(Duration.ofMillis(20)).withLoss(0.05).withDuplication(0.1).withReordering(0.1).withMtu(1280));
        Host left = bad.host("left");
        Host right = bad.host("right");
        FabricListener there = right.listen(655, server);
        left.connect(there.local(), client);
        time.advance(Duration.ofSeconds(5));
        byte[] data = random(1_000_000);
        client.stream.write(data.clone());
        server.stream.write(data.clone());
        for (int i = 0; i < 20; i++) {
            time.advanceMillis(500);
            bad.partition(List.of(left), List.of(right));
            time.advanceMillis(300);
            bad.healAll();
        }
        time.advance(Duration.ofSeconds(100));
        client.stream.close();
        time.advance(Duration.ofSeconds(5));

        assertThat(ContentHash.of(server.received.toByteArray())).isEqualTo(ContentHash.of(data));
        assertThat(ContentHash.of(client.received.toByteArray())).isEqualTo(ContentHash.of(data));
        assertThat(server.events.getLast()).endsWith("closed by peer");
        assertThat(left.openSockets()).isZero();
        assertThat(right.openSockets()).isEqualTo(1);
    }

    @Test
    void cutStallsAndHealingGoesOnWithinASecond() throws BindException {
        connect();
        client.stream.write(Inbox.text("under way "));
        time.advanceMillis(5);
        fabric.partition(List.of(a), List.of(b));
        client.stream.write(Inbox.text("cut "));
        time.advance(Duration.ofSeconds(100));
        assertThat(server.text()).isEmpty();
        client.stream.write(Inbox.text("still cut "));
        fabric.heal(List.of(a), List.of(b));
        client.stream.write(Inbox.text("healed"));
        time.advanceMillis(1000 + 20);

        assertThat(server.text()).isEqualTo("under way cut still cut healed");
        assertThat(client.events).isEmpty();
        assertThat(server.events).isEmpty();
    }

    @Test
    void cutOfOneDirectionStopsTheOtherWhenItsWindowIsUsedUp() throws BindException {
        connect();
        fabric.cut(List.of(b), List.of(a));
        client.stream.write(random(200_000));
        server.stream.write(Inbox.text("stuck"));
        time.advance(Duration.ofSeconds(10));
        assertThat(server.received.size()).isEqualTo(FabricStream.WINDOW_BYTES);
        assertThat(client.text()).isEmpty();

        fabric.healOneWay(List.of(b), List.of(a));
        time.advanceMillis(1200);
        assertThat(server.received.size()).isEqualTo(200_000);
        assertThat(client.text()).isEqualTo("stuck");
    }

    @Test
    void givesUpAfterAQuarterOfAnHour() throws BindException {
        connect();
        fabric.partition(List.of(a), List.of(b));
        client.stream.write(Inbox.text("x"));
        time.advance(Duration.ofMinutes(14));
        assertThat(client.events).isEmpty();
        time.advance(Duration.ofMinutes(2));
        assertThat(client.events).hasSize(1).first().asString().endsWith("timed out");
        assertThat(a.openSockets()).isZero();
    }

    @Test
    void readerThatDoesNotReadStopsTheWriter() throws BindException {
        StreamLog idle = new StreamLog(time, false);
        FabricListener other = b.listen(0, idle);
        a.connect(other.local(), client);
        time.advanceMillis(100);
        client.stream.write(random(200_000));
        assertThat(client.stream.unsentBytes()).isEqualTo(200_000 - FabricStream.WINDOW_BYTES);
        time.advance(Duration.ofSeconds(10));
        assertThat(idle.received.size()).isEqualTo(FabricStream.WINDOW_BYTES);
        assertThat(client.stream.unsentBytes()).isEqualTo(200_000 - FabricStream.WINDOW_BYTES);
        assertThatThrownBy(() -> idle.stream.consumed(FabricStream.WINDOW_BYTES + 1)).isInstanceOf(IllegalArgumentException.class);

        idle.stream.consumed(FabricStream.WINDOW_BYTES);
        time.advanceMillis(100);
        assertThat(idle.received.size()).isEqualTo(2 * FabricStream.WINDOW_BYTES);
        assertThat(client.events).as("68928 bytes are too many").containsExactly("20 connected");
        idle.stream.consumed(FabricStream.WINDOW_BYTES);
        time.advanceMillis(100);
        assertThat(client.stream.unsentBytes()).isEqualTo(200_000 - 3 * FabricStream.WINDOW_BYTES);
        assertThat(client.events.getLast()).endsWith("writable");
        idle.stream.consumed(FabricStream.WINDOW_BYTES);
        time.advanceMillis(100);
        assertThat(idle.received.size()).isEqualTo(200_000);

        client.stream.abort();
        other.close();
        time.advanceMillis(100);
        assertThat(idle.events.getLast()).endsWith("reset by peer");
    }

    @Test
    void smallWritesForEverNeverStall() throws BindException {
        connect();
        for (int i = 0; i < 10_000; i++) {
            client.stream.write(new byte[50]);
            time.advanceMillis(1);
        }
        time.advanceMillis(100);
        assertThat(server.received.size()).isEqualTo(500_000);
    }

    @Test
    void bandwidthLimitsBulkAndLeavesRoomForDatagrams() throws BindException {
        connect();
        fabric.conditions(a, b, TEN_MILLIS.withBandwidth(1_000_000));
        Inbox inbox = new Inbox(time);
        FabricUdp receiver = b.bindUdp(655, inbox);
        FabricUdp sender = a.bindUdp(655, new Inbox(time));
        client.stream.write(new byte[1_000_000]);
        long startMillis = time.millis();
        while (server.received.size() < 1_000_000) {
            sender.send(receiver.local(), new byte[10]);
            time.advanceMillis(100);
        }

        // 8.2 s for TCP with its headers.
        assertThat(time.millis() - startMillis).isBetween(8200L, 8600L);
        assertThat(inbox.mails.size()).isGreaterThan(80);
        sender.close();
        receiver.close();
    }

    @Test
    void closeDeliversWhatWasWrittenAndThenTells() throws BindException {
        connect();
        byte[] data = random(300_000);
        client.stream.write(data.clone());
        client.stream.close();
        client.stream.close();
        server.stream.write(Inbox.text("nobody hears this"));
        time.advanceMillis(1000);

        assertThat(server.received.toByteArray()).isEqualTo(data);
        assertThat(server.events).hasSize(1).first().asString().endsWith("closed by peer");
        assertThat(client.events).isEmpty();
        assertThat(client.received.size()).isZero();
        assertThat(a.openSockets()).isZero();
        assertThat(b.openSockets()).as("the listener").isEqualTo(1);
        server.stream.write(new byte[1]);
        server.stream.close();
    }

    @Test
    void closedWriterOfMuchDoesNotWaitForAnEndThatWritesMuchItself() throws BindException {
        connect();
        server.stream.write(random(1_000_000));
        client.stream.write(Inbox.text("last words"));
        client.stream.close();
        time.advanceMillis(1000);
        assertThat(server.text()).isEqualTo("last words");
        assertThat(server.events).containsExactly("110 closed by peer");
        assertThat(b.openSockets()).isEqualTo(1);
    }

    @Test
    void bothMayCloseAtOnce() throws BindException {
        connect();
        client.stream.close();
        server.stream.close();
        time.advanceMillis(100);
        assertThat(client.events).isEmpty();
        assertThat(server.events).isEmpty();
        assertThat(a.openSockets()).isZero();
    }

    @Test
    void closeOverACutIsGivenUpAfterAMinuteAndTheOtherEndLearnsWhenItSends() throws BindException {
        connect();
        fabric.partition(List.of(a), List.of(b));
        client.stream.write(new byte[10]);
        client.stream.close();
        time.advance(Duration.ofSeconds(59));
        assertThat(a.openSockets()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(a.openSockets()).isZero();
        fabric.healAll();
        time.advance(Duration.ofSeconds(10));
        assertThat(server.events).isEmpty();

        server.stream.write(new byte[1]);
        time.advanceMillis(20);
        assertThat(server.events).containsExactly("70120 reset by peer");
    }

    @Test
    void abortResetsTheOtherEndAfterWhatIsUnderWay() throws BindException {
        connect();
        client.stream.write(Inbox.text("under way"));
        client.stream.write(random(2 * FabricStream.WINDOW_BYTES));
        client.stream.abort();
        client.stream.abort();
        server.stream.write(new byte[1]);
        assertThat(a.openSockets()).isZero();
        time.advanceMillis(100);

        assertThat(server.received.size()).isEqualTo(FabricStream.WINDOW_BYTES);
        assertThat(server.events).containsExactly("110 reset by peer");
        assertThat(client.events).isEmpty();
    }

    @Test
    void resetComesLateOverALossyLinkAndNotAtAllOverACut() throws BindException {
        connect();
        fabric.conditions(TEN_MILLIS.withLoss(0.5));
        client.stream.abort();
        time.advanceMillis(2000);
        assertThat(server.events).hasSize(1);

        fabric.conditions(TEN_MILLIS);
        server.events.clear();
        dial();
        time.advanceMillis(100);
        fabric.partition(List.of(a), List.of(b));
        client.stream.abort();
        fabric.healAll();
        time.advance(Duration.ofSeconds(100));
        assertThat(server.events).containsExactly("2130 accepted");
        server.stream.write(new byte[1]);
        time.advanceMillis(20);
        assertThat(server.events.getLast()).endsWith("reset by peer");
    }

    @Test
    void peerOfADownHostLearnsByAResetOnceItSendsAndTheHostIsUpAgain() throws BindException {
        connect();
        fabric.down(b);
        time.advance(Duration.ofSeconds(30));
        assertThat(client.events).isEmpty();
        client.stream.write(Inbox.text("x"));
        time.advance(Duration.ofSeconds(30));
        assertThat(client.events).isEmpty();
        assertThat(server.events).isEmpty();

        fabric.up(b);
        listener = b.listen(655, server);
        time.advanceMillis(1020);
        assertThat(client.events).hasSize(1).first().asString().endsWith("reset by peer");
        assertThat(server.events).isEmpty();
        assertThat(server.text()).isEmpty();
    }

    @Test
    void dialsOutThroughANatBoxAndShowsItsAddress() throws BindException {
        NatBox box = fabric.nat("box", NatKind.SYMMETRIC);
        Host inside = fabric.host("inside", box);
        Host second = fabric.host("second", box);
        inside.connect(listener.local(), client);
        StreamLog other = new StreamLog(time);
        second.connect(listener.local(), other);
        time.advanceMillis(25);
        assertThat(box.mappings()).isEqualTo(2);
        time.advanceMillis(100);
        assertThat(server.stream.remote()).isEqualTo(new InetSocketAddress(box.address(), 1024));
        server.stream.write(Inbox.text("to the second"));
        time.advanceMillis(100);
        assertThat(other.text()).isEqualTo("to the second");
        other.stream.close();

        FabricListener local = second.listen(655, server);
        inside.connect(local.local(), other);
        time.advanceMillis(100);
        assertThat(server.stream.remote().getAddress()).as("privately").isEqualTo(inside.address());
        fabric.down(second);
        client.stream.abort();
        other.stream.abort();
        fabric.up(second);
    }

    @Test
    void hostReachesItself() throws BindException {
        b.connect(listener.local(), client);
        time.advanceMillis(0);
        client.stream.write(random(100_000));
        client.stream.close();
        time.advanceMillis(0);
        assertThat(server.received.size()).isEqualTo(100_000);
        assertThat(server.events).containsExactly("0 accepted", "0 closed by peer");
    }
}
