package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.linux.tun.NetworkNamespace.ip;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.tun.NetworkNamespace;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;

/** What depends on devices and rights: a path of 1500 bytes, buffers beyond the limit, in a network namespace of each test's own. */
@Timeout(60)
class UdpLinuxIT {

    /** A namespace belongs to a thread, and JUnit's goes on to other tests. */
    private interface Inside {
        void run() throws Exception;
    }

    private static void inNamespace(Inside test) throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                NetworkNamespace.enterOrSkip();
                test.run();
                end.complete(null);
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        try {
            end.get(50, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw e;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"::, 10.9.0.2, 1472", "0.0.0.0, 10.9.0.2, 1472", "::, fd00:9::2, 1452"})
    void whatThePathDoesNotTakeIsTooLongAndNothingElseIs(String bound, String to, int fits) throws Exception {
        inNamespace(() -> {
            ip("link", "add", "v0", "mtu", "1500", "type", "veth", "peer", "name", "v1");
            ip("addr", "add", "10.9.0.1/24", "dev", "v0");
            ip("addr", "add", "fd00:9::1/64", "dev", "v0", "nodad");
            ip("link", "set", "v0", "up");
            ip("link", "set", "v1", "up");
            ip("neigh", "add", to, "lladdr", "02:00:5e:00:53:01", "dev", "v0");
            InetSocketAddress remote = new InetSocketAddress(to, 655);
            for (DataPathOptions options : UdpTransportTest.options().toList()) {
                try (DatagramTransport socket = new UdpProvider().open(new InetSocketAddress(bound, 0), 0, 0, options).getFirst()) {
                    PacketBatch batch = Datagrams.batch(Memory.DIRECT, 8);
                    Datagrams.add(batch, remote, new byte[fits]);
                    Datagrams.addRun(batch, remote, new byte[fits * 20], fits);
                    Datagrams.add(batch, remote, new byte[fits + 1]);
                    Datagrams.add(batch, remote, new byte[300]);
                    Datagrams.addRun(batch, remote, new byte[10 * (fits + 1)], fits + 1);
                    Datagrams.add(batch, remote, new byte[100]);
                    Datagrams.addRun(batch, remote, new byte[10 * fits], fits);
                    assertThat(Datagrams.send(socket, batch)).as(options.disabled().toString()).containsExactly(
                            SendResult.SENT, SendResult.SENT, SendResult.TOO_LONG, SendResult.SENT, SendResult.TOO_LONG, SendResult.SENT,
                            SendResult.SENT);
                    assertThat(socket.capabilities().has(Offload.UDP_SEGMENT)).isEqualTo(options.allows(Offload.UDP_SEGMENT));
                }
            }
        });
    }

    @Test
    void withTheRightBuffersExceedTheLimitOfTheSystem() throws Exception {
        inNamespace(() -> {
            SocketSetup setup = SocketSetup.socket(new InetSocketAddress("127.0.0.1", 0));
            setup.buffers(32 << 20, 32 << 20);
            assertThat(UdpProviderTest.option(setup, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF))
                    .isEqualTo(64 << 20);
            assertThat(SystemCalls.close(setup.fd())).isZero();
        });
    }
}
