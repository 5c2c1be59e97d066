package org.tinc4j.impl.crypto;

import java.util.Arrays;
import org.tinc4j.CipherSuite;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.KeyedAead;

/**
 * Ciphers of the platform, with the keys used last. A key stays set as long as there are no {@value #LIMIT} newer ones, since setting one
 * costs up to as much as sealing a packet, and a hub has packets for many peers by turns.
 *
 * <p><b>Threads.</b> One thread.
 */
final class KeyedCiphers {

    /** Some 3 KiB each. */
    static final int LIMIT = 32;

    private record Keyed(AeadKey key, KeyedAead cipher) {}

    private final AeadProvider provider;
    /** Filled from the start; null behind. */
    private final Keyed[] ciphers = new Keyed[LIMIT];
    private int next;
    private boolean closed;

    private AeadKey currentKey;
    private KeyedAead current;

    KeyedCiphers(AeadProvider provider) {
        this.provider = provider;
    }

    /**
     * Lends a cipher that has this key, until the next call.
     *
     * @throws IllegalStateException if the key was destroyed
     */
    KeyedAead of(AeadKey key) {
        if (key != currentKey || key.isDestroyed()) {
            current = found(key);
            currentKey = key;
        }
        return current;
    }

    private KeyedAead found(AeadKey key) {
        if (!key.isDestroyed()) {
            for (int i = 0; i < LIMIT && ciphers[i] != null; i++) {
                if (ciphers[i].key == key) {
                    return ciphers[i].cipher;
                }
            }
        }
        return add(key);
    }

    private KeyedAead add(AeadKey key) {
        if (closed) {
            throw new IllegalStateException("this engine was closed");
        }
        dropDestroyed();
        byte[] bytes = key.encoded();
        try {
            KeyedAead cipher = unused(key.suite());
            cipher.key(bytes);
            ciphers[next] = new Keyed(key, cipher);
            next = (next + 1) % LIMIT;
            return cipher;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** What lies where the new one goes: opened anew unless it is of the same suite. */
    private KeyedAead unused(CipherSuite suite) {
        Keyed old = ciphers[next];
        if (old != null && old.key.suite() == suite) {
            return old.cipher;
        }
        KeyedAead opened = provider.open(suite);
        if (old != null) {
            old.cipher.close();
        }
        return opened;
    }

    /** Closing wipes what libcrypto made of the key. */
    private void dropDestroyed() {
        int kept = 0;
        for (int i = 0; i < LIMIT && ciphers[i] != null; i++) {
            Keyed keyed = ciphers[i];
            ciphers[i] = null;
            if (keyed.key.isDestroyed()) {
                keyed.cipher.close();
            } else {
                ciphers[kept++] = keyed;
            }
        }
        if (kept < LIMIT) {
            next = kept;
        }
        currentKey = null;
        current = null;
    }

    void close() {
        closed = true;
        for (int i = 0; i < LIMIT && ciphers[i] != null; i++) {
            ciphers[i].cipher.close();
            ciphers[i] = null;
        }
        currentKey = null;
        current = null;
    }
}
