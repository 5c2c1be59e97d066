package org.tinc4j.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tinc4j.linux.tun.NetworkNamespace.ip;
import static org.tinc4j.linux.tun.NetworkNamespace.ipJson;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.Device;
import org.tinc4j.DeviceException;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Subnet;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DeviceProvider;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;
import org.tinc4j.spi.RouteTable;

/** A real TUN in a network namespace of its own. Needs root. */
@Timeout(120)
class TunLinuxIT {

    private static final int BLOCK_BYTES = 65_535 + PacketDevice.HEADROOM_BYTES + PacketDevice.TAILROOM_BYTES;
    private static final int BATCH = 32;
    private static final int CYCLES = 200;

    private final DeviceProvider provider =
            ServiceLoader.load(DeviceProvider.class).findFirst().orElseThrow();

    @BeforeAll
    static void enterNamespace() throws Exception {
        NetworkNamespace.enterOrSkip();
    }

    @Test
    void setsAddressesMtuAndUp() throws Exception {
        Device.Kernel options = Device.kernel().name("cfg0").address("10.7.0.5/16").address("fd00:7::5/64").mtu(1400);
        try (PacketDevice device = open(options)) {
            assertThat(device.info().name()).isEqualTo("cfg0");
            assertThat(device.info().mtuBytes()).isEqualTo(1400);

            JsonNode link = ipJson("addr", "show", "dev", "cfg0").get(0);
            assertThat(link.get("mtu").asInt()).isEqualTo(1400);
            assertThat(link.get("flags").toString()).contains("\"UP\"");
            assertThat(texts(link.get("addr_info"), "local")).containsExactlyInAnyOrder("10.7.0.5", "fd00:7::5");
            assertThat(texts(link.get("addr_info"), "prefixlen")).containsExactlyInAnyOrder("16", "64");
        }
    }

    @Test
    void takesNameAndMtuOfItsOwnWhenNoneAreAsked() throws Exception {
        try (PacketDevice device = open(Device.kernel().address("10.7.1.5/32"))) {
            assertThat(device.info().name()).matches("tinc[0-9]+");
            assertThat(device.info().mtuBytes()).isEqualTo(1425);
            assertThat(ipJson("link", "show", "dev", device.info().name()).get(0).get("mtu").asInt()).isEqualTo(1425);
        }
    }

    @Test
    void leavesEverythingToAScriptWhenUnconfigured() throws Exception {
        try (PacketDevice device = open(Device.kernel().name("raw0").address("10.7.2.5/16").unconfigured())) {
            JsonNode link = ipJson("addr", "show", "dev", "raw0").get(0);
            assertThat(link.get("flags").toString()).doesNotContain("\"UP\"");
            assertThat(link.get("addr_info")).isEmpty();
            assertThat(device.routes()).isEmpty();
            assertThat(device.info().mtuBytes()).isEqualTo(1500);
        }
    }

    @Test
    void addsAndRemovesRoutesOfBothFamilies() throws Exception {
        try (PacketDevice device = open(Device.kernel().name("rt0").address("10.8.0.5/16").address("fd00:8::5/64"))) {
            RouteTable routes = device.routes().orElseThrow();
            for (String subnet : List.of("10.9.0.0/16", "10.10.0.1", "fd00:9::/32", "10.8.0.0/16", "fd00:8::/64", "10.8.0.5")) {
                routes.add(Subnet.parse(subnet));
                routes.add(Subnet.parse(subnet));
            }
            assertThat(destinations("-4", "rt0")).containsExactlyInAnyOrder("10.8.0.0/16", "10.9.0.0/16", "10.10.0.1");
            assertThat(destinations("-6", "rt0")).containsExactlyInAnyOrder("fd00:8::/64", "fd00:9::/32");

            routes.remove(Subnet.parse("10.9.0.0/16"));
            routes.remove(Subnet.parse("10.9.0.0/16"));
            routes.remove(Subnet.parse("fd00:9::/32"));
            routes.remove(Subnet.parse("10.8.0.0/16"));
            assertThat(destinations("-4", "rt0")).containsExactlyInAnyOrder("10.8.0.0/16", "10.10.0.1");
            assertThat(destinations("-6", "rt0")).containsExactly("fd00:8::/64");
        }
        assertThat(ip("route", "show", "table", "all")).doesNotContain("rt0");
    }

    @Test
    void refusesARouteThatAnotherInterfaceHas() throws Exception {
        try (PacketDevice first = open(Device.kernel().name("own0").address("10.11.0.1/32"));
                PacketDevice second = open(Device.kernel().name("own1").address("10.11.0.2/32"))) {
            first.routes().orElseThrow().add(Subnet.parse("10.12.0.0/16"));
            assertThatThrownBy(() -> second.routes().orElseThrow().add(Subnet.parse("10.12.0.0/16")))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("rtnetlink: EEXIST (17) on route 10.12.0.0/16 dev own1; another interface has this route;"
                            + " remove it, or choose another subnet");
        }
    }

    @Test
    void acceptsARouteThatSomebodyElseMadeToThisInterface() throws Exception {
        try (PacketDevice device = open(Device.kernel().name("mine0").address("10.13.0.1/32"))) {
            ip("route", "add", "10.14.0.0/16", "dev", "mine0");
            device.routes().orElseThrow().add(Subnet.parse("10.14.0.0/16"));
            device.routes().orElseThrow().remove(Subnet.parse("10.14.0.0/16"));
            assertThat(destinations("-4", "mine0")).containsExactly("10.14.0.0/16");
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void answersAPingOfTheKernel(Memory memory) throws Exception {
        Thread responder;
        try (PacketDevice device = open(Device.kernel().name("ping0").address("10.15.0.1/24"))) {
            responder = Thread.ofVirtual().start(() -> answerPings(device, memory));
            Process ping = new ProcessBuilder("ping", "-c", "5", "-i", "0.2", "-W", "2", "10.15.0.2")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(ping.waitFor()).as(output).isZero();
            System.out.println("ping, " + memory + ": " + output.lines().reduce("", (a, b) -> b));
        }
        assertThat(responder.join(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void closeWakesABlockedVirtualReader() throws Exception {
        PacketDevice device = open(Device.kernel().name("wake0").address("10.16.0.1/32"));
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        CompletableFuture<Long> woken = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            PacketBatch batch = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(BATCH);
            try {
                while (true) {
                    device.read(batch);
                }
            } catch (Throwable t) {
                woken.complete(System.nanoTime());
                thrown.complete(t);
            }
        });
        Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);

        long start = System.nanoTime();
        device.close();
        long wokenNanos = woken.get(5, TimeUnit.SECONDS) - start;
        long closedNanos = System.nanoTime() - start;

        System.out.println("close: reader woken after " + wokenNanos / 1000 + " us, done after " + closedNanos / 1000 + " us");
        assertThat(thrown.get()).isInstanceOf(NodeClosedException.class).hasMessage("TUN wake0 is closed");
        assertThat(Duration.ofNanos(wokenNanos)).isLessThan(Duration.ofMillis(100));
        assertThatThrownBy(() -> device.write(new BufferPool(Memory.HEAP, BLOCK_BYTES).batch(1)))
                .isInstanceOf(NodeClosedException.class);
        assertThat(ip("link", "show")).doesNotContain("wake0");
        device.close();
    }

    @Test
    void openAndCloseCyclesLeaveNoDescriptorAndNoThread() throws Exception {
        cycle();
        long before = openDescriptors();
        long start = System.nanoTime();
        for (int i = 0; i < CYCLES; i++) {
            cycle();
        }
        System.out.println(CYCLES + " open/close cycles: " + (System.nanoTime() - start) / 1_000_000 + " ms");
        assertThat(openDescriptors()).isEqualTo(before);
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().equals("tinc4j-epoll"));
    }

    @Test
    void aFailedOpenLeavesNothing() throws Exception {
        cycle();
        long before = openDescriptors();
        try (PacketDevice holder = open(Device.kernel().name("busy0").address("10.17.0.1/32"))) {
            assertThatThrownBy(() -> open(Device.kernel().name("busy0")))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("ioctl TUNSETIFF: EBUSY (16) on interface busy0; it is in use");
            assertThatThrownBy(() -> open(Device.kernel().name("lo")))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("ioctl TUNSETIFF: EINVAL (22) on interface lo; ");
            // Two equal addresses: the second is refused after everything else was set.
            assertThatThrownBy(() ->
                            open(Device.kernel().name("half0").address("10.17.0.2/32").address("10.17.0.2/32")))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("rtnetlink: EEXIST (17) on address 10.17.0.2/32 of interface half0; it is there already;"
                            + " remove it first");
            assertThat(ip("link", "show")).doesNotContain("half0");
            assertThat(holder.info().kind()).isEqualTo("tun");
        }
        assertThat(openDescriptors()).isEqualTo(before);
    }

    @Test
    void aPersistentInterfaceStaysWithoutWhatWasConfigured() throws Exception {
        ip("tuntap", "add", "dev", "stay0", "mode", "tun");
        try (PacketDevice device = open(Device.kernel().name("stay0").address("10.18.0.1/24").address("fd00:18::1/64"))) {
            device.routes().orElseThrow().add(Subnet.parse("10.19.0.0/16"));
            device.routes().orElseThrow().add(Subnet.parse("fd00:19::/32"));
        }
        JsonNode link = ipJson("addr", "show", "dev", "stay0").get(0);
        assertThat(link.get("addr_info")).isEmpty();
        assertThat(link.get("mtu").asInt()).isEqualTo(1500);
        assertThat(link.get("flags").toString()).doesNotContain("\"UP\"");
        assertThat(ip("route", "show", "table", "all")).doesNotContain("stay0");
        ip("link", "del", "stay0");
    }

    @Test
    void anInterfaceDeletedByOthersFailsTheReader() throws Exception {
        try (PacketDevice device = open(Device.kernel().name("gone0").address("10.20.0.1/32"))) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    device.read(new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(1));
                    thrown.complete(new AssertionError("a packet was read"));
                } catch (Throwable t) {
                    thrown.complete(t);
                }
            });
            ip("link", "del", "gone0");
            assertThat(thrown.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(DeviceException.class)
                    .hasMessage("read: EBADFD (77) on TUN gone0; the interface was deleted by somebody else;"
                            + " start the node again");
        }
    }

    @Test
    void aPacketWithoutIpVersionIsDroppedAndTheRestTaken() throws Exception {
        try (PacketDevice device = open(Device.kernel().name("drop0").address("10.21.0.1/24"))) {
            PacketBatch batch = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(3);
            for (int i = 0; i < 3; i++) {
                PacketBuffer packet = batch.next();
                packet.reset(64, 40);
                packet.memory().put(64, (byte) (i == 1 ? 0 : 0x45));
            }
            assertThat(device.write(batch)).isEqualTo(2);
        }
    }

    /** A sanity number, not a benchmark: nothing slows the sender down, so the TUN drops what the reader is too slow for. */
    @Test
    void readsAFloodOfDatagramsInOrder() throws Exception {
        int count = 200_000;
        FloodCount flood = new FloodCount();
        Thread reader;
        try (PacketDevice device = open(Device.kernel().name("flood0").address("10.22.0.1/24"));
                DatagramSocket socket = new DatagramSocket()) {
            reader = Thread.ofVirtual().start(() -> flood.readFrom(device));
            byte[] payload = new byte[1372];
            DatagramPacket datagram = new DatagramPacket(payload, payload.length, InetAddress.getByName("10.22.0.2"), 9);
            for (String round : List.of("cold", "warm", "warm")) {
                int packetsBefore = flood.packets;
                int readsBefore = flood.reads;
                flood.lastSequence = -1;
                long start = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    ByteBuffer.wrap(payload).putInt(i);
                    socket.send(datagram);
                }
                long nanos = System.nanoTime() - start;
                int packets = flood.packets - packetsBefore;
                System.out.printf(
                        "flood, %s: read %d of %d packets of 1400 bytes in %d ms, %.2f Gb/s, %.1f packets a read%n",
                        round, packets, count, nanos / 1_000_000, packets * 11_200.0 / nanos,
                        (double) packets / (flood.reads - readsBefore));
                Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
            }
        }
        assertThat(reader.join(Duration.ofSeconds(5))).isTrue();
        assertThat(flood.outOfOrder).isZero();
        assertThat(flood.packets).isGreaterThan(10_000);
    }

    /** Counts what a reader gets. One writer; volatile because the test looks while it runs. */
    private static final class FloodCount {
        volatile int packets;
        volatile int reads;
        volatile int outOfOrder;
        volatile int lastSequence;

        void readFrom(PacketDevice device) {
            PacketBatch batch = new BufferPool(Memory.DIRECT, BLOCK_BYTES).batch(BATCH);
            try {
                while (true) {
                    int count = device.read(batch);
                    for (int i = 0; i < count; i++) {
                        int sequence = batch.get(i).memory().getInt(batch.get(i).offset() + 28);
                        outOfOrder += sequence > lastSequence ? 0 : 1;
                        lastSequence = sequence;
                    }
                    packets += count;
                    reads++;
                }
            } catch (IOException e) {
                // The test closed the device.
            }
        }
    }

    private void cycle() throws IOException {
        open(Device.kernel().name("cycle0").address("10.23.0.1/32")).close();
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    private static void answerPings(PacketDevice device, Memory memory) {
        PacketBatch batch = new BufferPool(memory, BLOCK_BYTES).batch(BATCH);
        try {
            while (true) {
                device.read(batch);
                for (int i = 0; i < batch.size(); i++) {
                    turnEchoRequestIntoReply(batch.get(i));
                }
                device.write(batch);
            }
        } catch (IOException e) {
            // The test closed the device.
        }
    }

    /** Swaps the IPv4 addresses, and makes type 8 a 0; the checksum grows by what the first word of the ICMP header lost. */
    private static void turnEchoRequestIntoReply(PacketBuffer packet) {
        ByteBuffer memory = packet.memory();
        int at = packet.offset();
        if (memory.get(at) != 0x45 || memory.get(at + 9) != 1 || memory.get(at + 20) != 8) {
            return;
        }
        int source = memory.getInt(at + 12);
        memory.putInt(at + 12, memory.getInt(at + 16)).putInt(at + 16, source).put(at + 20, (byte) 0);
        int sum = Short.toUnsignedInt(memory.getShort(at + 22)) + 0x0800;
        memory.putShort(at + 22, (short) (sum + (sum >> 16)));
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(entry -> texts.add(entry.get(field).asText()));
        return texts;
    }

    private static List<String> destinations(String family, String name) throws Exception {
        return texts(ipJson(family, "route", "show", "dev", name), "dst").stream()
                .filter(destination -> !destination.equals("ff00::/8"))
                .toList();
    }

    /** What the tests are run with; subclasses repeat them without some offloads. */
    DataPathOptions dataPath() {
        return DataPathOptions.DEFAULT;
    }

    private PacketDevice open(Device.Kernel options) throws DeviceException {
        return provider.open(options, dataPath());
    }
}
