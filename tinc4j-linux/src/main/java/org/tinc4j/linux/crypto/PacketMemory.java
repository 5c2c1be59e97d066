package org.tinc4j.linux.crypto;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.spi.KeyedAead;

/**
 * Addresses of packets. Remembers that of the buffer used last, since the packets of a run lie in one, and asking takes 27 ns.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class PacketMemory {

    private ByteBuffer buffer;
    private long address;

    /**
     * Checks the range.
     *
     * @return the address of the text
     */
    long addressOf(ByteBuffer memory, int offset, int length) {
        Objects.checkFromIndexSize(offset, (long) length + KeyedAead.TAG_BYTES, memory.limit());
        Objects.checkIndex(length, Integer.MAX_VALUE - 2 * ChaChaPoly.BLOCK_BYTES);
        if (memory != buffer) {
            remember(memory);
        }
        return address + offset;
    }

    private void remember(ByteBuffer memory) {
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("this memory is on the heap, where native code cannot reach it; use a direct buffer");
        }
        if (memory.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        address = NativeMemory.address(memory);
        buffer = memory;
    }

    void forget() {
        buffer = null;
    }
}
