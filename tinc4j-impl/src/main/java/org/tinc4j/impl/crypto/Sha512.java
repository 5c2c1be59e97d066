package org.tinc4j.impl.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-512, and the expansion of a seed to an Ed25519 private key. Source: RFC 8032 section 5.1.5. */
final class Sha512 {

    private Sha512() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-512", e);
        }
    }

    /** The clamped scalar (32 bytes) and the prefix (32 bytes) of a seed. */
    static byte[] expand(byte[] seed) {
        byte[] expanded = digest().digest(seed);
        expanded[0] &= (byte) 0xf8;
        expanded[31] &= 0x3f;
        expanded[31] |= 0x40;
        return expanded;
    }
}
