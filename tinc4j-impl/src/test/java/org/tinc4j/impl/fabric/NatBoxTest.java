package org.tinc4j.impl.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.NatKind;

/** Mapping and filtering of each kind of box, as tables. */
class NatBoxTest {

    private final VirtualTime time = new VirtualTime();
    private final Fabric fabric = new Fabric(time, new SplittableRandom(1), FabricObserver.NONE);

    /** One UDP socket of a host, and what it got. */
    private final class Client {
        final Inbox inbox = new Inbox(time);
        final FabricUdp socket;

        Client(Host host, int port) throws BindException {
            socket = host.bindUdp(port, inbox);
        }

        void send(InetSocketAddress to, String text) {
            socket.send(to, Inbox.text(text));
        }

        InetSocketAddress lastSender() {
            return inbox.mails.getLast().from();
        }
    }

    private void settle() {
        time.advanceMillis(100);
    }

    /** How an inside client appears to another. */
    private InetSocketAddress seenBy(Client server, Client inside) {
        inside.send(server.socket.local(), "who am I");
        settle();
        return server.lastSender();
    }

    @ParameterizedTest
    @CsvSource({"FULL_CONE, true", "RESTRICTED_CONE, true", "PORT_RESTRICTED_CONE, true", "SYMMETRIC, false"})
    void mappingIsTheSameForEveryDestinationOrNot(NatKind kind, boolean same) throws BindException {
        NatBox box = fabric.nat("box", kind);
        Client inside = new Client(fabric.host("inside", box), 655);
        Host outside = fabric.host("outside");
        Client one = new Client(outside, 1000);
        Client other = new Client(outside, 2000);

        InetSocketAddress toOne = seenBy(one, inside);
        InetSocketAddress toOther = seenBy(other, inside);

        assertThat(toOne.getAddress()).isEqualTo(box.address());
        assertThat(toOne.equals(toOther)).isEqualTo(same);
        assertThat(toOne.getPort() == 655).as("port preserved").isEqualTo(same);
        assertThat(seenBy(one, inside)).as("again").isEqualTo(toOne);
        assertThat(box.mappings()).isEqualTo(same ? 1 : 2);
    }

    /** Who may answer a host that has sent to one endpoint only. */
    @ParameterizedTest
    @CsvSource({
        "FULL_CONE,            true, true,  true",
        "RESTRICTED_CONE,      true, true,  false",
        "PORT_RESTRICTED_CONE, true, false, false",
        "SYMMETRIC,            true, false, false",
    })
    void filteringLetsIn(NatKind kind, boolean sameEndpoint, boolean otherPort, boolean otherAddress) throws BindException {
        Client inside = new Client(fabric.host("inside", fabric.nat("box", kind)), 655);
        Host outside = fabric.host("outside");
        Client server = new Client(outside, 1000);
        Client neighbour = new Client(outside, 2000);
        Client stranger = new Client(fabric.host("elsewhere"), 1000);
        InetSocketAddress seen = seenBy(server, inside);

        server.send(seen, "same endpoint");
        neighbour.send(seen, "other port");
        stranger.send(seen, "other address");
        settle();

        assertThat(inside.inbox.texts().contains("same endpoint")).isEqualTo(sameEndpoint);
        assertThat(inside.inbox.texts().contains("other port")).isEqualTo(otherPort);
        assertThat(inside.inbox.texts().contains("other address")).isEqualTo(otherAddress);
    }

    @ParameterizedTest
    @EnumSource
    void nobodyGetsInWhoSendsFirst(NatKind kind) throws BindException {
        NatBox box = fabric.nat("box", kind);
        Client inside = new Client(fabric.host("inside", box), 655);
        Client outside = new Client(fabric.host("outside"), 655);

        outside.send(new InetSocketAddress(box.address(), 655), "unsolicited");
        outside.send(inside.socket.local(), "by private address");
        settle();

        assertThat(inside.inbox.mails).isEmpty();
        assertThat(box.mappings()).isZero();
    }

    /** Both learn from a third how the other appears, send there, and answer whoever they hear from. */
    @ParameterizedTest
    @CsvSource({
        "FULL_CONE, FULL_CONE, true",
        "FULL_CONE, RESTRICTED_CONE, true",
        "FULL_CONE, PORT_RESTRICTED_CONE, true",
        "FULL_CONE, SYMMETRIC, true",
        "RESTRICTED_CONE, RESTRICTED_CONE, true",
        "RESTRICTED_CONE, PORT_RESTRICTED_CONE, true",
        "RESTRICTED_CONE, SYMMETRIC, true",
        "PORT_RESTRICTED_CONE, PORT_RESTRICTED_CONE, true",
        "PORT_RESTRICTED_CONE, SYMMETRIC, false",
        "SYMMETRIC, SYMMETRIC, false",
    })
    void holesCanBePunched(NatKind one, NatKind other, boolean possible) throws BindException {
        for (boolean swapped : new boolean[] {false, true}) {
            Client left = new Client(fabric.host("left", fabric.nat("left box", swapped ? other : one)), 655);
            Client right = new Client(fabric.host("right", fabric.nat("right box", swapped ? one : other)), 655);
            Client server = new Client(fabric.host("server"), 655);
            InetSocketAddress leftSeen = seenBy(server, left);
            InetSocketAddress rightSeen = seenBy(server, right);

            for (int round = 0; round < 3; round++) {
                left.send(left.inbox.mails.isEmpty() ? rightSeen : left.lastSender(), "from left");
                settle();
                right.send(right.inbox.mails.isEmpty() ? leftSeen : right.lastSender(), "from right");
                settle();
            }

            assertThat(left.inbox.texts().contains("from right")).as("left hears").isEqualTo(possible);
            assertThat(right.inbox.texts().contains("from left")).as("right hears").isEqualTo(possible);
        }
    }

    @ParameterizedTest
    @EnumSource
    void mappingLastsTwoMinutesFromTheLastDatagramOut(NatKind kind) throws BindException {
        NatBox box = fabric.nat("box", kind);
        Client inside = new Client(fabric.host("inside", box), 655);
        Client server = new Client(fabric.host("server"), 655);
        InetSocketAddress seen = seenBy(server, inside);
        time.advance(Duration.ofSeconds(100));
        assertThat(seenBy(server, inside)).isEqualTo(seen);

        time.advance(Duration.ofSeconds(119));
        server.send(seen, "in time");
        settle();
        assertThat(inside.inbox.texts()).containsExactly("in time");

        time.advance(Duration.ofSeconds(1));
        server.send(seen, "too late: what comes in does not refresh");
        settle();
        assertThat(inside.inbox.texts()).containsExactly("in time");
        assertThat(box.mappings()).isZero();
        time.runOut();
    }

    @Test
    void permissionToAnswerExpiresWhileTheMappingLives() throws BindException {
        NatBox box = fabric.nat("box", NatKind.PORT_RESTRICTED_CONE);
        Client inside = new Client(fabric.host("inside", box), 655);
        Client old = new Client(fabric.host("old"), 655);
        Client kept = new Client(fabric.host("kept"), 655);
        InetSocketAddress seen = seenBy(old, inside);
        for (int i = 0; i < 3; i++) {
            seenBy(kept, inside);
            time.advance(Duration.ofSeconds(50));
        }

        old.send(seen, "old");
        kept.send(seen, "kept");
        settle();

        assertThat(inside.inbox.texts()).containsExactly("kept");
        assertThat(box.mappings()).isEqualTo(1);
    }

    @Test
    void hostsBehindOneBoxMeetByPrivateAddressAndNotByThatOfTheBox() throws BindException {
        NatBox box = fabric.nat("box", NatKind.FULL_CONE);
        Client one = new Client(fabric.host("one", box), 655);
        Client two = new Client(fabric.host("two", box), 655);
        Client elsewhere = new Client(fabric.host("elsewhere", fabric.nat("other", NatKind.FULL_CONE)), 655);
        Client server = new Client(fabric.host("server"), 655);
        InetSocketAddress oneSeen = seenBy(server, one);
        InetSocketAddress twoSeen = seenBy(server, two);
        assertThat(oneSeen.getPort()).isEqualTo(655);
        assertThat(twoSeen.getPort()).as("655 is taken").isEqualTo(1024);

        two.send(one.socket.local(), "private");
        two.send(oneSeen, "hairpin");
        elsewhere.send(one.socket.local(), "from another private network");
        settle();

        assertThat(one.inbox.texts()).containsExactly("private");
        assertThat(one.lastSender()).isEqualTo(two.socket.local());
    }

    @Test
    void conditionsAndCutsOfTheHostsBehindABoxCount() throws BindException {
        Host insideHost = fabric.host("inside", fabric.nat("box", NatKind.FULL_CONE));
        Client inside = new Client(insideHost, 655);
        Client server = new Client(fabric.host("server"), 655);
        InetSocketAddress seen = seenBy(server, inside);
        Host serverHost = fabric.hosts().get(1);
        fabric.conditionsOneWay(serverHost, insideHost, LinkConditions.DEFAULT.withLatency(Duration.ofMillis(40)));
        long sentNanos = time.nowNanos();
        server.send(seen, "slow");
        settle();
        assertThat(inside.inbox.mails.getLast().atNanos() - sentNanos).isEqualTo(40_000_000);

        fabric.cut(Set.of(serverHost), Set.of(insideHost));
        server.send(seen, "cut");
        settle();
        assertThat(inside.inbox.texts()).containsExactly("slow");
    }
}
