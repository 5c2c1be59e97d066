package org.tinc4j.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tinc4j.linux.tun.NetworkNamespace.ip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.Device;
import org.tinc4j.DeviceException;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.sys.IfTun;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.udp.UdpProvider;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * Super-packets of the kernel's own TCP and UDP, taken and given back. A mirror exchanges the addresses of all that leaves, so that the host
 * talks to itself by way of the TUN; exchanged addresses leave every checksum as it is.
 */
@Timeout(120)
class OffloadLinuxIT {

    private static final int BLOCK_BYTES = 65_535 + PacketDevice.HEADROOM_BYTES + PacketDevice.TAILROOM_BYTES;
    private static final int STREAM_BYTES = 64 << 20;

    @BeforeAll
    static void enterNamespace() throws Exception {
        NetworkNamespace.enterOrSkip();
    }

    /** What of the system is used, but where a test says otherwise. */
    DataPathOptions dataPath() {
        return DataPathOptions.DEFAULT;
    }

    /** Writes back what it reads, and counts its kinds. */
    private static final class Mirror implements AutoCloseable {
        final PacketDevice device;
        final Map<Segmentation, Integer> kinds = new EnumMap<>(Segmentation.class);
        private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

        Mirror(String name, DataPathOptions options, Thread.Builder thread) throws Exception {
            this(name, options, thread, Memory.DIRECT);
        }

        Mirror(String name, DataPathOptions options, Thread.Builder thread, Memory memory) throws Exception {
            device = new TunProvider()
                    .open(Device.kernel().name(name).address("10.30.0.1/24").address("fd00:30::1/64"), options);
            thread.start(() -> run(memory));
        }

        private void run(Memory memory) {
            PacketBatch batch = new BufferPool(memory, BLOCK_BYTES).batch(16);
            PacketBatch back = PacketBatch.lending(16);
            try {
                while (true) {
                    int count = device.read(batch);
                    for (int i = 0; i < count; i++) {
                        PacketBuffer packet = batch.get(i);
                        kinds.merge(packet.segmentation(), 1, Integer::sum);
                        exchangeAddresses(packet.memory(), packet.offset());
                        back.lend(packet);
                    }
                    device.write(back);
                    back.clear();
                }
            } catch (NodeClosedException e) {
                ended.complete(null);
            } catch (Throwable e) {
                ended.complete(e);
            }
        }

        private static void exchangeAddresses(ByteBuffer m, int at) {
            boolean four = (m.get(at) & 0xf0) == 0x40;
            int bytes = four ? 4 : 16;
            int source = at + (four ? 12 : 8);
            byte[] first = new byte[bytes];
            m.get(source, first);
            m.put(source, m, source + bytes, bytes);
            m.put(source + bytes, first);
        }

        @Override
        public void close() {
            device.close();
            assertThat(ended.join()).isNull();
        }
    }

    private static void streamThroughMirror(String own, String mirrored) throws Exception {
        byte[] block = new byte[1 << 20];
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(own));
                Socket client = new Socket()) {
            client.bind(new InetSocketAddress(InetAddress.getByName(own), 0));
            client.connect(new InetSocketAddress(InetAddress.getByName(mirrored), server.getLocalPort()), 5000);
            Socket accepted = server.accept();
            Thread writer = Thread.ofPlatform().start(() -> {
                Random random = new Random(1);
                try (var out = client.getOutputStream()) {
                    for (int i = 0; i < STREAM_BYTES; i += block.length) {
                        random.nextBytes(block);
                        sent.update(block);
                        out.write(block);
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            long start = System.nanoTime();
            byte[] into = new byte[1 << 16];
            for (int n = accepted.getInputStream().read(into); n >= 0; n = accepted.getInputStream().read(into)) {
                received.update(into, 0, n);
            }
            writer.join();
            System.out.printf("mirror, %s: %.2f Gb/s%n", own, STREAM_BYTES * 8.0 / (System.nanoTime() - start));
            accepted.close();
        }
        assertThat(HexFormat.of().formatHex(received.digest())).isEqualTo(HexFormat.of().formatHex(sent.digest()));
    }

    private static long checksumErrors() throws Exception {
        String[] tcp = Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream().filter(line -> line.startsWith("Tcp:"))
                .toArray(String[]::new);
        String[] names = tcp[0].split(" ");
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals("InCsumErrors")) {
                return Long.parseLong(tcp[1].split(" ")[i]);
            }
        }
        throw new IllegalStateException("no InCsumErrors in " + tcp[0]);
    }

    @ParameterizedTest
    @CsvSource({"10.30.0.1, 10.30.0.2, TCP_V4", "fd00:30::1, fd00:30::2, TCP_V6"})
    void superPacketsOfTheKernelComeAndGo(String own, String mirrored, Segmentation kind) throws Exception {
        try (Mirror mirror = new Mirror("tso0", dataPath(), Thread.ofVirtual())) {
            assertThat(mirror.device.capabilities().active()).contains(Offload.TSO, Offload.USO);
            assertThat(mirror.device.readBytes()).isEqualTo(65_535);

            streamThroughMirror(own, mirrored);

            assertThat(mirror.kinds.get(kind)).as("super-packets among %s", mirror.kinds).isGreaterThan(100);
            assertThat(checksumErrors()).isZero();
        }
    }

    @Test
    void aReaderOnAPlatformThreadDoesTheSame() throws Exception {
        try (Mirror mirror = new Mirror("tso1", dataPath(), Thread.ofPlatform())) {
            streamThroughMirror("10.30.0.1", "10.30.0.2");
            assertThat(mirror.kinds.get(Segmentation.TCP_V4)).isGreaterThan(100);
        }
    }

    @Test
    void withoutOffloadsEachSegmentComesByItself() throws Exception {
        try (Mirror mirror = new Mirror("tso2", dataPath().without(Offload.TSO), Thread.ofVirtual())) {
            assertThat(mirror.device.capabilities().inactive().get(Offload.TSO)).isEqualTo("switched off");
            assertThat(mirror.device.readBytes()).isEqualTo(1425);

            streamThroughMirror("10.30.0.1", "10.30.0.2");

            assertThat(mirror.kinds).containsOnlyKeys(Segmentation.NONE);
        }
    }

    @Test
    void runsOfDatagramsComeAndGo() throws Exception {
        InetSocketAddress own = new InetSocketAddress(InetAddress.getByName("10.30.0.1"), 0);
        try (Mirror mirror = new Mirror("uso0", dataPath(), Thread.ofVirtual());
                DatagramTransport receiver = new UdpProvider().open(own, 0, 0, dataPath().withQueues(1)).getFirst();
                DatagramTransport sender = new UdpProvider().open(own, 0, 0, dataPath().withQueues(1)).getFirst()) {
            PacketBatch batch = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(1);
            PacketBuffer run = batch.get(0);
            run.reset(PacketDevice.HEADROOM_BYTES, 20 * 1200 + 7);
            run.segmented(Segmentation.UDP, 0, 1200);
            run.remote(new InetSocketAddress(InetAddress.getByName("10.30.0.2"), receiver.localAddress().getPort()));
            for (int i = 0; i < run.length(); i++) {
                run.memory().put(run.offset() + i, (byte) (i * 31 >> 3));
            }
            batch.size(1);
            sender.send(batch, new DatagramTransport.SendResult[1]);

            byte[] sent = bytes(run);
            byte[] received = new byte[0];
            PacketBatch arrived = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(32);
            while (received.length < sent.length) {
                int count = receiver.receive(arrived);
                for (int i = 0; i < count; i++) {
                    byte[] more = bytes(arrived.get(i));
                    byte[] all = java.util.Arrays.copyOf(received, received.length + more.length);
                    System.arraycopy(more, 0, all, received.length, more.length);
                    received = all;
                }
            }
            assertThat(received).isEqualTo(sent);
            assertThat(mirror.kinds.get(Segmentation.UDP)).as("runs among %s", mirror.kinds).isEqualTo(1);
        }
    }

    @Test
    void aPersistentInterfaceMadeForOneQueueIsOpenedWithOne() throws Exception {
        ip("tuntap", "add", "dev", "old0", "mode", "tun");
        try (PacketDevice device = new TunProvider().open(Device.kernel().name("old0").address("10.31.0.1/24"), dataPath().withQueues(4))) {
            assertThat(device.moreQueues()).isEmpty();
        } finally {
            ip("link", "del", "old0");
        }
    }

    @Test
    void aPersistentInterfaceMadeForSeveralQueuesIsOpenedWithOneToo() throws Exception {
        ip("tuntap", "add", "dev", "old1", "mode", "tun", "multi_queue");
        try (PacketDevice device = new TunProvider().open(Device.kernel().name("old1").address("10.31.0.1/24"), dataPath().withQueues(1))) {
            assertThat(device.moreQueues()).isEmpty();
        } finally {
            ip("link", "del", "old1");
        }
    }

    @Test
    void aPersistentInterfaceIsLeftWithoutOffloads() throws Exception {
        ip("tuntap", "add", "dev", "old2", "mode", "tun");
        try {
            for (Device.Kernel options : List.of(Device.kernel().name("old2").address("10.31.0.1/24"), Device.kernel().name("old2").unconfigured())) {
                try (PacketDevice device = new TunProvider().open(options, dataPath().withQueues(1))) {
                    assertThat(device.capabilities().has(Offload.TSO)).isTrue();
                    assertThat(handsOverSuperPackets("old2")).isTrue();
                }
                assertThat(handsOverSuperPackets("old2")).as("after %s", options).isFalse();
            }
        } finally {
            ip("link", "del", "old2");
        }
    }

    /**
     * What was switched on stays on when a process is killed. A reader that opens the interface as C tincd does changes nothing about it, and
     * gets super-packets and unfinished checksums that it does not know of; a node of ours gives back what it does not take.
     */
    @Test
    void offloadsThatAKilledProcessLeftOnAPersistentInterfaceAreGivenBackByANodeWithoutThem() throws Exception {
        ip("tuntap", "add", "dev", "old3", "mode", "tun");
        try {
            openAndBeKilled("old3");
            assertThat(handsOverSuperPackets("old3")).isTrue();
            openAndCloseAsCTincDoes("old3");
            assertThat(handsOverSuperPackets("old3")).isTrue();
            DataPathOptions without = dataPath().withQueues(1).without(Offload.values());
            try (Mirror mirror = new Mirror("old3", without, Thread.ofVirtual())) {
                assertThat(handsOverSuperPackets("old3")).isFalse();
                streamThroughMirror("10.30.0.1", "10.30.0.2");
                assertThat(mirror.kinds).containsOnlyKeys(Segmentation.NONE);
                assertThat(checksumErrors()).isZero();
            }
        } finally {
            ip("link", "del", "old3");
        }
    }

    private static void openAndBeKilled(String name) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                        "-cp", System.getProperty("java.class.path"),
                        TunHolder.class.getName(), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo(TunHolder.READY);
        } finally {
            process.destroyForcibly();
        }
        int killed = 128 + 9;
        assertThat(process.waitFor()).isEqualTo(killed);
    }

    private static void openAndCloseAsCTincDoes(String name) {
        ByteBuffer path = NativeMemory.allocate(32).put(0, "/dev/net/tun".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer ifreq = NativeMemory.allocate(IfTun.IFREQ_SIZE).put(0, name.getBytes(StandardCharsets.US_ASCII));
        ifreq.putShort(IfTun.IFREQ_FLAGS, (short) (IfTun.IFF_TUN | IfTun.IFF_NO_PI));
        int fd = SystemCalls.open(NativeMemory.address(path), SystemCalls.O_RDWR);
        assertThat(SystemCalls.ioctl(fd, IfTun.TUNSETIFF, NativeMemory.address(ifreq))).isZero();
        assertThat(SystemCalls.close(fd)).isZero();
    }

    /** Asks the kernel by ETHTOOL_GTSO, {@code struct ethtool_value}: 0 u32 cmd, 4 u32 data. Source: {@code linux/ethtool.h}. */
    private static boolean handsOverSuperPackets(String name) {
        int siocEthtool = 0x8946;
        int getTso = 0x1e;
        ByteBuffer value = NativeMemory.allocate(8).putInt(0, getTso);
        ByteBuffer ifreq = NativeMemory.allocate(IfTun.IFREQ_SIZE).put(0, name.getBytes(StandardCharsets.US_ASCII));
        ifreq.putLong(IfTun.IFREQ_FLAGS, NativeMemory.address(value));
        int inet = 2;
        int datagrams = 2;
        int fd = SystemCalls.socket(inet, datagrams, 0);
        assertThat(SystemCalls.ioctl(fd, siocEthtool, NativeMemory.address(ifreq))).isZero();
        assertThat(SystemCalls.close(fd)).isZero();
        return value.getInt(4) != 0;
    }

    /** Memory of both kinds: the headers of packets in Java arrays go through memory of another byte order. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void superPacketsComeAndGoInEitherMemory(Memory memory) throws Exception {
        try (Mirror mirror = new Mirror("heap0", dataPath(), Thread.ofVirtual(), memory)) {
            streamThroughMirror("10.30.0.1", "10.30.0.2");
            assertThat(mirror.kinds.get(Segmentation.TCP_V4)).isGreaterThan(100);
        }
    }

    @Test
    void anInterfaceOfSeveralQueuesIsNotSharedByAccident() throws Exception {
        DataPathOptions several = dataPath().withQueues(2);
        try (PacketDevice device = new TunProvider().open(Device.kernel().name("mine1").address("10.33.0.1/24"), several)) {
            assertThat(device.moreQueues()).hasSize(1);
            assertThatThrownBy(() -> new TunProvider().open(Device.kernel().name("mine1"), several))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("EBUSY");
        }
    }

    @Test
    void severalQueuesCloseWithTheFirst() throws Exception {
        PacketDevice device = new TunProvider().open(Device.kernel().name("mq0").address("10.32.0.1/24"), dataPath().withQueues(3));
        assertThat(device.moreQueues()).hasSize(2);
        PacketBatch batch = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(1);
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    device.moreQueues().get(1).read(batch);
                }
            } catch (java.io.IOException e) {
                // Closed.
            }
        });
        device.close();
        assertThat(reader.join(Duration.ofSeconds(5))).isTrue();
        assertThat(ip("link", "show")).doesNotContain("mq0");
    }

    private static byte[] bytes(PacketBuffer buffer) {
        byte[] bytes = new byte[buffer.length()];
        buffer.memory().get(buffer.offset(), bytes);
        return bytes;
    }
}
