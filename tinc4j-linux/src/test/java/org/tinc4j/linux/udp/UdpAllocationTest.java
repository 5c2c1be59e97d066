package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;

/** Nothing is allocated once a socket is warm, whatever the kernel does for it. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class UdpAllocationTest {

    private static final int ROUNDS = 1000;

    private final ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @MethodSource("org.tinc4j.linux.udp.UdpTransportTest#options")
    void sendingAndReceivingAllocateNothing(DataPathOptions options) throws Exception {
        InetSocketAddress any = new InetSocketAddress("::", 0);
        try (DatagramTransport left = new UdpProvider().open(any, 1 << 20, 1 << 20, options).getFirst();
                DatagramTransport right = new UdpProvider().open(any, 1 << 20, 1 << 20, options).getFirst()) {
            int port = right.localAddress().getPort();
            PacketBatch out = Datagrams.batch(Memory.DIRECT, 6);
            InetSocketAddress four = new InetSocketAddress("127.0.0.1", port);
            InetSocketAddress six = new InetSocketAddress("::1", port);
            Datagrams.addRun(out, four, new byte[9500], 1000);
            Datagrams.add(out, six, new byte[100]);
            Datagrams.add(out, four, new byte[100]);
            Datagrams.add(out, four, new byte[100]);
            Datagrams.addRun(out, six, new byte[8000], 1000);
            PacketBatch in = Datagrams.batch(Memory.DIRECT, 6);
            SendResult[] results = new SendResult[out.size()];

            for (int i = 0; i < ROUNDS; i++) {
                round(left, out, results, right, in);
            }
            long before = meter.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round(left, out, results, right, in);
            }
            long allocated = meter.getCurrentThreadAllocatedBytes() - before;

            // What one round allocates shows a thousandfold; what the JVM itself does now and then may be a few bytes.
            assertThat(allocated).as("bytes in %d rounds", ROUNDS).isLessThan(ROUNDS);
        }
    }

    private static void round(DatagramTransport left, PacketBatch out, SendResult[] results, DatagramTransport right, PacketBatch in)
            throws Exception {
        left.send(out, results);
        int bytes = 0;
        while (bytes < 9500 + 100 + 200 + 8000) {
            int count = right.receive(in);
            for (int i = 0; i < count; i++) {
                bytes += in.get(i).length();
            }
        }
    }
}
