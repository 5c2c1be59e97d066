package org.tinc4j.spi;

import java.nio.ByteBuffer;

/**
 * Makes the buffers of one stage, all cut from one slab, so that the memory of a node is a number known at start.
 *
 * <p>Stages own their batches for life, so nothing is leased or released per packet.
 *
 * @param memory where the slab lies
 * @param blockBytes size of each block
 */
public record BufferPool(Memory memory, int blockBytes) {

    /** Where packet memory lies. */
    public enum Memory {
        /** In Java arrays: best for ciphers of the JCA, which copy off-heap memory in small pieces. */
        HEAP,
        /** Off the heap: what system calls and native ciphers read and write without a copy. */
        DIRECT
    }

    /** Checks the size. */
    public BufferPool {
        if (blockBytes < 64) {
            throw new IllegalArgumentException("blockBytes=" + blockBytes + " is below 64");
        }
    }

    /**
     * A new batch.
     *
     * @param count buffers in it
     * @return a batch of size 0
     */
    public PacketBatch batch(int count) {
        int slabBytes = Math.multiplyExact(blockBytes, count);
        ByteBuffer slab = memory == Memory.HEAP ? ByteBuffer.allocate(slabBytes) : ByteBuffer.allocateDirect(slabBytes);
        PacketBuffer[] buffers = new PacketBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = new PacketBuffer(slab.slice(i * blockBytes, blockBytes));
        }
        return new PacketBatch(buffers);
    }
}
