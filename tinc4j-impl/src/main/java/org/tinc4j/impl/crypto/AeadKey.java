package org.tinc4j.impl.crypto;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.tinc4j.CipherSuite;

/**
 * The 32-byte key of one direction of a session, and the cipher it is for.
 *
 * <p><b>Threads.</b> May be shared, and destroyed while other threads seal with it: a thread gets either the whole key or an
 * exception, never a key that is half wiped.
 */
public final class AeadKey {

    /** Size of a key in bytes. */
    public static final int BYTES = 32;

    private final CipherSuite suite;
    private final byte[] key;
    private volatile boolean destroyed;

    /**
     * From its bytes.
     *
     * @param suite what it seals with
     * @param key32 32 bytes; copied
     */
    public AeadKey(CipherSuite suite, byte[] key32) {
        if (key32.length != BYTES) {
            throw new IllegalArgumentException("an AEAD key has " + BYTES + " bytes, not " + key32.length);
        }
        this.suite = Objects.requireNonNull(suite);
        this.key = key32.clone();
    }

    /**
     * What it seals with.
     *
     * @return also of a key that was destroyed
     */
    public CipherSuite suite() {
        return suite;
    }

    /**
     * The key's bytes, for an {@link Aead} engine.
     *
     * @return a copy
     * @throws IllegalStateException if the key was destroyed
     */
    public byte[] encoded() {
        byte[] copy = key.clone();
        // The copy must be complete before the flag is looked at: a copy taken while destroy() ran is then known to be damaged.
        VarHandle.acquireFence();
        if (destroyed) {
            Arrays.fill(copy, (byte) 0);
            throw new IllegalStateException("this key was destroyed");
        }
        return copy;
    }

    /**
     * Whether the key is gone.
     *
     * @return true after {@link #destroy()}
     */
    public boolean isDestroyed() {
        return destroyed;
    }

    /** Wipes the key. Engines refuse it from now on. */
    public void destroy() {
        destroyed = true;
        // Keeps the wiping behind the flag, see encoded().
        VarHandle.fullFence();
        Arrays.fill(key, (byte) 0);
    }

    /** Never the bytes. */
    @Override
    public String toString() {
        return destroyed ? "AeadKey[destroyed]" : "AeadKey[secret]";
    }
}
