package org.tinc4j.impl.stack.tcp;

/**
 * Initial sequence numbers: unpredictable from outside, ascending for each flow.
 *
 * <p><b>Source.</b> RFC 6528 section 3, RFC 9293 section 3.4.1.
 */
public final class InitialSequence {

    /** Length of the key. */
    public static final int KEY_BYTES = SipHash.KEY_BYTES;

    /** "a 32-bit counter that typically increments at least once every roughly 4 microseconds". */
    private static final long TICK_NANOS = 4_000L;

    private final SipHash prf;

    /**
     * For as long as the key lives.
     *
     * @param key random bytes; copied
     */
    public InitialSequence(byte[] key) {
        prf = new SipHash(key);
    }

    /** "ISN = M + F(localip, localport, remoteip, remoteport, secretkey)". */
    public int of(Flow flow, long nowNanos) {
        return (int) Math.floorDiv(nowNanos, TICK_NANOS) + (int) prf.hash(flow, 0, 0);
    }
}
