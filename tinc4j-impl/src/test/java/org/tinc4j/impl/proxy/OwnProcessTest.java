package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Whose the other end of a loopback connection is. */
class OwnProcessTest {

    private static final String TITLE = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private static String line(String local, String remote, String inode) {
        return "   0: " + local + " " + remote + " 01 00000000:00000000 00:00000000 00000000  1000        0 " + inode
                + " 1 0000 20 4 30 10 -1";
    }

    @Test
    void findsTheConnectionByBothPorts() {
        List<String> lines = List.of(
                TITLE,
                line("0100007F:1F90", "0100007F:D2F4", "111"),
                line("0100007F:D2F4", "0100007F:1F90", "222"),
                line("0000000000000000FFFF00000100007F:1234", "0000000000000000FFFF00000100007F:1F90", "333"));

        assertThat(OwnProcess.inode(lines.stream(), 0xD2F4, 0x1F90)).isEqualTo("222");
        assertThat(OwnProcess.inode(lines.stream(), 0x1234, 0x1F90)).isEqualTo("333");
        assertThat(OwnProcess.inode(lines.stream(), 0x9999, 0x1F90)).isNull();
    }

    @Test
    void doesNotTakeAnotherAddressForLoopback() {
        assertThat(OwnProcess.inode(Stream.of(TITLE, line("0101A8C0:D2F4", "0101A8C0:1F90", "222")), 0xD2F4, 0x1F90)).isNull();
    }

    @Test
    void knowsItsOwnConnections() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "the system does not tell of sockets in /proc");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket near = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket far = server.accept()) {
            assertThat(near.isConnected()).isTrue();
            assertThat(OwnProcess.holdsOtherEnd(far)).isTrue();
        }
    }

    /** Whoever sees our connections may bind the same port of 127.0.0.2, and must not be taken for us. */
    @Test
    void doesNotTakeTheSamePortOfAnotherLoopbackAddressForItsOwn() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "the system does not tell of sockets in /proc");
        InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                Socket ours = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept();
                Socket alike = new Socket(server.getInetAddress(), server.getLocalPort(), other, ours.getLocalPort());
                Socket far = server.accept()) {
            assertThat(accepted.getPort()).isEqualTo(far.getPort());
            assertThat(alike.isConnected()).isTrue();
            assertThat(OwnProcess.holdsOtherEnd(far)).isFalse();
        }
    }
}
