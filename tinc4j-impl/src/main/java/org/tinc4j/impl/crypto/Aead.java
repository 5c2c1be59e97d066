package org.tinc4j.impl.crypto;

import java.nio.ByteBuffer;

/**
 * Authenticated encryption of one SPTPS record, in place. The nonce is the record's sequence number; there is no additional data.
 *
 * <p><b>Threads.</b> An engine belongs to one thread; make one for each.
 *
 * <p><b>Ownership.</b> Borrows the memory. Reads and writes at absolute places only: position, limit and mark stay as they are.
 *
 * <p><b>Errors.</b> A range that does not fit the memory throws {@link IndexOutOfBoundsException} before anything is written; a key
 * that was destroyed throws {@link IllegalStateException}.
 */
public interface Aead extends AutoCloseable {

    /** Size of the tag behind the ciphertext. Source: tinc SPTPS, "The cipher". */
    int TAG_BYTES = 16;

    /**
     * Encrypts in place and writes the tag behind.
     *
     * @param key key of this direction
     * @param seqno the record's sequence number, unsigned; never twice under one key
     * @param memory heap or direct, writable
     * @param offset first byte of the plaintext
     * @param length bytes of plaintext; {@link #TAG_BYTES} bytes behind it are overwritten
     */
    void seal(AeadKey key, int seqno, ByteBuffer memory, int offset, int length);

    /**
     * Checks the tag, then decrypts in place.
     *
     * @param key key of this direction
     * @param seqno the record's sequence number, unsigned
     * @param memory heap or direct, writable
     * @param offset first byte of the ciphertext
     * @param length bytes of ciphertext without the tag, which lies right behind
     * @return false, and the memory unchanged, if the tag is wrong
     */
    boolean open(AeadKey key, int seqno, ByteBuffer memory, int offset, int length);

    /** Wipes and frees what is native. Idempotent; an engine in Java has nothing of that kind. */
    @Override
    default void close() {}
}
