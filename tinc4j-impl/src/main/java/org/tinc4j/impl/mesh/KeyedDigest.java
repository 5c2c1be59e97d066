package org.tinc4j.impl.mesh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.tinc4j.impl.crypto.EntropySource;

/**
 * Short digests of text that others cannot make collide: SHA-256 over a secret of this node and the text, cut to 64 bits. Without the secret
 * a member can neither make a request that is taken for another one nor fill a hash table unevenly. Confined to the control thread.
 */
final class KeyedDigest {

    private static final int SECRET_BYTES = 32;

    private final byte[] secret = new byte[SECRET_BYTES];
    private final MessageDigest sha256;

    KeyedDigest(EntropySource entropy) {
        entropy.fill(secret);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    long of(String text) {
        sha256.update(secret);
        return ByteBuffer.wrap(sha256.digest(text.getBytes(StandardCharsets.ISO_8859_1))).getLong();
    }
}
