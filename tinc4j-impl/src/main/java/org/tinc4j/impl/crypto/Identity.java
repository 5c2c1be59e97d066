package org.tinc4j.impl.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.tinc4j.NodeKey;
import org.tinc4j.NodePublicKey;

/**
 * Ed25519 signatures from a private key in tinc's expanded form. They are standard signatures; only the key is stored differently.
 *
 * <p>Everything that depends on the private key runs in constant time: SHA-512, {@link GroupOrder} and {@link Edwards25519}. Verifying
 * handles public values only.
 *
 * <p><b>Threads.</b> Any; stateless.
 *
 * <p><b>Source.</b> RFC 8032 sections 5.1.6 (sign) and 5.1.7 (verify); tinc SPTPS, "Identity keys".
 */
public final class Identity {

    /** Size of a signature. */
    public static final int SIGNATURE_BYTES = 64;

    private static final int SCALAR_BYTES = 32;
    private static final int EXPANDED_BYTES = 64;

    private Identity() {}

    /**
     * Signs the concatenation of some parts. The two halves of the key must belong together, see {@link #matches}: a signature made with
     * the wrong public key would give the private key away.
     *
     * @param key the signer's identity
     * @param parts the message, cut anywhere
     * @return 64 bytes, R then S
     */
    public static byte[] sign(NodeKey key, byte[]... parts) {
        byte[] expanded = key.expanded();
        byte[] scalar = Arrays.copyOf(expanded, SCALAR_BYTES);
        MessageDigest sha512 = Sha512.digest();
        sha512.update(expanded, SCALAR_BYTES, EXPANDED_BYTES - SCALAR_BYTES);
        byte[] nonceHash = digest(sha512, parts);
        byte[] nonce = GroupOrder.reduce(nonceHash);
        byte[] commitment = Edwards25519.encodedMultipleOfBase(nonce);
        sha512.update(commitment);
        sha512.update(key.publicKey().encoded());
        byte[] challenge = GroupOrder.reduce(digest(sha512, parts));
        byte[] response = GroupOrder.multiplyAdd(scalar, challenge, nonce);
        byte[] signature = Arrays.copyOf(commitment, SIGNATURE_BYTES);
        System.arraycopy(response, 0, signature, SCALAR_BYTES, SCALAR_BYTES);
        Arrays.fill(expanded, (byte) 0);
        Arrays.fill(scalar, (byte) 0);
        Arrays.fill(nonceHash, (byte) 0);
        Arrays.fill(nonce, (byte) 0);
        return signature;
    }

    private static byte[] digest(MessageDigest sha512, byte[][] parts) {
        for (byte[] part : parts) {
            sha512.update(part);
        }
        return sha512.digest();
    }

    /**
     * Checks a signature over the concatenation of some parts.
     *
     * @param key the signer's public key; bytes that are no point verify nothing
     * @param signature any bytes
     * @param parts the message, cut anywhere
     * @return true if it is a signature of the key's owner
     */
    public static boolean verify(NodePublicKey key, byte[] signature, byte[]... parts) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        byte[] message = concatenate(parts);
        return Ed25519.verify(signature, 0, key.encoded(), 0, message, 0, message.length);
    }

    private static byte[] concatenate(byte[][] parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int filled = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, filled, part.length);
            filled += part.length;
        }
        return whole;
    }

    /**
     * Computes the public key of a private one.
     *
     * @param expanded 64 bytes: clamped scalar and prefix
     * @return the public key
     */
    public static NodePublicKey publicKeyOf(byte[] expanded) {
        if (expanded.length != EXPANDED_BYTES) {
            throw new IllegalArgumentException("an expanded Ed25519 private key has 64 bytes, not " + expanded.length);
        }
        byte[] scalar = Arrays.copyOf(expanded, SCALAR_BYTES);
        NodePublicKey publicKey = NodePublicKey.of(Edwards25519.encodedMultipleOfBase(scalar));
        Arrays.fill(scalar, (byte) 0);
        return publicKey;
    }

    /**
     * Whether the public half of a key belongs to its private half. To be asked of every key that was read from somewhere before it
     * signs anything.
     *
     * @param key the key
     * @return false for a file whose halves come from two keys
     */
    public static boolean matches(NodeKey key) {
        byte[] expanded = key.expanded();
        boolean same = publicKeyOf(expanded).equals(key.publicKey());
        Arrays.fill(expanded, (byte) 0);
        return same;
    }
}
