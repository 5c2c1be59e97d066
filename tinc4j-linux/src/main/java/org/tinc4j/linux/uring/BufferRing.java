package org.tinc4j.linux.uring;

import static org.tinc4j.linux.sys.IoUring.BUF_ADDR;
import static org.tinc4j.linux.sys.IoUring.BUF_ID;
import static org.tinc4j.linux.sys.IoUring.BUF_LEN;
import static org.tinc4j.linux.sys.IoUring.BUF_REG_ADDR;
import static org.tinc4j.linux.sys.IoUring.BUF_REG_ENTRIES;
import static org.tinc4j.linux.sys.IoUring.BUF_REG_GROUP;
import static org.tinc4j.linux.sys.IoUring.BUF_REG_SIZE;
import static org.tinc4j.linux.sys.IoUring.BUF_RING_TAIL;
import static org.tinc4j.linux.sys.IoUring.BUF_SIZE;
import static org.tinc4j.linux.sys.IoUring.REGISTER_PBUF_RING;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tinc4j.linux.sys.NativeMemory;

/**
 * Off-heap buffers that the kernel picks from for what arrives. One that was filled is ours until it is given back.
 *
 * <p><b>Threads.</b> As of the {@link Ring}.
 *
 * <p><b>Source.</b> io_uring_register(2), IORING_REGISTER_PBUF_RING: "the kernel will then start using the buffers" as the tail moves.
 */
public final class BufferRing {

    /** How operations name it. */
    public static final int GROUP = 0;

    private static final VarHandle SHORTS = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private static final int ALIGNMENT = 64;

    private final int count;
    private final int bytes;
    private final int strideBytes;
    private final ByteBuffer ring = NativeMemory.allocatePages(1);
    private final ByteBuffer memory;
    private final long address;
    private short tail;

    /**
     * Gives a ring its buffers.
     *
     * @param owner which holds them from now on
     * @param count how many; a power of two, at most 256, as the table is one page
     * @param bytes of each
     * @throws RingRefused if the kernel does not take them
     */
    public BufferRing(Ring owner, int count, int bytes) throws RingRefused {
        this.count = count;
        this.bytes = bytes;
        this.strideBytes = bytes + ALIGNMENT - 1 & -ALIGNMENT;
        this.memory = NativeMemory.allocate(count * strideBytes);
        this.address = NativeMemory.address(memory);
        ByteBuffer registration = NativeMemory.allocate(BUF_REG_SIZE);
        registration.putLong(BUF_REG_ADDR, NativeMemory.address(ring));
        registration.putInt(BUF_REG_ENTRIES, count).putShort(BUF_REG_GROUP, (short) GROUP);
        owner.register("IORING_REGISTER_PBUF_RING", REGISTER_PBUF_RING, registration, 1);
        for (int id = 0; id < count; id++) {
            giveBack(id);
        }
    }

    /**
     * All of them.
     *
     * @return in native byte order; see {@link #offset}
     */
    public ByteBuffer memory() {
        return memory;
    }

    /**
     * Where a buffer lies.
     *
     * @param id its number
     * @return offset in {@link #memory()}
     */
    public int offset(int id) {
        return id * strideBytes;
    }

    /**
     * Lets the kernel fill a buffer again.
     *
     * @param id its number
     */
    public void giveBack(int id) {
        int at = (tail & count - 1) * BUF_SIZE;
        ring.putLong(at + BUF_ADDR, address + offset(id)).putInt(at + BUF_LEN, bytes).putShort(at + BUF_ID, (short) id);
        SHORTS.setRelease(ring, BUF_RING_TAIL, ++tail);
    }
}
