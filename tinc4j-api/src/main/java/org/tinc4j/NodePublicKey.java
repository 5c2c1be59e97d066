package org.tinc4j;

import java.util.Arrays;

/** The Ed25519 public key of a node. Text form: 43 characters of tinc's own base64. Immutable. */
public final class NodePublicKey {

    /** Size of a key in bytes. */
    public static final int BYTES = 32;

    private static final int TEXT_LENGTH = 43;

    private final byte[] encoded;

    private NodePublicKey(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * From its bytes.
     *
     * @param encoded 32 bytes, RFC 8032 encoding; copied
     * @return the key
     */
    public static NodePublicKey of(byte[] encoded) {
        if (encoded.length != BYTES) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + encoded.length);
        }
        return new NodePublicKey(encoded.clone());
    }

    /**
     * From its text form.
     *
     * @param text 43 characters, as after {@code Ed25519PublicKey =} in a host file
     * @return the key
     * @throws IllegalArgumentException if it is no key
     */
    public static NodePublicKey parse(String text) {
        byte[] bytes = text.length() == TEXT_LENGTH ? TincBase64.decode(text) : null;
        if (bytes == null || bytes.length != BYTES) {
            throw new IllegalArgumentException("public key text of " + text.length()
                    + " characters is no key; copy the 43 characters after \"Ed25519PublicKey =\" in the node's host file");
        }
        return new NodePublicKey(bytes);
    }

    /**
     * Its bytes.
     *
     * @return a copy of 32 bytes
     */
    public byte[] encoded() {
        return encoded.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodePublicKey that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The text form. */
    @Override
    public String toString() {
        return TincBase64.encode(encoded);
    }
}
