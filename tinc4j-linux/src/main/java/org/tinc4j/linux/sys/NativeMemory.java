package org.tinc4j.linux.sys;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the kernel reads and writes: direct byte buffers in native byte order, and their addresses. */
public final class NativeMemory {

    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private NativeMemory() {}

    /**
     * New zeroed memory.
     *
     * @param bytes how much
     * @return a direct buffer in native byte order
     */
    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * Where a buffer lies. Some 27 ns and no allocation (JDK 25), which is why addresses of packet buffers are asked for each time
     * and not kept.
     *
     * @param direct a direct buffer; a slice counts from its own start, position and limit do not matter
     * @return its address, valid while the buffer is reachable
     */
    public static long address(ByteBuffer direct) {
        return MEMORY.getDirectBufferAddress(direct);
    }
}
