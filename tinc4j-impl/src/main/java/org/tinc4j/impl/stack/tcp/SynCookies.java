package org.tinc4j.impl.stack.tcp;

import java.util.Arrays;
import java.util.Optional;

/**
 * Answers SYNs without remembering them: what must be known later is in our sequence number, and in our timestamp if the peer has them.
 *
 * <pre>
 * sequence number  31 minute 5 | 26 mss 3 | 23 keyed hash 24
 * timestamp        31 milliseconds | 4 window shift 4, 15 without | 0 SACK
 * </pre>
 *
 * <p><b>Source.</b> RFC 4987 section 3.6 and appendix A; RFC 7323 section 5.4 leaves the timestamp's value to its sender.
 */
public final class SynCookies {

    /** Length of the key. */
    public static final int KEY_BYTES = SipHash.KEY_BYTES;

    /** A cookie is good for one to two of these. */
    private static final long PERIOD_NANOS = 64_000_000_000L;
    /** The common ones; a peer's is rounded down. */
    private static final int[] MSS = {536, 1000, 1200, 1280, 1360, 1400, 1440, 1460};

    private static final int PERIOD_SHIFT = 27;
    private static final int MSS_SHIFT = 24;
    private static final int HASH_MASK = (1 << MSS_SHIFT) - 1;
    private static final int OPTION_BITS = 5;
    private static final int OPTION_MASK = (1 << OPTION_BITS) - 1;
    private static final int NO_SHIFT = 15;
    private static final long MILLISECOND = 1_000_000L;

    private final SipHash prf;

    /**
     * For as long as the key lives.
     *
     * @param key random bytes; copied
     */
    public SynCookies(byte[] key) {
        prf = new SipHash(key);
    }

    /**
     * What a SYN offered.
     *
     * @param mss its maximum segment size, or somewhat less
     * @param windowShift its window shift, -1 if it had none or that could not be kept
     * @param sack whether it permitted SACK, if that could be kept
     * @param timestamps whether it had timestamps
     */
    public record Options(int mss, int windowShift, boolean sack, boolean timestamps) {}

    /**
     * Makes the SYN-ACK.
     *
     * @param settings of the listener
     * @param flow whose SYN it is
     * @param syn borrowed
     * @param nowNanos now
     */
    public BareSegment answer(TcpSettings settings, Flow flow, TcpSegment syn, long nowNanos) {
        TcpOptions offered = syn.options();
        int index = mssIndex(offered.mss());
        int cookie = cookie(flow, syn.seq(), period(nowNanos), index);
        boolean timestamps = offered.timestamps();
        int shift = timestamps ? offered.windowShift() : -1;
        boolean sack = timestamps && offered.sackPermitted();
        byte[] scratch = new byte[TcpOptions.MAX_BYTES];
        int at = TcpOptions.writeSyn(
                scratch,
                settings.mtuBytes() - flow.headerBytes(),
                sack,
                shift >= 0 ? ReceiveWindow.shiftFor(settings.maxReceiveBytes()) : -1);
        if (timestamps) {
            int value = timestamp(nowNanos) & ~OPTION_MASK | (shift < 0 ? NO_SHIFT : shift) << 1 | (sack ? 1 : 0);
            at = TcpOptions.writeTimestamps(scratch, at, value, offered.timestampValue());
        }
        byte[] options = Arrays.copyOf(scratch, at);
        int window = Math.min(settings.receiveBytes(), 65535);
        return new BareSegment(cookie, syn.seq() + 1, TcpFlags.SYN | TcpFlags.ACK, window, options);
    }

    /**
     * Checks whether an ACK answers a cookie.
     *
     * @param flow whose ACK it is
     * @param ack borrowed
     * @param nowNanos now
     * @return what the SYN offered, empty if there was none
     */
    public Optional<Options> check(Flow flow, TcpSegment ack, long nowNanos) {
        int cookie = ack.ack() - 1;
        int index = cookie >>> MSS_SHIFT & MSS.length - 1;
        int now = period(nowNanos);
        int clientIsn = ack.seq() - 1;
        if (cookie != cookie(flow, clientIsn, now, index) && cookie != cookie(flow, clientIsn, now - 1, index)) {
            return Optional.empty();
        }
        if (!ack.options().timestamps()) {
            return Optional.of(new Options(MSS[index], -1, false, false));
        }
        int bits = ack.options().timestampEcho() & OPTION_MASK;
        int shift = bits >> 1;
        return Optional.of(new Options(MSS[index], shift == NO_SHIFT ? -1 : shift, (bits & 1) != 0, true));
    }

    private int cookie(Flow flow, int clientIsn, int period, int mssIndex) {
        int hash = (int) prf.hash(flow, clientIsn, period << 3 | mssIndex) & HASH_MASK;
        return period << PERIOD_SHIFT | mssIndex << MSS_SHIFT | hash;
    }

    private static int mssIndex(int mss) {
        int index = 0;
        while (index + 1 < MSS.length && MSS[index + 1] <= mss) {
            index++;
        }
        return index;
    }

    private static int period(long nowNanos) {
        return (int) Math.floorDiv(nowNanos, PERIOD_NANOS);
    }

    private static int timestamp(long nowNanos) {
        return (int) Math.floorDiv(nowNanos, MILLISECOND);
    }
}
