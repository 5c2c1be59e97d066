package org.tinc4j.spi;

import java.nio.ByteBuffer;

/**
 * Authenticated encryption in place with one key at a time. The nonce is a 32-bit sequence number; there is no additional data; the tag of
 * {@value #TAG_BYTES} bytes lies right behind the text.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Ownership.</b> Borrows the memory, which is off the heap. Reads and writes at absolute places only: position, limit and mark stay as
 * they are.
 *
 * <p><b>Errors.</b> A range that does not fit the memory throws {@link IndexOutOfBoundsException} before anything is written.
 */
public interface KeyedAead extends AutoCloseable {

    /** Size of the tag. */
    int TAG_BYTES = 16;

    /**
     * Uses this key from now on.
     *
     * @param key32 32 bytes; not kept
     */
    void key(byte[] key32);

    /**
     * Encrypts in place and writes the tag behind.
     *
     * @param seqno the record's sequence number, unsigned; never twice under one key
     * @param memory direct
     * @param offset first byte of the plaintext
     * @param length bytes of plaintext; {@link #TAG_BYTES} bytes behind it are overwritten
     */
    void seal(int seqno, ByteBuffer memory, int offset, int length);

    /**
     * Checks the tag and decrypts in place.
     *
     * @param seqno the record's sequence number, unsigned
     * @param memory direct
     * @param offset first byte of the ciphertext
     * @param length bytes of ciphertext without the tag, which lies right behind
     * @return false, and the memory unchanged, if the tag is wrong
     */
    boolean open(int seqno, ByteBuffer memory, int offset, int length);

    /** Wipes the key and frees what is native. Idempotent. */
    @Override
    void close();
}
