package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;

/**
 * Options of a TCP header, read and written.
 *
 * <pre>
 * end 0 | no-op 1 | mss 2,4,n16 | window scale 3,3,n8 | SACK permitted 4,2 | SACK 5,2+8n,(left32,right32)n | timestamps 8,10,val32,ecr32
 * </pre>
 *
 * <p><b>Source.</b> RFC 9293 sections 3.1 and 3.2, RFC 7323 sections 2.2, 2.3 and 3.2, RFC 2018 sections 2 and 3.
 */
public final class TcpOptions {

    /** Most bytes the options of a header take. */
    public static final int MAX_BYTES = 40;
    /** Most SACK blocks that fit. */
    static final int MAX_SACK_BLOCKS = 4;
    /** Timestamps with the two no-ops before them. */
    static final int TIMESTAMPS_BYTES = 12;

    private static final int END = 0;
    private static final int NO_OP = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;
    /** "If a Window Scale option is received with a shift.cnt value larger than 14, the TCP SHOULD log the error but MUST use 14". */
    private static final int MAX_SHIFT = 14;

    private final int[] sackLeft = new int[MAX_SACK_BLOCKS];
    private final int[] sackRight = new int[MAX_SACK_BLOCKS];
    private int mss;
    private int windowShift;
    private boolean sackPermitted;
    private boolean timestamps;
    private int timestampValue;
    private int timestampEcho;
    private int sackBlocks;

    /**
     * Reads them. An option that is cut off ends the reading: "A TCP implementation MUST be able to receive a TCP Option in any segment"
     * and ignores without error what it does not implement.
     */
    void read(ByteBuffer m, int off, int len) {
        clear();
        int end = off + len;
        int at = off;
        while (at < end) {
            int kind = m.get(at);
            if (kind == END) {
                return;
            }
            if (kind == NO_OP) {
                at++;
                continue;
            }
            // "MUST be prepared to handle an illegal option length (e.g., zero)"
            int bytes = at + 1 < end ? m.get(at + 1) & 0xff : 0;
            if (bytes < 2 || bytes > end - at) {
                return;
            }
            readOne(m, at, kind, bytes);
            at += bytes;
        }
    }

    private void readOne(ByteBuffer m, int at, int kind, int bytes) {
        if (kind == MSS && bytes == 4) {
            mss = m.getShort(at + 2) & 0xffff;
        } else if (kind == WINDOW_SCALE && bytes == 3) {
            windowShift = Math.min(m.get(at + 2) & 0xff, MAX_SHIFT);
        } else if (kind == SACK_PERMITTED && bytes == 2) {
            sackPermitted = true;
        } else if (kind == TIMESTAMPS && bytes == 10) {
            timestamps = true;
            timestampValue = m.getInt(at + 2);
            timestampEcho = m.getInt(at + 6);
        } else if (kind == SACK && (bytes & 7) == 2) {
            sackBlocks = Math.min((bytes - 2) / 8, MAX_SACK_BLOCKS);
            for (int i = 0; i < sackBlocks; i++) {
                sackLeft[i] = m.getInt(at + 2 + 8 * i);
                sackRight[i] = m.getInt(at + 6 + 8 * i);
            }
        }
    }

    private void clear() {
        mss = 0;
        windowShift = -1;
        sackPermitted = false;
        timestamps = false;
        sackBlocks = 0;
    }

    /** Maximum segment size, 0 if absent. */
    public int mss() {
        return mss;
    }

    /** Window shift, -1 if absent. */
    public int windowShift() {
        return windowShift;
    }

    /** Whether SACK may be sent to it. */
    public boolean sackPermitted() {
        return sackPermitted;
    }

    /** Whether there are timestamps. */
    public boolean timestamps() {
        return timestamps;
    }

    /** TSval. */
    public int timestampValue() {
        return timestampValue;
    }

    /** TSecr. */
    public int timestampEcho() {
        return timestampEcho;
    }

    int sackBlocks() {
        return sackBlocks;
    }

    int sackLeft(int i) {
        return sackLeft[i];
    }

    int sackRight(int i) {
        return sackRight[i];
    }

    /** Writes the options of a SYN; those not wanted are left out. Returns where they end. */
    static int writeSyn(byte[] b, int mss, boolean sackPermitted, int windowShift) {
        b[0] = MSS;
        b[1] = 4;
        b[2] = (byte) (mss >> 8);
        b[3] = (byte) mss;
        int at = 4;
        if (sackPermitted) {
            b[at] = NO_OP;
            b[at + 1] = NO_OP;
            b[at + 2] = SACK_PERMITTED;
            b[at + 3] = 2;
            at += 4;
        }
        if (windowShift >= 0) {
            b[at] = NO_OP;
            b[at + 1] = WINDOW_SCALE;
            b[at + 2] = 3;
            b[at + 3] = (byte) windowShift;
            at += 4;
        }
        return at;
    }

    /** Writes timestamps, aligned by two no-ops. Returns where they end. */
    static int writeTimestamps(byte[] b, int at, int value, int echo) {
        b[at] = NO_OP;
        b[at + 1] = NO_OP;
        b[at + 2] = TIMESTAMPS;
        b[at + 3] = 10;
        putInt(b, at + 4, value);
        putInt(b, at + 8, echo);
        return at + TIMESTAMPS_BYTES;
    }

    /** Writes the head of a SACK option for so many blocks, aligned by two no-ops. Returns where the first block goes. */
    static int writeSackHead(byte[] b, int at, int blocks) {
        b[at] = NO_OP;
        b[at + 1] = NO_OP;
        b[at + 2] = SACK;
        b[at + 3] = (byte) (2 + 8 * blocks);
        return at + 4;
    }

    static int writeSackBlock(byte[] b, int at, int left, int right) {
        putInt(b, at, left);
        putInt(b, at + 4, right);
        return at + 8;
    }

    private static void putInt(byte[] b, int at, int value) {
        b[at] = (byte) (value >> 24);
        b[at + 1] = (byte) (value >> 16);
        b[at + 2] = (byte) (value >> 8);
        b[at + 3] = (byte) value;
    }
}
