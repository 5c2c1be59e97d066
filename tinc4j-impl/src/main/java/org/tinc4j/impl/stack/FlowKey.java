package org.tinc4j.impl.stack;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.tinc4j.impl.stack.tcp.Flow;
import org.tinc4j.impl.wire.IpPacket;

/**
 * Both ends of a flow as numbers, so that a packet is looked up without making addresses of its bytes.
 *
 * <p><b>Threads.</b> One that is a key of a map is never changed; one that is only used to look up belongs to one thread.
 */
final class FlowKey {

    /** IPv4 addresses lie in the low 32 bits with this above them, where no address of the deprecated range ::/32 is of any use. */
    private static final long IPV4 = 0xffff_4444L << 32;

    private long localHigh;
    private long localLow;
    private long remoteHigh;
    private long remoteLow;
    private int ports;

    /** The key of a flow. */
    static FlowKey of(Flow flow) {
        FlowKey key = new FlowKey();
        key.localHigh = high(flow.localAddress());
        key.localLow = low(flow.localAddress());
        key.remoteHigh = high(flow.remoteAddress());
        key.remoteLow = low(flow.remoteAddress());
        key.ports = flow.localPort() << 16 | flow.remotePort();
        return key;
    }

    private static long high(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? 0 : ByteBuffer.wrap(bytes).getLong(0);
    }

    private static long low(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? IPV4 | ByteBuffer.wrap(bytes).getInt(0) & 0xffff_ffffL : ByteBuffer.wrap(bytes).getLong(8);
    }

    /** The flow of a packet that came: its destination is local. */
    void received(ByteBuffer m, int off, int transportAt) {
        source(m, off);
        long high = localHigh;
        long low = localLow;
        destination(m, off);
        long otherHigh = remoteHigh;
        long otherLow = remoteLow;
        localHigh = otherHigh;
        localLow = otherLow;
        remoteHigh = high;
        remoteLow = low;
        ports = m.getShort(transportAt + 2) << 16 | m.getShort(transportAt) & 0xffff;
    }

    /** The flow of a packet that was sent: its source is local. */
    void sent(ByteBuffer m, int off, int transportAt) {
        source(m, off);
        destination(m, off);
        ports = m.getInt(transportAt);
    }

    private void source(ByteBuffer m, int off) {
        boolean four = IpPacket.version(m, off) == 4;
        localHigh = four ? 0 : IpPacket.sourceHighV6(m, off);
        localLow = four ? IPV4 | IpPacket.sourceV4(m, off) & 0xffff_ffffL : IpPacket.sourceLowV6(m, off);
    }

    private void destination(ByteBuffer m, int off) {
        boolean four = IpPacket.version(m, off) == 4;
        remoteHigh = four ? 0 : IpPacket.destinationHighV6(m, off);
        remoteLow = four ? IPV4 | IpPacket.destinationV4(m, off) & 0xffff_ffffL : IpPacket.destinationLowV6(m, off);
    }

    int localPort() {
        return ports >>> 16;
    }

    int remotePort() {
        return ports & 0xffff;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowKey that
                && ports == that.ports
                && remoteLow == that.remoteLow
                && localLow == that.localLow
                && remoteHigh == that.remoteHigh
                && localHigh == that.localHigh;
    }

    @Override
    public int hashCode() {
        long mixed = (remoteHigh * 31 + remoteLow) * 31 + ports;
        mixed = (mixed * 31 + localHigh) * 31 + localLow;
        // Neighbouring ports and addresses must not fall into neighbouring slots of a table that only looks at low bits.
        mixed *= 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32);
    }
}
