package org.tinc4j.impl.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * SPTPS's key derivation on HMAC-SHA-512.
 *
 * <p>It looks like the PRF of TLS 1.2 and is another: there A(1) is the HMAC of the seed, here that of 64 zero bytes and the seed.
 *
 * <p><b>Source.</b> tinc SPTPS, "Key derivation": {@code A(0) = 0, A(i) = HMAC(A(i-1) | seed), B(i) = HMAC(A(i) | seed)}.
 */
public final class Prf {

    private static final int BLOCK_BYTES = 64;

    private Prf() {}

    /**
     * Derives key material.
     *
     * @param secret the shared secret, at least one byte
     * @param seed public bytes that make the result unique
     * @param length how many bytes to derive
     * @return the material, to be wiped by the caller
     */
    public static byte[] expand(byte[] secret, byte[] seed, int length) {
        byte[] material = new byte[length];
        byte[] a = new byte[BLOCK_BYTES];
        byte[] b = new byte[BLOCK_BYTES];
        try {
            Mac hmac = Mac.getInstance("HmacSHA512");
            hmac.init(new SecretKeySpec(secret, "HmacSHA512"));
            for (int filled = 0; filled < length; filled += BLOCK_BYTES) {
                round(hmac, a, seed, a);
                round(hmac, a, seed, b);
                System.arraycopy(b, 0, material, filled, Math.min(BLOCK_BYTES, length - filled));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HmacSHA512", e);
        }
        Arrays.fill(a, (byte) 0);
        Arrays.fill(b, (byte) 0);
        return material;
    }

    private static void round(Mac hmac, byte[] previous, byte[] seed, byte[] out) throws ShortBufferException {
        hmac.update(previous);
        hmac.update(seed);
        hmac.doFinal(out, 0);
    }
}
