package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Puts datagrams into packets: one, or fragments of the device's MTU, which in IPv4 may be cut further on the way. In IPv6 only the sender cuts,
 * so it does at the size that every path takes.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Source.</b> RFC 768; RFC 8200 sections 4.5 and 5: a node that does not discover the path MTU sends "packets no larger than 1280
 * octets".
 */
final class UdpOutput {

    private static final int V6_PACKET_BYTES = 1280;
    private static final int V6_FRAGMENT_BYTES = 8;
    private static final int V6_FRAGMENT = 44;
    private static final int V4_MORE_FRAGMENTS = 0x2000;

    private final StackDevice device;
    private final AtomicInteger id;

    /**
     * For one host.
     *
     * @param firstId unpredictable
     */
    UdpOutput(StackDevice device, int firstId) {
        this.device = device;
        this.id = new AtomicInteger(firstId);
    }

    /**
     * Sends a datagram.
     *
     * @param data copied
     * @param dscp in its place above the two bits of ECN
     * @return false if it is too long for any packet
     */
    boolean send(byte[] local, int localPort, byte[] remote, int remotePort, byte[] data, int offset, int length, int dscp) {
        int ip = Packets.ipHeaderBytes(local);
        int udpBytes = Packets.UDP_HEADER_BYTES + length;
        int total = ip + udpBytes;
        if (total > Packets.MAX_BYTES) {
            return false;
        }
        int number = id.getAndIncrement();
        if (total > (local.length == 4 ? StackDevice.MTU_BYTES : V6_PACKET_BYTES)) {
            ByteBuffer whole = datagram(local, localPort, remote, remotePort, data, offset, length);
            if (local.length == 4) {
                sendFragmentsV4(local, remote, number, whole, dscp);
            } else {
                sendFragmentsV6(local, remote, number, whole, dscp);
            }
            return true;
        }
        device.send(total, Segmentation.NONE, 0, 0, ip, Packets.UDP_CHECKSUM_AT, (m, at) -> {
            Packets.ip(m, at, local, remote, IpPacket.UDP, total, number & 0xffff, false, dscp);
            m.putInt(at + ip, localPort << 16 | remotePort);
            m.putInt(at + ip + 4, udpBytes << 16);
            m.put(at + ip + Packets.UDP_HEADER_BYTES, data, offset, length);
            Packets.pseudoChecksum(m, at, at + ip, IpPacket.UDP, udpBytes, Packets.UDP_CHECKSUM_AT);
        });
        return true;
    }

    /** The whole datagram behind its IP header, checksum and all. */
    private static ByteBuffer datagram(byte[] local, int localPort, byte[] remote, int remotePort, byte[] data, int offset, int length) {
        int ip = Packets.ipHeaderBytes(local);
        int udpBytes = Packets.UDP_HEADER_BYTES + length;
        ByteBuffer m = ByteBuffer.allocate(ip + udpBytes);
        Packets.ip(m, 0, local, remote, IpPacket.UDP, ip + udpBytes, 0, true);
        m.putInt(ip, localPort << 16 | remotePort);
        m.putInt(ip + 4, udpBytes << 16);
        m.put(ip + Packets.UDP_HEADER_BYTES, data, offset, length);
        long pseudo = InternetChecksum.pseudoHeader(m, 0, IpPacket.UDP, udpBytes);
        int sum = InternetChecksum.finish(pseudo + InternetChecksum.sum(m, ip, udpBytes));
        m.putShort(ip + Packets.UDP_CHECKSUM_AT, (short) (sum == 0 ? 0xffff : sum));
        return m;
    }

    private void sendFragmentsV4(byte[] local, byte[] remote, int number, ByteBuffer whole, int dscp) {
        int ip = IpPacket.V4_HEADER_BYTES;
        int most = StackDevice.MTU_BYTES - ip & ~7;
        int all = whole.capacity() - ip;
        for (int start = 0; start < all; start += most) {
            int from = start;
            int bytes = Math.min(most, all - start);
            int marks = start / 8 | (start + bytes < all ? V4_MORE_FRAGMENTS : 0);
            device.send(ip + bytes, Segmentation.NONE, 0, 0, -1, 0, (m, at) -> {
                Packets.ip(m, at, local, remote, IpPacket.UDP, ip + bytes, number & 0xffff, false, dscp);
                m.putShort(at + 6, (short) marks);
                InternetChecksum.storeV4Header(m, at);
                m.put(at + ip, whole, ip + from, bytes);
            });
        }
    }

    private void sendFragmentsV6(byte[] local, byte[] remote, int number, ByteBuffer whole, int dscp) {
        int ip = IpPacket.V6_HEADER_BYTES;
        int most = V6_PACKET_BYTES - ip - V6_FRAGMENT_BYTES & ~7;
        int all = whole.capacity() - ip;
        for (int start = 0; start < all; start += most) {
            int from = start;
            int bytes = Math.min(most, all - start);
            int more = start + bytes < all ? 1 : 0;
            int total = ip + V6_FRAGMENT_BYTES + bytes;
            device.send(total, Segmentation.NONE, 0, 0, -1, 0, (m, at) -> {
                Packets.ip(m, at, local, remote, V6_FRAGMENT, total, 0, false, dscp);
                m.putInt(at + ip, IpPacket.UDP << 24 | from | more);
                m.putInt(at + ip + 4, number);
                m.put(at + ip + V6_FRAGMENT_BYTES, whole, ip + from, bytes);
            });
        }
    }
}
