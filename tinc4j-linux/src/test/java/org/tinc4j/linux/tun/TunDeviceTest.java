package org.tinc4j.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.sys.VirtioNet;
import org.tinc4j.linux.uring.RefusingRings;
import org.tinc4j.linux.uring.RingCalls;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * What a kernel must not hand over, but might. A UDP socket stands in for {@code /dev/net/tun}: a read of either gives one message, and what is
 * in this one is up to us.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class TunDeviceTest {

    private static final int BLOCK_BYTES = 65_535 + PacketDevice.HEADROOM_BYTES + PacketDevice.TAILROOM_BYTES;
    private static final byte[] PACKET = new byte[100];

    /** A device that reads what is sent to a port. */
    private static TunDevice device(int fd) throws IOException {
        return device(fd, TunQueue.Framing.VIRTIO, DataPathOptions.DEFAULT, RingCalls.KERNEL);
    }

    private static TunDevice device(int fd, TunQueue.Framing framing, DataPathOptions options, RingCalls rings) throws IOException {
        return new TunDevice(
                new DeviceInfo("tun", "test0", 1400, ""),
                new Descriptor(fd, "TUN test0"),
                framing,
                new GrantedOffloads("TUN test0", Set.of(Offload.TSO, Offload.USO, Offload.IO_URING), options),
                rings,
                InterfaceConfiguration.Lifetime.OF_DESCRIPTOR,
                Optional.empty(),
                List.of());
    }

    /** Bound to a free port of the loopback interface. */
    private static int socket() {
        int fd = SystemCalls.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC, 0);
        ByteBuffer address = NativeMemory.allocate(16);
        address.order(ByteOrder.nativeOrder()).putShort(0, (short) Sockets.AF_INET);
        address.order(ByteOrder.BIG_ENDIAN).putInt(4, 0x7f000001);
        assertThat(SystemCalls.bind(fd, NativeMemory.address(address), 16)).isZero();
        return fd;
    }

    private static int port(int fd) {
        ByteBuffer address = NativeMemory.allocate(16 + Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(16, 16);
        assertThat(SystemCalls.getsockname(fd, NativeMemory.address(address), NativeMemory.address(address) + 16)).isZero();
        return address.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
    }

    private static void send(int port, int gsoType, int gsoSize) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(VirtioNet.SIZE + PACKET.length).order(ByteOrder.nativeOrder());
        message.put(VirtioNet.FLAGS, (byte) (gsoType == VirtioNet.GSO_NONE ? 0 : VirtioNet.F_NEEDS_CSUM));
        message.put(VirtioNet.GSO_TYPE, (byte) gsoType).putShort(VirtioNet.GSO_SIZE, (short) gsoSize);
        message.putShort(VirtioNet.CSUM_START, (short) 20).putShort(VirtioNet.CSUM_OFFSET, (short) 6);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(message.array(), message.capacity(), InetAddress.getLoopbackAddress(), port));
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void aPacketThatDoesNotFitItsHeaderIsHandedOverEmptyForTheNodeToCount(Memory memory) throws IOException {
        int fd = socket();
        try (TunDevice device = device(fd)) {
            int port = port(fd);
            send(port, VirtioNet.GSO_NONE, 0);
            send(port, 9, 1000);
            send(port, VirtioNet.GSO_UDP_L4, 30);
            PacketBatch batch = new BufferPool(memory, BLOCK_BYTES).batch(8);

            assertThat(device.read(batch)).isEqualTo(3);

            assertThat(batch.get(0).length()).isEqualTo(PACKET.length);
            assertThat(batch.get(1).length()).isZero();
            assertThat(batch.get(1).segmentation()).isEqualTo(Segmentation.NONE);
            assertThat(batch.get(1).checksumStart()).isNegative();
            assertThat(batch.get(2).length()).isEqualTo(PACKET.length);
            assertThat(batch.get(2).segmentation()).isEqualTo(Segmentation.UDP);
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void theFirstOfThemIsToldWithItsHeader(Memory memory) throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        int fd = socket();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (TunDevice device = device(fd)) {
            PacketBatch batch = new BufferPool(memory, BLOCK_BYTES).batch(8);
            for (int type = 9; type < 12; type++) {
                send(port(fd), type, 1000);
                assertThat(device.read(batch)).isEqualTo(1);
            }
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("WARN")).toList())
                .singleElement()
                .asString()
                .contains(
                        "a packet of 100 bytes does not fit its virtio-net header",
                        "(flags 1, gso_type 9, hdr_len 0, gso_size 1000, csum_start 20, csum_offset 6)",
                        "TUN test0",
                        "MALFORMED_PACKET");
    }

    /** An eventfd stands in for {@code /dev/net/tun}: it adds up the numbers of 8 bytes written to it, and takes nothing else. */
    @ParameterizedTest
    @ValueSource(ints = {64, 7, 0})
    void eachPacketOfABatchIsWrittenOnceHoweverManyARingTakes(int atOnce) throws IOException {
        RefusingRings rings = new RefusingRings();
        rings.atOnce = Math.max(atOnce, 1);
        rings.entersLeft = atOnce == 0 ? 0 : Integer.MAX_VALUE;
        rings.enterErrno = Errno.EPERM;
        int fd = SystemCalls.eventfd(SystemCalls.EFD_CLOEXEC | SystemCalls.EFD_NONBLOCK);
        try (TunDevice device =
                device(fd, TunQueue.Framing.BARE, DataPathOptions.DEFAULT.without(Offload.TSO).with(Offload.IO_URING), rings)) {
            PacketBatch direct = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(98);
            PacketBatch heap = new BufferPool(Memory.HEAP, BLOCK_BYTES).batch(2);
            PacketBatch batch = PacketBatch.lending(100);
            for (int i = 0; i < 100; i++) {
                // Two lie in Java arrays, one does not fit.
                PacketBuffer packet = i == 40 || i == 41 ? heap.get(i - 40) : direct.get(i < 40 ? i : i - 2);
                packet.reset(PacketDevice.HEADROOM_BYTES, i == 50 ? 4 : Long.BYTES);
                packet.memory().order(ByteOrder.nativeOrder()).putLong(PacketDevice.HEADROOM_BYTES, 1L << i % 50);
                batch.lend(packet);
            }

            assertThat(device.write(batch)).isEqualTo(99);

            ByteBuffer sum = NativeMemory.allocate(Long.BYTES);
            assertThat(SystemCalls.read(fd, NativeMemory.address(sum), Long.BYTES)).isEqualTo(Long.BYTES);
            assertThat(sum.getLong(0)).isEqualTo(2 * ((1L << 50) - 1) - 1);
            String refusal = device.capabilities().inactive().get(Offload.IO_URING);
            assertThat(refusal == null ? "io_uring_" : refusal).startsWith("io_uring_");
            assertThat(device.capabilities().has(Offload.IO_URING) && atOnce < 64).isFalse();
        }
    }
}
