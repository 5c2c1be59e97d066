package org.tinc4j.impl.datapath;

import org.tinc4j.spi.PacketBuffer;

/** What a buffer of outer datagrams holds: one, or a run of equal lengths of which the last may be shorter. Pure. */
final class Runs {

    private Runs() {}

    /** Bytes of each datagram but the last; of the only one, where it is one. */
    static int datagramBytes(PacketBuffer datagrams) {
        return datagrams.segmentBytes() > 0 ? datagrams.segmentBytes() : datagrams.length();
    }

    /** How many datagrams. */
    static int count(PacketBuffer datagrams) {
        int stepBytes = datagrams.segmentBytes();
        return stepBytes == 0 ? 1 : (datagrams.length() + stepBytes - 1) / stepBytes;
    }
}
