package org.tinc4j.linux.sys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code OSSL_PARAM}: one named argument to libcrypto. An array of them ends with one that is all zero.
 *
 * <pre>
 * 0 const char *key   8 unsigned data_type   16 void *data   24 size_t data_size   32 size_t return_size   40 (sizeof, 64-bit)
 * </pre>
 *
 * <p><b>Source.</b> OSSL_PARAM(3); {@code openssl/core.h}.
 */
public final class OsslParam {

    /** Size of the structure. */
    public static final int SIZE = 40;

    /** Offset of {@code data}. */
    public static final int DATA = 16;

    private static final int KEY = 0;
    private static final int DATA_TYPE = 8;
    private static final int DATA_SIZE = 24;
    private static final int RETURN_SIZE = 32;

    private static final int OSSL_PARAM_OCTET_STRING = 5;
    private static final long OSSL_PARAM_UNMODIFIED = -1;

    private OsslParam() {}

    /**
     * Writes one for bytes.
     *
     * @param memory direct, in native byte order
     * @param at where in it
     * @param key address of its name, a string that ends in a zero byte
     * @param data address of the bytes
     * @param bytes how many
     */
    public static void putOctets(ByteBuffer memory, int at, long key, long data, long bytes) {
        memory.putLong(at + KEY, key);
        memory.putInt(at + DATA_TYPE, OSSL_PARAM_OCTET_STRING);
        memory.putLong(at + DATA, data);
        memory.putLong(at + DATA_SIZE, bytes);
        memory.putLong(at + RETURN_SIZE, OSSL_PARAM_UNMODIFIED);
    }

    /**
     * A name.
     *
     * @param name in ASCII
     * @return direct memory with that string and a zero byte
     */
    public static ByteBuffer name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return NativeMemory.allocate(bytes.length + 1).put(0, bytes);
    }
}
