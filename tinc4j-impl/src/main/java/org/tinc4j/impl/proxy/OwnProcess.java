package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether both ends of a loopback connection are in this process, by what Linux tells of its sockets. Elsewhere the answer is no.
 *
 * <pre>
 * /proc/self/net/tcp   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *                       0: 0100007F:1F90 0100007F:D2F4 01 ...                                     1000        0 12345
 * </pre>
 *
 * <p><b>Source.</b> proc_net_tcp in the kernel's documentation; proc_pid_fd(5).
 */
final class OwnProcess {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final int INODE = 9;

    private OwnProcess() {}

    /** Whether the other end of an accepted connection is this process's too. */
    static boolean holdsOtherEnd(Socket accepted) {
        // The tables are searched by ports: the same port of another address of 127.0.0.0/8 may be anybody's.
        if (!accepted.getInetAddress().isLoopbackAddress() || !accepted.getInetAddress().equals(accepted.getLocalAddress())) {
            return false;
        }
        try {
            for (Path table : TABLES) {
                if (Files.isReadable(table)) {
                    // Line by line: anybody on the host can make the table long.
                    try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
                        String inode = inode(lines, accepted.getPort(), accepted.getLocalPort());
                        if (inode != null) {
                            return isOpenHere("socket:[" + inode + "]");
                        }
                    }
                }
            }
            return false;
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            return false; // The system does not tell.
        }
    }

    /** The inode of the connected loopback socket with these ports; null if there is none. */
    static String inode(Stream<String> lines, int localPort, int remotePort) {
        return lines.skip(1) // The titles.
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length > INODE
                        && isLoopback(columns[1], localPort)
                        && isLoopback(columns[2], remotePort)
                        && !columns[INODE].equals("0"))
                .map(columns -> columns[INODE])
                .findFirst()
                .orElse(null);
    }

    /** Addresses are printed as words of the host's byte order: 127.0.0.1 by itself or mapped into IPv6, or ::1. */
    private static boolean isLoopback(String column, int port) {
        int colon = column.indexOf(':');
        String address = column.substring(0, colon);
        boolean loopback = address.endsWith("0100007F") || address.endsWith("7F000001") || address.matches("0{24}(01000000|00000001)");
        return loopback && Integer.parseInt(column.substring(colon + 1), 16) == port;
    }

    private static boolean isOpenHere(String socket) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (target(descriptor).equals(socket)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // Closed since the directory was read.
        }
    }
}
