package org.tinc4j.impl.datapath;

import org.tinc4j.spi.PacketBuffer;

/** What a buffer of outer datagrams holds: one, or a run of equal lengths of which the last may be shorter. Pure. */
final class Runs {

    private Runs() {}

    /** Bytes of each datagram but the last; of the only one, where it is one. */
    static int datagramBytes(PacketBuffer datagrams) {
        return datagrams.segmentBytes() > 0 ? datagrams.segmentBytes() : datagrams.length();
    }

    /** How many datagrams a run has, or how many packets a super-packet stands for. */
    static int count(PacketBuffer run) {
        int stepBytes = run.segmentBytes();
        return stepBytes == 0 ? 1 : Math.max(1, (run.length() - run.headerBytes() + stepBytes - 1) / stepBytes);
    }
}
