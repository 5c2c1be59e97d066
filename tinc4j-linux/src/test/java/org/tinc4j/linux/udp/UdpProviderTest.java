package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.tinc4j.NodeClosedException;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.TransportProvider;

@EnabledOnOs(OS.LINUX)
@Timeout(30)
class UdpProviderTest {

    private static final DataPathOptions ONE = DataPathOptions.DEFAULT.withQueues(1);

    private final TransportProvider provider = ServiceLoader.load(TransportProvider.class).findFirst().orElseThrow();

    private List<? extends DatagramTransport> open(String address, int port, DataPathOptions options) throws TransportException {
        return provider.open(new InetSocketAddress(address, port), 0, 0, options);
    }

    @Test
    void isFoundAndSupported() {
        assertThat(provider).isInstanceOf(UdpProvider.class);
        assertThat(provider.supported()).isTrue();
    }

    @Test
    void anAddressInUseIsRefusedWithARemedyAlsoWhereItIsShared() throws Exception {
        for (int queues = 1; queues <= 2; queues++) {
            DataPathOptions options = ONE.withQueues(queues);
            List<? extends DatagramTransport> taken = open("127.0.0.1", 0, options);
            int port = taken.getFirst().localAddress().getPort();
            for (int others = 1; others <= 2; others++) {
                DataPathOptions other = ONE.withQueues(others);
                assertThatThrownBy(() -> open("127.0.0.1", port, other))
                        .isInstanceOf(TransportException.class)
                        .hasMessage("cannot bind UDP 127.0.0.1 port " + port
                                + ": bind: EADDRINUSE (98); choose another address or port, or 0 for any free port");
            }
            taken.forEach(DatagramTransport::close);
            open("127.0.0.1", port, options).forEach(DatagramTransport::close);
        }
    }

    @Test
    void anAddressOfAnotherHostIsRefused() {
        assertThatThrownBy(() -> open("192.0.2.1", 0, ONE))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("cannot bind UDP 192.0.2.1 port 0: bind: EADDRNOTAVAIL (99); choose another address");
        assertThatThrownBy(() -> open("2001:db8::1", 0, ONE))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("bind: EADDRNOTAVAIL (99)");
    }

    @Test
    void buffersAreAsLargeAsAskedForAndDatagramsAreNotFragmented() throws Exception {
        for (String address : List.of("127.0.0.1", "::1")) {
            SocketSetup setup = SocketSetup.socket(new InetSocketAddress(address, 0));
            setup.buffers(50_000, 60_000);
            setup.dontFragment();
            // The kernel says twice of what was asked for.
            assertThat(option(setup, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF)).isEqualTo(100_000);
            assertThat(option(setup, Sockets.SOL_SOCKET, Sockets.SO_SNDBUF)).isEqualTo(120_000);
            assertThat(option(setup, Sockets.IPPROTO_IP, Sockets.IP_MTU_DISCOVER)).isEqualTo(Sockets.IP_PMTUDISC_DO);
            if (setup.family() == Sockets.AF_INET6) {
                assertThat(option(setup, Sockets.IPPROTO_IPV6, Sockets.IPV6_MTU_DISCOVER)).isEqualTo(Sockets.IPV6_PMTUDISC_DO);
            }
            assertThat(SystemCalls.close(setup.fd())).isZero();
        }
    }

    static int option(SocketSetup setup, int level, int option) {
        ByteBuffer memory = NativeMemory.allocate(8).putInt(4, Integer.BYTES);
        long address = NativeMemory.address(memory);
        assertThat(SystemCalls.getsockopt(setup.fd(), level, option, address, address + 4)).isZero();
        return memory.getInt(0);
    }

    @Test
    void theKernelSpreadsSendersOverTheSocketsOfAPort() throws Exception {
        List<? extends DatagramTransport> sockets = open("127.0.0.1", 0, ONE.withQueues(3));
        assertThat(sockets).hasSize(3).extracting(DatagramTransport::localAddress).containsOnly(sockets.getFirst().localAddress());
        BlockingQueue<Integer> arrivals = new LinkedBlockingQueue<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < sockets.size(); i++) {
            int socket = i;
            readers.add(Thread.ofVirtual().start(() -> read(sockets.get(socket), socket, arrivals)));
        }
        Set<Integer> seen = new HashSet<>();
        // Each sender is sent to one of three at random.
        for (int sender = 0; sender < 100 && seen.size() < 3; sender++) {
            try (DatagramTransport from = open("127.0.0.1", 0, ONE).getFirst()) {
                PacketBatch batch = Datagrams.batch(Memory.DIRECT, 1);
                Datagrams.add(batch, sockets.getFirst().localAddress(), new byte[9]);
                Datagrams.send(from, batch);
                seen.add(arrivals.poll(5, TimeUnit.SECONDS));
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2);
        sockets.forEach(DatagramTransport::close);
        for (Thread reader : readers) {
            reader.join();
        }
    }

    private static void read(DatagramTransport socket, int index, BlockingQueue<Integer> arrivals) {
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 1);
        try {
            while (true) {
                socket.receive(batch);
                arrivals.add(index);
            }
        } catch (NodeClosedException e) {
            // The test is over.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
