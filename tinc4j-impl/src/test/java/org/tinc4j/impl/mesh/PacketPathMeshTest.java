package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tinc4j.Broadcast;
import org.tinc4j.DropReason;
import org.tinc4j.Forwarding;
import org.tinc4j.NodeName;
import org.tinc4j.Tinc;
import org.tinc4j.TincBase64;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.RelayIds;

/** Inner packets and outer datagrams through whole nodes: routed, refused, relayed, cut, broadcast. */
class PacketPathMeshTest {

    private final MeshHarness harness = new MeshHarness(41);
    private MeshTestNode hub;
    private MeshTestNode left;
    private MeshTestNode right;

    private static UnaryOperator<Tinc.Builder> link(boolean indirect, boolean tcpOnly) {
        LinkOptions normal = LinkOptions.DEFAULT;
        return builder -> builder.link(new LinkOptions(
                normal.addressFamily(), indirect, tcpOnly, true, true, true, true, normal.pmtuBytes(), normal.weight(), 32,
                normal.maxOutputBufferBytes(), 10, 0, 0));
    }

    private static UnaryOperator<Tinc.Builder> routing(Forwarding forwarding, Broadcast broadcast, boolean ttl) {
        return builder ->
                builder.routing(new RoutingOptions(forwarding, broadcast, List.of(), ttl, false, true, false, false, false));
    }

    private void threeInARow(UnaryOperator<Tinc.Builder> leaves) {
        hub = harness.node("hub");
        left = harness.node("left", leaves);
        right = harness.node("right", leaves);
        harness.connect(left, hub);
        harness.connect(right, hub);
        assertThat(harness.converge(Duration.ofSeconds(3))).isTrue();
    }

    private void talk(MeshTestNode from, MeshTestNode to, int seconds) {
        for (int i = 0; i < seconds * 5; i++) {
            Packets.sendUdp(harness, from.name.value(), to.name.value(), 100);
            harness.run(Duration.ofMillis(200));
        }
        harness.nodes.values().forEach(node -> {
            node.delivered.clear();
            node.sentUdp.clear();
        });
    }

    private static long drops(MeshTestNode node, DropReason reason) {
        return node.drops().getOrDefault(reason, 0L);
    }

    private static byte[] from(MeshTestNode source, String destination, int bytes) {
        return Packets.udp(Packets.addressOf(source), destination, bytes);
    }

    private void settle() {
        harness.run(Duration.ofMillis(50));
    }

    // ---- Refused ----

    @Test
    void aDestinationNobodyOwnsIsAnsweredByIcmp() {
        threeInARow(builder -> builder);
        left.send(from(left, "10.99.0.1", 100));

        assertThat(left.delivered).singleElement().satisfies(error -> {
            assertThat(error[9]).isEqualTo((byte) 1);
            assertThat(Arrays.copyOfRange(error, 20, 22)).containsExactly(3, 6);
            assertThat(Arrays.copyOfRange(error, 12, 16)).containsExactly(10, 99, 0, 1);
        });
        assertThat(left.drops()).isEqualTo(Map.of(DropReason.NO_SUBNET, 1L));
    }

    @Test
    void anAddressOfOursStaysOursThoughANeighbourClaimsItWithALowerWeight() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave").reachable(hub);
        String own = Packets.addressOf(hub);
        dave.say("10 a1 dave 10.60.0.1");
        dave.say("10 a2 dave " + own + "#1");
        settle();
        hub.delivered.clear();
        dave.session.sendFrame(frame(Packets.udp("10.60.0.1", own, 100)));
        settle();

        assertThat(hub.delivered).hasSize(1);
    }

    @Test
    void aForgedSourceIsDroppedThoughThePacketIsIcmp() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave").reachable(hub);
        dave.say("10 a1 dave 10.60.0.1");
        settle();
        hub.delivered.clear();
        byte[] forged = Packets.udp(Packets.addressOf(left), Packets.addressOf(hub), 100);
        dave.session.sendFrame(frame(forged));
        dave.session.sendFrame(frame(asIcmp(forged, 8)));
        settle();
        assertThat(hub.delivered).isEmpty();
        assertThat(drops(hub, DropReason.FOREIGN_SOURCE)).isEqualTo(2);

        dave.session.sendFrame(frame(asIcmp(forged, 3)));
        settle();
        assertThat(hub.delivered).hasSize(1);
    }

    private static byte[] asIcmp(byte[] packet, int type) {
        byte[] icmp = packet.clone();
        icmp[9] = 1;
        icmp[20] = (byte) type;
        return icmp;
    }

    @Test
    void aNeighbourThatNeverAnnouncedItsEdgeSendsNothing() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave");
        dave.session.sendFrame(frame(Packets.udp("10.60.0.1", "224.0.0.1", 100)));
        settle();

        assertThat(dave.closed).isFalse();
        assertThat(hub.delivered).isEmpty();
    }

    @Test
    void anUnreachableOwnerIsAnsweredByIcmp() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave").reachable(hub);
        dave.say("10 a1 ghost 10.50.0.0/16");
        settle();
        left.send(from(left, "10.50.0.1", 100));

        assertThat(Arrays.copyOfRange(left.delivered.getFirst(), 20, 22)).containsExactly(3, 0);
        assertThat(drops(left, DropReason.UNREACHABLE)).isEqualTo(1);
    }

    @Test
    void icmpErrorsAreThreeASecondWhateverThePathOfThePackets() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave").reachable(hub);
        dave.say("10 a1 dave 10.60.0.1");
        settle();
        hub.delivered.clear();
        for (int i = 0; i < 20; i++) {
            hub.send(from(hub, "10.99.0.1", 100));
            dave.session.sendFrame(frame(Packets.udp("10.60.0.1", "10.99.0.1", 100)));
        }
        settle();

        assertThat(hub.delivered.size() + dave.frames.size()).isEqualTo(3);
        assertThat(drops(hub, DropReason.NO_SUBNET)).isEqualTo(40);
    }

    private static byte[] frame(byte[] packet) {
        byte[] frame = new byte[14 + packet.length];
        frame[12] = 8;
        System.arraycopy(packet, 0, frame, 14, packet.length);
        return frame;
    }

    @Test
    void aNodeMayOnlySendFromItsOwnSubnets() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave").reachable(hub);
        dave.say("10 a1 dave 10.60.0.0/16");
        settle();
        hub.delivered.clear();
        dave.session.sendFrame(frame(Packets.udp("10.60.1.1", "10.0.0.1", 100)));
        dave.session.sendFrame(frame(Packets.udp("10.0.0.2", "10.0.0.1", 100)));
        dave.session.sendFrame(frame(Packets.udp("8.8.8.8", "10.0.0.1", 100)));
        settle();

        assertThat(hub.delivered).hasSize(1);
        assertThat(drops(hub, DropReason.FOREIGN_SOURCE)).isEqualTo(2);
    }

    @Test
    void aPacketIsNotSentBackWhereItCameFrom() {
        threeInARow(builder -> builder);
        Neighbour dave = Neighbour.active(harness, hub, "dave").reachable(hub);
        dave.say("10 a1 dave 10.60.0.0/16");
        settle();
        dave.session.sendFrame(frame(Packets.udp("10.60.1.1", "10.60.1.2", 100)));
        settle();

        assertThat(dave.frames).isEmpty();
        assertThat(drops(hub, DropReason.ROUTING_LOOP)).isEqualTo(1);
    }

    @Test
    void forwardingCanBeSwitchedOff() {
        MeshTestNode bob = harness.node("bob", routing(Forwarding.OFF, Broadcast.SPANNING_TREE, false));
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        carl.say("10 c1 carl 10.61.0.0/16");
        dave.say("10 d1 dave 10.60.0.0/16");
        settle();
        dave.session.sendFrame(frame(Packets.udp("10.60.1.1", "10.61.0.1", 100)));
        settle();

        assertThat(carl.frames).isEmpty();
        assertThat(dave.frames).singleElement().satisfies(frame -> assertThat(Arrays.copyOfRange(frame, 34, 36)).containsExactly(3, 9));
    }

    @Test
    void aForwardedPacketLosesAHopAndTheLastOneIsRefused() {
        MeshTestNode bob = harness.node("bob", routing(Forwarding.INTERNAL, Broadcast.SPANNING_TREE, true));
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        carl.say("10 c1 carl 10.61.0.0/16");
        dave.say("10 d1 dave 10.60.0.0/16");
        settle();
        byte[] packet = Packets.udp("10.60.1.1", "10.61.0.1", 100);
        dave.session.sendFrame(frame(packet));
        packet[8] = 1;
        InternetChecksum.storeV4Header(ByteBuffer.wrap(packet), 0);
        dave.session.sendFrame(frame(packet));
        settle();

        assertThat(carl.frames).singleElement().satisfies(frame -> assertThat(frame[14 + 8]).isEqualTo((byte) 63));
        assertThat(dave.frames).singleElement().satisfies(frame -> assertThat(frame[34]).isEqualTo((byte) 11));
    }

    // ---- Sizes ----

    @Test
    void aPacketTooLargeForItsPathIsRefusedOrCut() {
        threeInARow(builder -> builder);
        talk(left, right, 20);
        assertThat(left.peer(right).path.min()).isEqualTo(1439);
        left.send(Packets.whole(from(left, "10.0.0.3", 1500)));
        settle();
        assertThat(left.delivered).singleElement().satisfies(error -> {
            assertThat(Arrays.copyOfRange(error, 20, 22)).containsExactly(3, 4);
            assertThat(ByteBuffer.wrap(error).getShort(26)).isEqualTo((short) 1425);
        });
        assertThat(right.delivered).isEmpty();
        left.send(from(left, "10.0.0.3", 1500));
        settle();
        assertThat(right.delivered).extracting(packet -> packet.length).containsExactly(1420, 100);
        right.delivered.clear();
        left.send(Packets.whole(from(left, "10.0.0.3", 1425)));
        settle();

        assertThat(right.delivered).extracting(packet -> packet.length).containsExactly(1425);
    }

    @Test
    void theSegmentSizeOfATcpConnectionIsClamped() {
        threeInARow(builder -> builder);
        talk(left, right, 20);
        byte[] syn = Packets.udp(Packets.addressOf(left), "10.0.0.3", 44);
        syn[9] = 6;
        ByteBuffer view = ByteBuffer.wrap(syn);
        view.putInt(32, 0x60020000).putInt(40, 0x020405b4);
        InternetChecksum.storeV4Header(view, 0);
        left.send(syn);
        settle();

        assertThat(ByteBuffer.wrap(right.delivered.getFirst()).getShort(42)).isEqualTo((short) (1439 - 14 - 20 - 20));
    }

    @Test
    void aRefusalOfTheSystemLowersTheMtuOfThePath() {
        threeInARow(builder -> builder);
        talk(left, right, 20);
        harness.nodes.values().forEach(node -> node.host.interfaceMtuBytes(1400));
        for (int i = 0; i < 200; i++) {
            left.send(from(left, "10.0.0.3", left.peer(right).tunnel.mtuBytes() - 14));
            harness.run(Duration.ofMillis(20));
        }

        // The largest packet let through is 14 bytes shorter than the MTU, and fits.
        assertThat(left.peer(right).path.min()).isBetween(1400 - 61, 1400 - 61 + 14);
    }

    @Test
    void packetsThatAreNoPacketsAreCounted() {
        threeInARow(builder -> builder);
        left.send(new byte[0]);
        left.send(new byte[19]);
        left.send(new byte[100]);
        byte[] cut = from(left, "10.0.0.3", 100);
        left.send(Arrays.copyOf(cut, 99));

        assertThat(drops(left, DropReason.MALFORMED_PACKET)).isEqualTo(4);
    }

    // ---- Paths ----

    @Test
    void aRelayPassesADatagramOnByteForByte() {
        threeInARow(link(true, false));
        talk(left, right, 20);
        left.send(from(left, "10.0.0.3", 300));
        settle();
        byte[] sent = left.sentUdp.stream().filter(datagram -> datagram.length == 300 + 33).findFirst().orElseThrow();

        assertThat(ByteBuffer.wrap(sent).getShort()).as("destination id").isNotZero();
        assertThat(hub.sentUdp).anyMatch(datagram -> Arrays.equals(datagram, sent));
        assertThat(right.delivered).hasSize(1);
        assertThat(right.peer(left).path.confirmed()).as("indirect nodes are not probed").isFalse();
    }

    @Test
    void withoutUdpEverythingGoesOverTheMetaConnections() {
        harness.wire(conditions -> conditions.withUdpBlocked(true));
        threeInARow(builder -> builder);
        talk(left, right, 3);
        left.send(from(left, "10.0.0.3", 1400));
        left.send(from(left, "10.0.0.1", 1400));
        settle();

        assertThat(right.delivered).hasSize(1);
        assertThat(hub.delivered).hasSize(1);
    }

    @Test
    void nodesThatUseNoUdpReachEachOtherAndSendNone() {
        threeInARow(link(false, true));
        talk(left, right, 3);
        left.send(from(left, "10.0.0.3", 1400));
        settle();

        assertThat(right.delivered).hasSize(1);
        assertThat(left.sentUdp).isEmpty();
        assertThat(right.sentUdp).isEmpty();
    }

    @Test
    void aNeighbourGetsWhatUdpDoesNotTakeOverTheMetaConnection() {
        threeInARow(builder -> builder);
        talk(left, hub, 20);
        left.send(from(left, "10.0.0.1", 1425));
        settle();
        assertThat(left.sentUdp).extracting(datagram -> datagram.length).contains(1425 + 33);
        left.peer(hub).path.tooLong(1300);
        left.peer(hub).tunnel.mtuBytes(1518);
        left.sentUdp.clear();
        left.send(from(left, "10.0.0.1", 1425));
        settle();

        assertThat(left.sentUdp).isEmpty();
        assertThat(hub.delivered).hasSize(2);
    }

    @Test
    void aSealedDatagramIsNotSentBackOverTheConnectionItCameBy() {
        MeshTestNode bob = harness.node("bob");
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("12 e1 dave ghost 192.0.2.2 655 700000c 10");
        dave.say("12 e2 ghost dave 192.0.2.3 655 700000c 10");
        settle();
        MeshNode ghost = bob.mesh.state().known(new NodeName("ghost"));
        assertThat(bob.mesh.isReachable(ghost.name)).isTrue();
        ByteBuffer packet = ByteBuffer.allocate(12 + 121);
        RelayIds.put(packet, 0, ghost.tunnel.id(), bob.mesh.state().known(carl.name).tunnel.id());
        carl.session.sendSealedPacket(packet.array().clone());
        settle();
        assertThat(dave.sealedPackets).as("relayed for carl").hasSize(1);
        dave.session.sendSealedPacket(packet.array().clone());
        dave.say("15 carl ghost 21 " + TincBase64.encode(new byte[121], 0, 121));
        settle();

        assertThat(dave.sealedPackets).hasSize(1);
        assertThat(drops(bob, DropReason.ROUTING_LOOP)).isEqualTo(2);
    }

    @Test
    void relayedDatagramsAreOnlyTakenFromAConfirmedAddress() {
        threeInARow(link(true, false));
        talk(left, right, 20);
        left.send(from(left, "10.0.0.3", 300));
        byte[] sent = left.sentUdp.stream().filter(datagram -> datagram.length == 300 + 33).findFirst().orElseThrow();
        hub.datagram(sent.clone(), MeshHarness.address("203.0.113.7"));

        assertThat(drops(hub, DropReason.UNKNOWN_SENDER)).isEqualTo(1);
    }

    @Test
    void aDatagramSeenTwiceIsTakenOnce() {
        threeInARow(builder -> builder);
        talk(left, right, 20);
        left.send(from(left, "10.0.0.3", 300));
        settle();
        byte[] sent = left.sentUdp.stream().filter(datagram -> datagram.length == 300 + 33).findFirst().orElseThrow();
        right.datagram(sent.clone(), left.address);

        assertThat(right.delivered).hasSize(1);
        assertThat(drops(right, DropReason.REPLAYED)).isEqualTo(1);
    }

    @Test
    void aBroadcastReachesEveryNodeOfARingOnce() {
        MeshTestNode[] ring = new MeshTestNode[5];
        for (int i = 0; i < ring.length; i++) {
            ring[i] = harness.node("n" + i);
        }
        for (int i = 0; i < ring.length; i++) {
            harness.connect(ring[i], ring[(i + 1) % ring.length]);
        }
        assertThat(harness.converge(Duration.ofSeconds(5))).isTrue();
        harness.run(Duration.ofSeconds(5));
        ring[0].send(from(ring[0], "224.0.0.251", 100));
        harness.run(Duration.ofSeconds(1));

        for (int i = 1; i < ring.length; i++) {
            assertThat(ring[i].delivered).as("node %d", i).hasSize(1);
        }
        assertThat(ring[0].delivered).isEmpty();
    }

    @Test
    void broadcastsCanBeSwitchedOffOrGoToDirectNodesOnly() {
        MeshTestNode none = harness.node("none", routing(Forwarding.INTERNAL, Broadcast.NONE, false));
        MeshTestNode direct = harness.node("direct", routing(Forwarding.INTERNAL, Broadcast.DIRECT, false));
        harness.connect(none, direct);
        assertThat(harness.converge(Duration.ofSeconds(5))).isTrue();
        none.send(from(none, "255.255.255.255", 100));
        direct.send(from(direct, "255.255.255.255", 100));
        settle();

        assertThat(direct.delivered).isEmpty();
        assertThat(none.delivered).hasSize(1);
    }

    // ---- Hostile datagrams ----

    @Test
    void mutatedDatagramsNeitherFailNorDisturb() {
        threeInARow(link(true, false));
        talk(left, right, 20);
        for (int i = 0; i < 20; i++) {
            Packets.sendUdp(harness, "left", "right", 50 + i * 60);
            harness.run(Duration.ofMillis(50));
        }
        List<byte[]> recorded = List.copyOf(left.sentUdp);
        Random random = new Random(99);
        for (int i = 0; i < 20_000; i++) {
            byte[] datagram = recorded.get(random.nextInt(recorded.size())).clone();
            switch (random.nextInt(4)) {
                case 0 -> datagram = Arrays.copyOf(datagram, random.nextInt(datagram.length + 50));
                case 1 -> random.nextBytes(datagram);
                default -> {
                    for (int n = random.nextInt(4); n >= 0; n--) {
                        datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                }
            }
            MeshTestNode target = random.nextBoolean() ? hub : right;
            target.datagram(datagram, random.nextBoolean() ? left.address : hub.address);
        }
        harness.run(Duration.ofSeconds(1));
        hub.delivered.clear();
        right.delivered.clear();
        for (int i = 0; i < 50; i++) {
            Packets.sendUdp(harness, "left", "right", 300);
            harness.run(Duration.ofMillis(100));
        }

        assertThat(right.delivered).as("seed 99").hasSizeGreaterThan(45);
        assertThat(IpPacket.isValid(ByteBuffer.wrap(right.delivered.getFirst()), 0, 300)).isTrue();
        assertThat(right.mesh.state().nodes).hasSize(3);
    }
}
