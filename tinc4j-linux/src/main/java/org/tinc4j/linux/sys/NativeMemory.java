package org.tinc4j.linux.sys;

import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.PageManager;
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
     * New zeroed memory that begins where a page begins.
     *
     * @param pages how much, in pages of this machine
     * @return a direct buffer in native byte order
     */
    public static ByteBuffer allocatePages(int pages) {
        int pageBytes = pageBytes();
        return ByteBuffer.allocateDirect((pages + 1) * pageBytes).alignedSlice(pageBytes).slice(0, pages * pageBytes)
                .order(ByteOrder.nativeOrder());
    }

    /**
     * The size of a page.
     *
     * @return 4096 on most machines, up to 65536 on ARM
     */
    public static int pageBytes() {
        return (int) PageManager.getInstance().pageSize();
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
