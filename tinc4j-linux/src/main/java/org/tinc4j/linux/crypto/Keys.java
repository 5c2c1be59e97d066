package org.tinc4j.linux.crypto;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.tinc4j.linux.sys.NativeMemory;

/** Hands a key to native code. */
final class Keys {

    private static final int KEY_BYTES = 32;

    private Keys() {}

    /**
     * Copies the key to native memory for as long as it is used.
     *
     * @param key32 32 bytes
     * @param memory direct
     * @param at where in it the copy lies for the time being
     * @param use takes the address of the copy
     */
    static void use(byte[] key32, ByteBuffer memory, int at, LongConsumer use) {
        if (key32.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes, not " + key32.length);
        }
        memory.put(at, key32);
        try {
            use.accept(NativeMemory.address(memory) + at);
        } finally {
            memory.put(at, new byte[KEY_BYTES]);
        }
    }
}
