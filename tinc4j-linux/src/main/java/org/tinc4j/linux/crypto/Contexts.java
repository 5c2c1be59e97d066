package org.tinc4j.linux.crypto;

import static org.tinc4j.linux.sys.CryptoCalls.LIBCRYPTO;

import java.lang.ref.Cleaner;

/**
 * Native contexts of one cipher. Freed, and with that wiped, once: when asked, or when the cipher was forgotten.
 *
 * @param sealing a cipher context
 * @param opening a cipher context, or 0
 * @param mac a MAC context, or 0
 */
record Contexts(long sealing, long opening, long mac) implements Runnable {

    private static final Cleaner CLEANER = Cleaner.create();

    static Contexts ofStreamCipherAndMac() {
        return new Contexts(made(LIBCRYPTO.EVP_CIPHER_CTX_new()), 0, made(LIBCRYPTO.EVP_MAC_CTX_new(Algorithms.POLY1305)));
    }

    static Contexts ofBothDirections() {
        return new Contexts(made(LIBCRYPTO.EVP_CIPHER_CTX_new()), made(LIBCRYPTO.EVP_CIPHER_CTX_new()), 0);
    }

    /** Frees them with their owner, or earlier by {@link Cleaner.Cleanable#clean()}. */
    Cleaner.Cleanable ownedBy(Object owner) {
        return CLEANER.register(owner, this);
    }

    @Override
    public void run() {
        LIBCRYPTO.EVP_CIPHER_CTX_free(sealing);
        LIBCRYPTO.EVP_CIPHER_CTX_free(opening);
        LIBCRYPTO.EVP_MAC_CTX_free(mac);
    }

    /**
     * Nothing that a packet says makes these calls fail.
     *
     * @param result 1 if the call went well
     */
    static void check(int result, String call) {
        if (result != 1) {
            throw new IllegalStateException(call + " of libcrypto failed");
        }
    }

    private static long made(long context) {
        if (context == 0) {
            throw new IllegalStateException("libcrypto is out of memory");
        }
        return context;
    }
}
