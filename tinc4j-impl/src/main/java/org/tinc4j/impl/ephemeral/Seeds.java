package org.tinc4j.impl.ephemeral;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Random numbers that follow from a mesh's seed, different for each node and each purpose, the same on every machine. */
final class Seeds {

    private Seeds() {}

    /** 64 bytes: SHA-512 over seed, node, purpose and a number. */
    static byte[] bytes(long seed, String node, String purpose, long number) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(seed).putLong(number).array());
            return digest.digest((node + " " + purpose).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-512", e);
        }
    }

    static long of(long seed, String node, String purpose, long number) {
        return ByteBuffer.wrap(bytes(seed, node, purpose, number)).getLong();
    }
}
