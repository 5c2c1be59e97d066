package org.tinc4j.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Main program of messages of many lengths, each compared with its echo, byte by byte.
 *
 * <pre>
 * serve PORT              prints READY, echoes datagrams, and one TCP connection
 * check ADDRESS PORT      sends every length over both, prints how many came back equal
 * </pre>
 */
final class EchoProcess {

    /** Largest payload of a UDP datagram over IPv4. */
    static final int MAX_DATAGRAM = 65_507;
    private static final int CONNECT_MILLIS = 10_000;
    // Of a datagram in 47 fragments and its echo a wire that loses one packet in 200 lets three of five through.
    private static final int ANSWER_MILLIS = 400;
    private static final int TRIES = 50;

    /** Around the MTU and MSS of any path here, and what fits IP, UDP and a super-packet. */
    private static final int[] AROUND = {1360, 1380, 1400, 1420, 1440, 1460};

    private static final int[] LENGTHS = {1, 2, 16, 17, 511, 512, 513, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 65_507, 65_508, 65_535};

    private EchoProcess() {}

    /** Runs one end. */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("serve")) {
            serve(Integer.parseInt(arguments[1]));
        } else {
            System.out.println(check(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]))));
        }
    }

    /** All lengths: these, ten on either side of those around an MTU, and of 2, 3, 44, 45, 64 times as much. */
    static int[] lengths() {
        int[] lengths = LENGTHS;
        for (int center : AROUND) {
            for (int times : new int[] {1, 2, 3, 44, 45, 64}) {
                int step = times == 1 ? 1 : 10;
                int[] more = new int[20 / step];
                Arrays.setAll(more, i -> center * times - 10 + i * step);
                lengths = Arrays.copyOf(lengths, lengths.length + more.length);
                System.arraycopy(more, 0, lengths, lengths.length - more.length, more.length);
            }
        }
        return lengths;
    }

    private static void serve(int port) throws IOException {
        try (ServerSocket server = new ServerSocket(port); DatagramSocket datagrams = new DatagramSocket(port)) {
            Thread.ofPlatform().daemon().start(() -> echo(datagrams));
            System.out.println(NodeProcess.READY);
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        }
    }

    private static void echo(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        try {
            while (true) {
                packet.setLength(MAX_DATAGRAM);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException e) {
            // The program ends.
        }
    }

    private static int check(InetSocketAddress server) throws IOException {
        SplittableRandom random = new SplittableRandom(server.getPort());
        int equal = 0;
        try (Socket stream = new Socket(); DatagramSocket datagrams = new DatagramSocket()) {
            stream.connect(server, CONNECT_MILLIS);
            stream.setTcpNoDelay(true);
            datagrams.setSoTimeout(ANSWER_MILLIS);
            for (int length : lengths()) {
                byte[] message = new byte[length];
                random.nextBytes(message);
                equal += overTcp(stream, message);
                if (length <= MAX_DATAGRAM) {
                    equal += overUdp(datagrams, server, message);
                }
            }
        }
        return equal;
    }

    private static int overTcp(Socket stream, byte[] message) throws IOException {
        InputStream in = stream.getInputStream();
        byte[] echo = new byte[message.length];
        stream.getOutputStream().write(message);
        new DataInputStream(in).readFully(echo);
        return Arrays.equals(message, echo) ? 1 : 0;
    }

    /** A datagram may be lost; one that comes is the right one. Older ones, which came late or twice, are passed over. */
    private static int overUdp(DatagramSocket socket, InetSocketAddress server, byte[] message) throws IOException {
        DatagramPacket echo = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        InetAddress address = server.getAddress();
        for (int i = 0; i < TRIES; i++) {
            socket.send(new DatagramPacket(message, message.length, address, server.getPort()));
            try {
                do {
                    echo.setLength(MAX_DATAGRAM);
                    socket.receive(echo);
                } while (echo.getLength() != message.length);
                return Arrays.equals(message, 0, message.length, echo.getData(), 0, echo.getLength()) ? 1 : 0;
            } catch (SocketTimeoutException e) {
                // Once more.
            }
        }
        return 0;
    }
}
