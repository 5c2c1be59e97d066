package org.tinc4j.linux.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.spi.KeyedAead;

/**
 * What both ciphers have: native contexts, memory that stays, a key. A superclass and not a part of them, since every packet looks into it.
 *
 * <p><b>Threads.</b> One at a time.
 */
abstract sealed class LibcryptoAead implements KeyedAead permits AesGcm, ChaChaPoly {

    static final int KEY_BYTES = 32;

    static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    static final VarHandle BIG_ENDIAN_INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** As each cipher draws it. */
    final ByteBuffer fixed;
    final long fixedAddress;

    final Contexts contexts;

    private final Cleaner.Cleanable freeing;
    private final PacketMemory packets = new PacketMemory();
    private final int keyAt;
    /** Has a key and is open. */
    private boolean ready;
    private boolean closed;

    /**
     * Without a key.
     *
     * @param contexts freed with this
     * @param fixedBytes size of the memory that stays
     * @param keyAt where in it a key lies for the time being
     */
    LibcryptoAead(Contexts contexts, int fixedBytes, int keyAt) {
        this.contexts = contexts;
        this.freeing = contexts.ownedBy(this);
        this.fixed = NativeMemory.allocate(fixedBytes);
        this.fixedAddress = NativeMemory.address(fixed);
        this.keyAt = keyAt;
    }

    /** Hands a key to the contexts; its memory is wiped afterwards. */
    abstract void useKey(long address);

    @Override
    public final void key(byte[] key32) {
        if (closed) {
            throw new IllegalStateException("this cipher was closed");
        }
        if (key32.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes, not " + key32.length);
        }
        ready = false;
        fixed.put(keyAt, key32);
        try {
            useKey(fixedAddress + keyAt);
        } finally {
            fixed.put(keyAt, new byte[KEY_BYTES]);
        }
        ready = true;
    }

    /** The address of a text in a packet, if it may be sealed or opened now. */
    final long addressOf(ByteBuffer memory, int offset, int length) {
        if (!ready) {
            throw new IllegalStateException("this cipher has no key, or was closed");
        }
        return packets.addressOf(memory, offset, length);
    }

    @Override
    public void close() {
        ready = false;
        closed = true;
        packets.forget();
        freeing.clean();
    }
}
