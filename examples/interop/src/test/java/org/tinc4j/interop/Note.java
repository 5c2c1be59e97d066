package org.tinc4j.interop;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Remarks of tshark's expert that have a place in one {@link Flow} or another. Whatever else it remarks has none. */
enum Note {
    CLOSES("This frame initiates the connection closing"),
    CLOSES_TOO("This frame undergoes the connection closing"),
    RESET("Connection reset (RST)"),
    WINDOW_FULL("TCP window specified by the receiver is now completely full"),
    ZERO_WINDOW("TCP Zero Window segment"),
    ZERO_WINDOW_PROBE("TCP Zero Window Probe"),
    ZERO_WINDOW_PROBE_ANSWER("ACK to a TCP Zero Window Probe"),
    /** A byte that was acknowledged, or none, below what comes next; what both stacks here probe a closed window with, too. */
    KEEPALIVE("TCP keep-alive segment"),
    KEEPALIVE_ANSWER("ACK to a TCP keep-alive segment"),
    /** Something is sent again. Only a timer may do that here: see {@link FlowJudge}. */
    REPEATED("This frame is a (suspected) retransmission"),
    REPEATED_NEEDLESSLY("This frame is a (suspected) spurious retransmission"),
    /** What the other side says to something that it has already. */
    KNOWN("D-SACK Sequence"),
    KNOWN_TOO("Duplicate ACK (#"),
    /** The same number in other words; the kernel writes it, as UDP demands of it, to TCP too. */
    OTHER_ZERO("TCP Checksum 0xffff instead of 0x0000");

    /** Both ends close. */
    static final Set<Note> CLOSING = closingAnd();

    /** Who reads is sometimes behind. */
    static final Set<Note> BUSY_READER = EnumSet.of(WINDOW_FULL, ZERO_WINDOW);

    /** A window is probed until it opens. */
    static final Set<Note> PROBED_WINDOW = EnumSet.of(ZERO_WINDOW_PROBE, ZERO_WINDOW_PROBE_ANSWER, KEEPALIVE_ANSWER);

    /** A timer ran out although nothing was lost: no more of the others than of the first. */
    static final Set<Note> BY_TIMER = EnumSet.of(REPEATED, REPEATED_NEEDLESSLY, KNOWN, KNOWN_TOO);

    private final String text;

    Note(String text) {
        this.text = text;
    }

    static Set<Note> closingAnd(Note... more) {
        Set<Note> all = EnumSet.of(CLOSES, CLOSES_TOO);
        all.addAll(List.of(more));
        return all;
    }

    /** What stands for a remark. */
    static Optional<Note> of(String remark) {
        return Arrays.stream(values()).filter(note -> remark.startsWith(note.text)).findFirst();
    }
}
