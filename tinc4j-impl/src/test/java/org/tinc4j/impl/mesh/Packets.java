package org.tinc4j.impl.mesh;

import java.nio.ByteBuffer;
import org.tinc4j.NodeName;
import org.tinc4j.impl.wire.InternetChecksum;

/** Inner packets for tests. */
final class Packets {

    private Packets() {}

    /** A UDP packet from one address to another. */
    static byte[] udp(String from, String to, int bytes) {
        ByteBuffer packet = ByteBuffer.allocate(bytes);
        packet.putInt(0, 0x45000000 | bytes);
        packet.putInt(8, 64 << 24 | 17 << 16);
        packet.put(12, ipv4(from)).put(16, ipv4(to));
        packet.putShort(24, (short) (bytes - 20));
        InternetChecksum.storeV4Header(packet, 0);
        return packet.array();
    }

    /** The same with "don't fragment". */
    static byte[] whole(byte[] packet) {
        ByteBuffer.wrap(packet).putShort(6, (short) 0x4000);
        InternetChecksum.storeV4Header(ByteBuffer.wrap(packet), 0);
        return packet;
    }

    static byte[] ipv4(String text) {
        byte[] bytes = new byte[4];
        String[] parts = text.split("\\.");
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    /** The inner address the harness gave a node. */
    static String addressOf(MeshTestNode node) {
        return node.mesh.ownSubnets().iterator().next().inetAddress().getHostAddress();
    }

    static void sendUdp(MeshHarness harness, String from, String to, int bytes) {
        MeshTestNode source = harness.nodes.get(new NodeName(from));
        MeshTestNode target = harness.nodes.get(new NodeName(to));
        source.send(udp(addressOf(source), addressOf(target), bytes));
    }
}
