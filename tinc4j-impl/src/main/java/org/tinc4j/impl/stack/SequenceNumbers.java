package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.tinc4j.impl.stack.tcp.Flow;

/**
 * Initial sequence numbers nobody outside can foresee, that still rise for each flow.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Source.</b> RFC 6528 section 3: "ISN = M + F(localip, localport, remoteip, remoteport, secretkey)", M a timer that counts up every 4
 * microseconds.
 */
final class SequenceNumbers {

    private static final long TICK_NANOS = 4_000;

    private final byte[] secret;

    /**
     * With a secret of its own.
     *
     * @param secret unpredictable bytes; taken
     */
    SequenceNumbers(byte[] secret) {
        this.secret = secret;
    }

    /** The initial sequence number of a connection. */
    int initial(Flow flow, long nowNanos) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            digest.update(flow.localAddress().getAddress());
            digest.update(flow.remoteAddress().getAddress());
            digest.update(ByteBuffer.allocate(4).putInt(flow.localPort() << 16 | flow.remotePort()).flip());
            return ByteBuffer.wrap(digest.digest()).getInt() + (int) (nowNanos / TICK_NANOS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
