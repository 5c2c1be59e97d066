package org.tinc4j.impl.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.tinc4j.CipherSuite;

/**
 * AES-256-GCM by the JCA.
 *
 * <pre>
 * initial vector: | 0, 8 | sequence number 4, big-endian |
 * </pre>
 *
 * <p>The bytes go through arrays: the JCA takes twice as long on direct memory, and in an array it writes no plaintext before the tag is
 * known to be right. Most of a packet's cost is {@link Cipher#init}, which expands the key anew.
 *
 * <p><b>Threads.</b> One thread.
 *
 * <p><b>Source.</b> NIST SP 800-38D.
 */
public final class AesGcm implements Aead {

    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = TAG_BYTES * Byte.SIZE;

    /** Room for a record of an MTU-size packet; a longer one makes the scratch grow once. */
    private static final int INITIAL_ROOM_BYTES = 2048;

    /** Two, since one that turns from opening to sealing might meet the number it has just opened, and refuse to use that again. */
    private final Cipher sealing = newCipher();
    private final Cipher opening = newCipher();
    private final byte[] iv = new byte[IV_BYTES];

    private byte[] input = new byte[INITIAL_ROOM_BYTES];
    private byte[] output = new byte[INITIAL_ROOM_BYTES];

    private AeadKey cachedKey;
    private SecretKeySpec cachedSpec;

    /** An engine of its own scratch memory. */
    public AesGcm() {}

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks the cipher AES/GCM; use one with the SunJCE provider", e);
        }
    }

    @Override
    public void seal(AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
        checkRange(memory, offset, length);
        memory.get(offset, input, 0, length);
        try {
            sealing.init(Cipher.ENCRYPT_MODE, specOf(key), parameters(seqno));
            int sealed = sealing.doFinal(input, 0, length, output, 0);
            memory.put(offset, output, 0, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM of provider " + sealing.getProvider().getName() + " did not seal", e);
        }
    }

    @Override
    public boolean open(AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
        checkRange(memory, offset, length);
        memory.get(offset, input, 0, length + TAG_BYTES);
        try {
            opening.init(Cipher.DECRYPT_MODE, specOf(key), parameters(seqno));
            int opened = opening.doFinal(input, 0, length + TAG_BYTES, output, 0);
            memory.put(offset, output, 0, opened);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM of provider " + opening.getProvider().getName() + " did not open", e);
        }
    }

    private void checkRange(ByteBuffer memory, int offset, int length) {
        Objects.checkFromIndexSize(offset, (long) length + TAG_BYTES, memory.limit());
        Objects.checkIndex(length, Integer.MAX_VALUE - TAG_BYTES);
        if (input.length < length + TAG_BYTES) {
            input = new byte[length + TAG_BYTES];
            output = new byte[length + TAG_BYTES];
        }
    }

    private GCMParameterSpec parameters(int seqno) {
        iv[8] = (byte) (seqno >>> 24);
        iv[9] = (byte) (seqno >>> 16);
        iv[10] = (byte) (seqno >>> 8);
        iv[11] = (byte) seqno;
        return new GCMParameterSpec(TAG_BITS, iv);
    }

    private SecretKeySpec specOf(AeadKey key) {
        if (key != cachedKey || key.isDestroyed()) {
            if (key.suite() != CipherSuite.AES_256_GCM) {
                throw new IllegalArgumentException("a key for " + key.suite().label() + " is none for AES-256-GCM");
            }
            byte[] bytes = key.encoded();
            cachedSpec = new SecretKeySpec(bytes, "AES");
            cachedKey = key;
            Arrays.fill(bytes, (byte) 0);
        }
        return cachedSpec;
    }
}
