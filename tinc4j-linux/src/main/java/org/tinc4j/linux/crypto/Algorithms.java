package org.tinc4j.linux.crypto;

import static org.tinc4j.linux.sys.CryptoCalls.LIBCRYPTO;

/** What libcrypto looks up by name, once in a process: the look-up takes longer than a packet. Never freed. */
final class Algorithms {

    /** The stream cipher. */
    static final long CHACHA20 = found("ChaCha20", LIBCRYPTO.EVP_CIPHER_fetch(0, "ChaCha20", null));
    /** The AEAD. */
    static final long AES_256_GCM = found("AES-256-GCM", LIBCRYPTO.EVP_CIPHER_fetch(0, "AES-256-GCM", null));
    /** The authenticator. */
    static final long POLY1305 = found("POLY1305", LIBCRYPTO.EVP_MAC_fetch(0, "POLY1305", null));

    private Algorithms() {}

    private static long found(String name, long algorithm) {
        if (algorithm == 0) {
            throw new IllegalStateException("libcrypto has no " + name + "; its configuration may restrict it to FIPS");
        }
        return algorithm;
    }
}
