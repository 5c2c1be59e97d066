package org.tinc4j.impl.offload;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

class OffloadAllocationTest {

    private static final int ROUNDS = 5_000;
    private static final int PACKETS = 40;

    @Test
    void cuttingAndJoiningAllocateNothing() {
        for (BufferPool.Memory memory : BufferPool.Memory.values()) {
            PacketBuffer whole = TestPacket.tcp(4, PACKETS * 1400).superPacket(1400);
            PacketBatch packets = new BufferPool(memory, 2048).batch(PACKETS);
            int blockBytes = PacketDevice.HEADROOM_BYTES + 65535 + PacketDevice.TAILROOM_BYTES;
            Coalescer coalescer = new Coalescer(new BufferPool(memory, blockBytes).batch(1), PACKETS);
            coalescer.kinds(EnumSet.allOf(Segmentation.class));
            Splitter splitter = new Splitter();
            int joined = run(whole, splitter, packets, coalescer);

            ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = meter.getCurrentThreadAllocatedBytes();
            joined += run(whole, splitter, packets, coalescer);
            long allocated = meter.getCurrentThreadAllocatedBytes() - before;

            assertThat(joined).isEqualTo(2 * ROUNDS);
            // The meter itself may cost a few bytes; one object a round would be more than this.
            assertThat(allocated).as("%s", memory).isLessThan(ROUNDS * 16L);
        }
    }

    private static int run(PacketBuffer whole, Splitter splitter, PacketBatch packets, Coalescer coalescer) {
        int delivered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int count = splitter.begin(whole);
            for (int i = 0; i < count; i++) {
                PacketBuffer packet = packets.get(i);
                packet.reset(PacketDevice.HEADROOM_BYTES, splitter.packetBytes(i));
                ByteBuffer target = packet.memory();
                splitter.write(i, target, packet.offset());
                coalescer.add(packet);
            }
            delivered += coalescer.finish().size();
            coalescer.clear();
        }
        return delivered;
    }
}
