package org.tinc4j.impl.sptps;

import java.util.Arrays;
import java.util.List;
import org.tinc4j.CipherSuite;

/**
 * How the choice of a cipher is written: as a number, and as two bytes behind the label of a session.
 *
 * <pre>
 * label | key exchange 1 | cipher 1          only if one of the two is not 0; the label is what is signed and what keys are derived from
 *
 * key exchange   0  X25519
 * cipher         0  ChaCha20-Poly1305 of tinc     1  AES-256-GCM
 * </pre>
 *
 * <p><b>Source.</b> tincr, which appends the bytes where both ends are configured for it. tinc 1.1 has nothing to choose.
 */
public final class Suites {

    /** What every node speaks, and nothing else. */
    public static final List<CipherSuite> PLAIN = List.of(CipherSuite.CHACHA20_POLY1305);

    private static final byte X25519 = 0;

    private Suites() {}

    /**
     * A cipher's number.
     *
     * @param suite the cipher
     * @return 0 for what needs no mention
     */
    public static int number(CipherSuite suite) {
        return switch (suite) {
            case CHACHA20_POLY1305 -> 0;
            case AES_256_GCM -> 1;
        };
    }

    /** The label of a session that uses a cipher. */
    static byte[] label(byte[] base, CipherSuite suite) {
        if (number(suite) == 0) {
            return base.clone();
        }
        byte[] label = Arrays.copyOf(base, base.length + 2);
        label[base.length] = X25519;
        label[base.length + 1] = (byte) number(suite);
        return label;
    }
}
