package org.tinc4j.impl.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.NatKind;

/** What links do to datagrams, one condition at a time. */
class LinksTest {

    private static final int MANY = 10_000;

    private final VirtualTime time = new VirtualTime();
    private final Fabric fabric = new Fabric(time, new SplittableRandom(1), FabricObserver.NONE);
    private final Host a = fabric.host("a");
    private final Host b = fabric.host("b");
    private final Inbox inbox = new Inbox(time);
    private FabricUdp sender;
    private FabricUdp receiver;

    @BeforeEach
    void bind() throws BindException {
        sender = a.bindUdp(655, new Inbox(time));
        receiver = b.bindUdp(655, inbox);
    }

    private void conditions(LinkConditions conditions) {
        fabric.conditions(a, b, conditions);
    }

    private void sendMany() {
        for (int i = 0; i < MANY; i++) {
            send(Integer.toString(i));
            time.advance(Duration.ofNanos(100_000));
        }
        time.advanceMillis(10_000);
    }

    private SendOutcome send(String text) {
        return sender.send(receiver.local(), Inbox.text(text));
    }

    private List<Integer> order() {
        return inbox.texts().stream().map(Integer::valueOf).toList();
    }

    @Test
    void hostsAndBoxesHaveAddressesOfTheirOwn() {
        NatBox first = fabric.nat("first", NatKind.FULL_CONE);
        NatBox second = fabric.nat("second", NatKind.SYMMETRIC);

        assertThat(a.address().getHostAddress()).isEqualTo("198.18.0.1");
        assertThat(b.address().getHostAddress()).isEqualTo("198.18.0.2");
        assertThat(first.address().getHostAddress()).isEqualTo("198.19.0.1");
        assertThat(fabric.host("c", first).address().getHostAddress()).isEqualTo("192.168.0.1");
        assertThat(fabric.host("d", second).address().getHostAddress()).isEqualTo("192.168.1.1");
        assertThat(fabric.host("e", second).address().getHostAddress()).isEqualTo("192.168.1.2");
        for (int i = 2; i < 300; i++) {
            fabric.host("public" + i);
            fabric.host("private" + i, fabric.nat("nat" + i, NatKind.FULL_CONE));
        }
        assertThat(fabric.hosts().stream().map(Host::address)).doesNotHaveDuplicates();
        assertThat(fabric.nats().stream().map(NatBox::address)).doesNotHaveDuplicates();
    }

    @Test
    void datagramArrivesAfterTheLatencyFromItsSender() {
        conditions(LinkConditions.DEFAULT.withLatency(Duration.ofMillis(30)));
        assertThat(send("hello")).isEqualTo(SendOutcome.SENT);
        time.advanceMillis(1000);

        assertThat(inbox.mails).containsExactly(new Inbox.Mail(30_000_000, "hello", sender.local()));
    }

    @Test
    void jitterIsEvenlyDistributedAndReorders() {
        conditions(LinkConditions.DEFAULT.withLatency(Duration.ofMillis(10)).withJitter(Duration.ofMillis(20)));
        long sum = 0;
        for (int i = 0; i < MANY; i++) {
            long sentNanos = time.nowNanos();
            send("x");
            time.advanceMillis(40);
            long delayNanos = inbox.mails.get(i).atNanos() - sentNanos;
            assertThat(delayNanos).isBetween(10_000_000L, 30_000_000L);
            sum += delayNanos;
        }
        assertThat(sum / MANY / 1e6).isCloseTo(20, within(0.3));

        inbox.mails.clear();
        sendMany();
        assertThat(order()).hasSize(MANY).isNotEqualTo(order().stream().sorted().toList());
    }

    @Test
    void lossTakesItsPart() {
        conditions(LinkConditions.DEFAULT.withLoss(0.2));
        sendMany();
        assertThat(inbox.mails.size()).isBetween(7800, 8200);
        assertThat(order()).isSorted();
    }

    @Test
    void duplicationDoublesItsPart() {
        conditions(LinkConditions.DEFAULT.withDuplication(0.1));
        sendMany();
        assertThat(inbox.mails.size()).isBetween(10_850, 11_150);
        assertThat(inbox.texts().stream().distinct()).hasSize(MANY);
    }

    @Test
    void reorderingHoldsItsPartBack() {
        conditions(LinkConditions.DEFAULT.withReordering(0.1));
        sendMany();
        int overtaken = 0;
        int highest = -1;
        for (int number : order()) {
            overtaken += number < highest ? 1 : 0;
            highest = Math.max(highest, number);
        }
        assertThat(inbox.mails).hasSize(MANY);
        assertThat(overtaken).isBetween(850, 1150);
    }

    @Test
    void bandwidthQueuesDatagramsAndDropsWhatWouldWaitTooLong() {
        // 972 bytes and 28 of headers are 8 ms at 1 Mbit/s.
        conditions(LinkConditions.DEFAULT.withBandwidth(1_000_000));
        byte[] bytes = new byte[972];
        for (int i = 0; i < 100; i++) {
            sender.send(receiver.local(), bytes.clone());
        }
        time.advanceMillis(1000);

        assertThat(inbox.mails).hasSize(32);
        assertThat(inbox.mails.get(0).atNanos()).isEqualTo(9_000_000);
        assertThat(inbox.mails.get(1).atNanos()).isEqualTo(17_000_000);
        assertThat(inbox.mails.get(31).atNanos()).isEqualTo(257_000_000);
    }

    @Test
    void bandwidthIsOfEachDirectionAndEachLink() throws BindException {
        conditions(LinkConditions.DEFAULT.withBandwidth(1_000_000));
        Inbox back = new Inbox(time);
        FabricUdp other = a.bindUdp(0, back);
        FabricUdp third = fabric.host("c").bindUdp(655, new Inbox(time));
        sender.send(receiver.local(), new byte[972]);
        receiver.send(other.local(), new byte[972]);
        third.send(receiver.local(), new byte[972]);
        time.advanceMillis(1000);

        assertThat(back.mails.get(0).atNanos()).isEqualTo(9_000_000);
        assertThat(inbox.mails.stream().map(Inbox.Mail::atNanos)).containsExactly(1_000_000L, 9_000_000L);
    }

    @Test
    void longDatagramVanishesInTheNetworkButNotOnTheSendersOwnInterface() {
        conditions(LinkConditions.DEFAULT.withMtu(1400));
        assertThat(sender.send(receiver.local(), new byte[1372])).isEqualTo(SendOutcome.SENT);
        assertThat(sender.send(receiver.local(), new byte[1373])).isEqualTo(SendOutcome.SENT);
        assertThat(sender.send(receiver.local(), new byte[1472])).isEqualTo(SendOutcome.SENT);
        assertThat(sender.send(receiver.local(), new byte[1473])).isEqualTo(SendOutcome.TOO_LONG);
        a.interfaceMtuBytes(1300);
        assertThat(sender.send(receiver.local(), new byte[1273])).isEqualTo(SendOutcome.TOO_LONG);
        time.advanceMillis(1000);

        assertThat(inbox.mails).hasSize(1);
    }

    @Test
    void blockedUdpIsLost() {
        conditions(LinkConditions.DEFAULT.withUdpBlocked(true));
        send("x");
        time.advanceMillis(1000);
        assertThat(inbox.mails).isEmpty();
    }

    @Test
    void conditionsAreOfOneDirectionAndCanBeTakenBack() {
        fabric.conditionsOneWay(a, b, LinkConditions.DEFAULT.withLoss(1));
        assertThat(fabric.conditions(a, b).loss()).isEqualTo(1);
        assertThat(fabric.conditions(b, a)).isEqualTo(LinkConditions.DEFAULT);
        assertThat(fabric.specialLinks())
                .containsExactly(new LinkState(a, b, LinkConditions.DEFAULT.withLoss(1), true, false));
        send("lost");
        fabric.resetConditions(a, b);
        fabric.conditions(LinkConditions.DEFAULT.withLatency(Duration.ofMillis(7)));
        send("arrives");
        time.advanceMillis(1000);

        assertThat(inbox.mails).containsExactly(new Inbox.Mail(7_000_000, "arrives", sender.local()));
        assertThat(fabric.specialLinks()).isEmpty();
        assertThatThrownBy(() -> fabric.conditions(a, a, LinkConditions.DEFAULT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cutLosesWhatIsSentAndWhatIsUnderWayEvenIfHealedBeforeItArrives() {
        conditions(LinkConditions.DEFAULT.withLatency(Duration.ofMillis(100)));
        send("under way");
        time.advanceMillis(50);
        fabric.partition(List.of(a), List.of(b));
        assertThat(fabric.isCut(a, b)).isTrue();
        assertThat(fabric.specialLinks()).extracting(LinkState::cut).containsExactly(true, true);
        send("cut");
        time.advanceMillis(10);
        fabric.heal(List.of(a), List.of(b));
        send("healed");
        time.advanceMillis(1000);

        assertThat(inbox.texts()).containsExactly("healed");
    }

    @Test
    void cutIsOfOneDirectionAndOfTheseGroupsOnly() throws BindException {
        Host c = fabric.host("c");
        FabricUdp third = c.bindUdp(655, new Inbox(time));
        Inbox back = new Inbox(time);
        FabricUdp other = a.bindUdp(0, back);
        fabric.cut(List.of(a, b), List.of(b));
        send("cut");
        third.send(receiver.local(), Inbox.text("from c"));
        receiver.send(receiver.local(), Inbox.text("to itself"));
        receiver.send(other.local(), Inbox.text("back"));
        time.advanceMillis(1000);

        assertThat(inbox.texts()).containsExactlyInAnyOrder("from c", "to itself");
        assertThat(back.texts()).containsExactly("back");
        fabric.healAll();
        assertThat(fabric.isCut(a, b)).isFalse();
    }

    @Test
    void downHostSendsAndReceivesNothingAndComesBackWithoutSockets() throws BindException {
        send("under way");
        fabric.down(b);
        send("down");
        time.advanceMillis(100);
        assertThat(receiver.send(sender.local(), new byte[1])).isEqualTo(SendOutcome.FAILED);
        assertThatThrownBy(() -> b.bindUdp(655, inbox)).isInstanceOf(BindException.class).hasMessageContaining("down");
        fabric.up(b);
        send("no socket");
        time.advanceMillis(100);
        b.bindUdp(655, inbox);
        send("back");
        time.advanceMillis(100);

        assertThat(inbox.texts()).containsExactly("back");
        assertThat(receiver.send(sender.local(), new byte[1])).isEqualTo(SendOutcome.FAILED);
    }

    @Test
    void portIsTakenOnceAndFreedByClose() throws BindException {
        assertThatThrownBy(() -> b.bindUdp(655, inbox)).isInstanceOf(BindException.class).hasMessageContaining("655");
        FabricUdp any = b.bindUdp(0, inbox);
        assertThat(any.local()).isEqualTo(new InetSocketAddress(b.address(), 49152));
        receiver.close();
        receiver.close();
        assertThat(receiver.send(sender.local(), new byte[1])).isEqualTo(SendOutcome.FAILED);
        b.bindUdp(655, inbox);
        any.close();
        assertThat(b.openSockets()).isEqualTo(1);
    }

    @Test
    void nowhereIsReachedByNobody() {
        assertThat(sender.send(new InetSocketAddress("203.0.113.1", 655), new byte[1])).isEqualTo(SendOutcome.SENT);
        assertThat(sender.send(new InetSocketAddress(b.address(), 0), new byte[1])).isEqualTo(SendOutcome.FAILED);
        assertThat(sender.send(InetSocketAddress.createUnresolved("b.example", 655), new byte[1])).isEqualTo(SendOutcome.FAILED);
        time.runOut();
        assertThat(inbox.mails).isEmpty();
    }
}
