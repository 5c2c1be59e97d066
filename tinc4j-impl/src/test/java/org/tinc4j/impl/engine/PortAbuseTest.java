package org.tinc4j.impl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/** Strangers at the TCP and UDP port of a running node. Two peers ping each other meanwhile, and must not notice. */
@Timeout(60)
class PortAbuseTest {

    private static final long SEED = 4;

    private final Random random = new Random(SEED);
    private final NodeKey victimKey = NodeKey.generate();
    private final NodeKey friendKey = NodeKey.generate();
    private TincNode victim;
    private TincNode friend;
    private InetSocketAddress port;
    private long socketsBefore;

    @BeforeEach
    void twoPeers() throws Exception {
        victim = Tinc.network("abuse").name("victim").key(victimKey).subnet("10.7.0.1").listen("127.0.0.1", 0)
                .device(Device.inProcess())
                .ping(Duration.ofSeconds(2), Duration.ofSeconds(1))
                .peer("friend", peer -> peer.publicKey(friendKey.publicKey()))
                .start();
        port = victim.status().listening().getFirst();
        friend = Tinc.network("abuse").name("friend").key(friendKey).subnet("10.7.0.2").listen("127.0.0.1", 0)
                .device(Device.inProcess())
                .peer("victim", peer -> peer.publicKey(victimKey.publicKey()).endpoint("127.0.0.1", port.getPort()))
                .start();
        friend.awaitReachable("victim", Duration.ofSeconds(10));
        assertThat(friend.ping("victim")).isPresent();
        socketsBefore = Footprint.sockets();
    }

    @AfterEach
    void close() {
        friend.close();
        victim.close();
    }

    /** They still talk, over the connection they had. */
    private void undisturbed() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(friend.ping("victim")).as("seed %d", SEED).hasValueSatisfying(
                    time -> assertThat(time).isLessThan(Duration.ofSeconds(1)));
        }
        assertThat(victim.ping("friend")).isPresent();
    }

    private void nothingIsLeft() {
        Footprint.awaitSockets(socketsBefore);
        Footprint.await().until(() -> victim.status().connections().size() == 1);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(port, 2000);
        return socket;
    }

    private void say(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            socket.shutdownOutput();
            socket.setSoTimeout(3000);
            byte[] answer = socket.getInputStream().readNBytes(4096);
            assertThat(answer.length).isLessThan(200);
        } catch (IOException e) {
            // Refused in the middle of it, as it should.
        }
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void randomBytesAndEndlessLines() throws Exception {
        for (int i = 0; i < 100; i++) {
            byte[] noise = new byte[1 + random.nextInt(5000)];
            random.nextBytes(noise);
            say(noise);
        }
        byte[] endless = new byte[1 << 20];
        Arrays.fill(endless, (byte) 'a');
        say(endless);
        say(line("GET / HTTP/1.1"));
        say(line("0 friend"));
        say(line("0 victim 17.7"));
        say(line("0 ^0123456789 17"));
        say(line("0 ?something 17.7"));
        say(line("0 friend 17.1"));

        undisturbed();
        nothingIsLeft();
    }

    @Test
    void truncatedOversizedAndForgedRecordsAfterTheNameOfAPeer() throws Exception {
        byte[] hello = line("0 friend 17.7");
        for (int i = 0; i < 100; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            byte[] both = Arrays.copyOf(hello, hello.length + noise.length);
            System.arraycopy(noise, 0, both, hello.length, noise.length);
            say(both);
        }
        byte[] largest = Arrays.copyOf(hello, 70_000);
        largest[hello.length] = (byte) 0xff;
        largest[hello.length + 1] = (byte) 0xff;
        say(largest);
        byte[] kex = Arrays.copyOf(hello, hello.length + 68);
        kex[hello.length + 1] = 65;
        kex[hello.length + 2] = (byte) 128;
        say(kex);

        undisturbed();
        nothingIsLeft();
    }

    @Test
    void connectionsThatSayNothingOrOneByteAtATimeAreEnded() throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            slow.add(connect());
        }
        for (int i = 0; i < 6; i++) {
            for (Socket socket : slow) {
                try {
                    socket.getOutputStream().write('0');
                } catch (IOException e) {
                    // It has been ended.
                }
            }
            undisturbed();
        }
        for (Socket socket : slow) {
            socket.setSoTimeout(5000);
            try {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (java.net.SocketException e) {
                // Reset: ended as well.
            }
            socket.close();
        }

        nothingIsLeft();
    }

    @Test
    void floodsOfConnections() throws Exception {
        for (int i = 0; i < 1000; i++) {
            connect().close();
        }

        undisturbed();
        nothingIsLeft();
    }

    @Test
    void floodsOfDatagrams() throws Exception {
        byte[] id = new byte[6];
        System.arraycopy(idOf("friend"), 0, id, 0, 6);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 50_000; i++) {
                byte[] datagram = new byte[random.nextInt(1500)];
                random.nextBytes(datagram);
                if (i % 2 == 0 && datagram.length > 12) {
                    Arrays.fill(datagram, 0, 6, (byte) 0);
                    System.arraycopy(id, 0, datagram, 6, 6);
                }
                socket.send(new DatagramPacket(datagram, datagram.length, port));
                if (i % 10_000 == 0) {
                    undisturbed();
                }
            }
        }

        undisturbed();
        assertThat(victim.status().drops().values().stream().mapToLong(Long::longValue).sum()).isGreaterThan(1000);
    }

    private static byte[] idOf(String name) throws Exception {
        return Arrays.copyOf(
                java.security.MessageDigest.getInstance("SHA-512").digest(name.getBytes(StandardCharsets.US_ASCII)), 6);
    }

    @Test
    void memoryAndThreadsReturnToWhereTheyWere() throws Exception {
        List<String> threads = Footprint.platformThreads();
        long before = usedAfterCollection();
        for (int round = 0; round < 500; round++) {
            say(line("0 friend 17.7"));
        }
        nothingIsLeft();
        long after = usedAfterCollection();

        assertThat(Footprint.platformThreads()).hasSizeLessThanOrEqualTo(threads.size());
        assertThat(after - before).as("bytes, for 500 connections").isLessThan(4 << 20);
    }

    private static long usedAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
