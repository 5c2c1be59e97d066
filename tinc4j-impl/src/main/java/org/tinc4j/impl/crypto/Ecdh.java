package org.tinc4j.impl.crypto;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * An ephemeral key pair for one handshake. The agreement is X25519, but public keys travel as Edwards points.
 *
 * <p><b>Threads.</b> One thread.
 *
 * <p><b>Source.</b> tinc SPTPS, "Ephemeral ECDH keys"; RFC 7748 section 4.1 (the map between the curves) and 5 (X25519).
 */
public final class Ecdh {

    /** Size of a public key and of the random bytes one is made of. */
    public static final int BYTES = 32;

    private final byte[] scalar;
    private final byte[] publicKey;

    /**
     * A key pair from random bytes.
     *
     * @param random32 32 bytes nobody can foresee; not kept, to be wiped by the caller
     */
    public Ecdh(byte[] random32) {
        if (random32.length != BYTES) {
            throw new IllegalArgumentException("an ephemeral key is made of " + BYTES + " random bytes, not " + random32.length);
        }
        byte[] expanded = Sha512.expand(random32);
        scalar = Arrays.copyOf(expanded, BYTES);
        Arrays.fill(expanded, (byte) 0);
        publicKey = Edwards25519.encodedMultipleOfBase(scalar);
    }

    /**
     * The public key as it travels.
     *
     * @return a copy of 32 bytes: little-endian Edwards y, the sign of x in the highest bit
     */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * Agrees on a secret.
     *
     * @param peer32 the peer's public key as it travelled; the sign of its x does not matter
     * @return 32 bytes, to be wiped by the caller; nothing if the peer sent a point of low order, with which there is no secret
     */
    public Optional<byte[]> agree(byte[] peer32) {
        byte[] montgomery = montgomeryU(peer32);
        byte[] secret = new byte[BYTES];
        return X25519.calculateAgreement(scalar, 0, montgomery, 0, secret, 0) ? Optional.of(secret) : Optional.empty();
    }

    /** {@code u = (1 + y) / (1 - y)}; the neutral element, y = 1, becomes 0, since the inverse of 0 is taken to be 0. */
    private static byte[] montgomeryU(byte[] edwards) {
        int[] y = X25519Field.create();
        int[] one = X25519Field.create();
        int[] numerator = X25519Field.create();
        int[] denominator = X25519Field.create();
        X25519Field.decode255(edwards, y);
        X25519Field.one(one);
        X25519Field.apm(one, y, numerator, denominator);
        X25519Field.carry(denominator);
        X25519Field.inv(denominator, denominator);
        X25519Field.mul(numerator, denominator, y);
        X25519Field.normalize(y);
        byte[] u = new byte[BYTES];
        X25519Field.encode(y, u);
        return u;
    }

    /** Wipes the private part. */
    public void destroy() {
        Arrays.fill(scalar, (byte) 0);
    }
}
