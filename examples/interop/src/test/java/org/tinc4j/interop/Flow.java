package org.tinc4j.interop;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;

/** Exchanges between two hosts, each a few packets of one kind, and what an expert may note about them. Each has a port of its own. */
enum Flow {

    /** Opened, some messages and their echoes, closed. */
    ECHO(Note.CLOSING, Set.of(), socket -> {
        socket.setTcpNoDelay(true);
        for (int length : new int[] {1, 100, 1_300, 5_000}) {
            socket.getOutputStream().write(bytes(length));
            expect(socket, length);
        }
    }, socket -> socket.getInputStream().transferTo(socket.getOutputStream())),

    /** A stream to the listener. */
    BULK_THERE(Note.CLOSING, Note.BUSY_READER, socket -> {
        socket.getOutputStream().write(bytes(Flow.BULK));
        socket.shutdownOutput();
        expectEnd(socket);
    }, socket -> {
        expect(socket, Flow.BULK);
        expectEnd(socket);
    }),

    /** A stream from the listener. */
    BULK_BACK(Note.CLOSING, Note.BUSY_READER, socket -> {
        expect(socket, Flow.BULK);
        expectEnd(socket);
    }, socket -> socket.getOutputStream().write(bytes(Flow.BULK))),

    /** The dialling side ends its direction first; the other one goes on. */
    HALF_CLOSE(Note.CLOSING, Set.of(), socket -> {
        socket.getOutputStream().write(bytes(100));
        socket.shutdownOutput();
        expect(socket, 50_000);
        expectEnd(socket);
    }, socket -> {
        expect(socket, 100);
        expectEnd(socket);
        socket.getOutputStream().write(bytes(50_000));
    }),

    /** Reset by the dialling side in the middle. */
    RESET(Set.of(Note.RESET), Set.of(), socket -> {
        expect(socket, 100);
        socket.setSoLinger(true, 0);
    }, socket -> {
        socket.getOutputStream().write(bytes(100));
        try {
            expectEnd(socket);
        } catch (SocketException e) {
            return;
        }
        throw new IOException("the reset looked like an end");
    }),

    /** Nobody listens. */
    REFUSED(Set.of(Note.RESET), Set.of(), socket -> {
        throw new IOException("somebody listens");
    }, null),

    /** The listener does not read until the window has been full and probed. */
    SLOW_READER(Note.closingAnd(Note.WINDOW_FULL, Note.ZERO_WINDOW, Note.KEEPALIVE), Note.PROBED_WINDOW, socket -> {
        socket.getOutputStream().write(bytes(Flow.MORE_THAN_A_WINDOW));
        socket.shutdownOutput();
        expectEnd(socket);
    }, socket -> {
        long end = System.nanoTime() + Flow.PAUSE_NANOS;
        for (long left = Flow.PAUSE_NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        expect(socket, Flow.MORE_THAN_A_WINDOW);
        expectEnd(socket);
    }),

    /** Silence, and the dialling side asks whether there is still somebody. */
    KEEPALIVE(Note.closingAnd(Note.KEEPALIVE), Set.of(Note.KEEPALIVE_ANSWER), socket -> {
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
        socket.setKeepAlive(true);
        expectEnd(socket);
    }, socket -> {
        socket.setSoTimeout((int) (Flow.PAUSE_NANOS / 1_000_000));
        try {
            expectEnd(socket);
        } catch (SocketTimeoutException e) {
            return;
        }
        throw new IOException("it ended before its time");
    }),

    /** Datagrams and their echoes. */
    DATAGRAMS(Set.of(), Set.of(), null, null);

    private static final int FIRST_PORT = 7100;

    /** All ports, first and last. */
    static final String PORTS = FIRST_PORT + "-" + (FIRST_PORT + values().length - 1);

    private static final int BULK = 3 << 20;
    private static final int MORE_THAN_A_WINDOW = 1 << 20;
    private static final long PAUSE_NANOS = 2_000_000_000L;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int DATAGRAM_BYTES = 500;

    /** What one end does with its connection, which is closed behind it. */
    @FunctionalInterface
    private interface End {
        void run(Socket socket) throws IOException;
    }

    private final Set<Note> belonging;
    private final Set<Note> possible;
    private final End dialling;
    private final End answering;

    /** The flow whose packets have these ports, if any. */
    static Optional<Flow> of(int port, int otherPort) {
        return Arrays.stream(values()).filter(flow -> flow.port() == port || flow.port() == otherPort).findFirst();
    }

    /**
     * A flow.
     *
     * @param belonging what there is to note about it
     * @param possible what there may be to note besides
     * @param dialling null if it has no connection
     * @param answering null if it has no connection
     */
    Flow(Set<Note> belonging, Set<Note> possible, End dialling, End answering) {
        this.belonging = belonging;
        this.possible = possible;
        this.dialling = dialling;
        this.answering = answering;
    }

    /** What there is to note about it, chat such as SYN and FIN aside: each of these at least once. */
    Set<Note> belonging() {
        return belonging;
    }

    /** What there may be to note about it besides; nothing else. */
    Set<Note> possible() {
        return possible;
    }

    /** Whether it takes its time. */
    boolean patient() {
        return this == SLOW_READER || this == KEEPALIVE;
    }

    /** Whether anybody answers. */
    boolean answered() {
        return this != REFUSED;
    }

    /** Where the listening side listens. */
    int port() {
        return FIRST_PORT + ordinal();
    }

    /** The dialling side, to its end. */
    void dial(StackSockets stack, String address) throws IOException {
        InetSocketAddress to = new InetSocketAddress(address, port());
        if (this == DATAGRAMS) {
            exchangeDatagrams(stack, to);
            return;
        }
        try (Socket socket = stack.socket()) {
            socket.connect(to, CONNECT_MILLIS);
            dialling.run(socket);
        } catch (ConnectException e) {
            if (this != REFUSED) {
                throw e;
            }
        }
    }

    /**
     * The listening side, until it fails.
     *
     * @param listening run as soon as it listens
     */
    void answer(StackSockets stack, Runnable listening) throws IOException {
        if (this == DATAGRAMS) {
            echoDatagrams(stack, listening);
            return;
        }
        try (ServerSocket server = stack.server(port())) {
            listening.run();
            while (true) {
                try (Socket socket = server.accept()) {
                    answering.run(socket);
                }
            }
        }
    }

    private static void exchangeDatagrams(StackSockets stack, InetSocketAddress to) throws IOException {
        try (DatagramSocket socket = stack.datagram(0)) {
            socket.setSoTimeout(CONNECT_MILLIS);
            for (int i = 0; i < 5; i++) {
                byte[] message = bytes(DATAGRAM_BYTES + i);
                socket.send(new DatagramPacket(message, message.length, to));
                DatagramPacket echo = new DatagramPacket(new byte[2 * DATAGRAM_BYTES], 2 * DATAGRAM_BYTES);
                socket.receive(echo);
                if (!Arrays.equals(message, Arrays.copyOf(echo.getData(), echo.getLength()))) {
                    throw new IOException("the echo is another one");
                }
            }
        }
    }

    private static void echoDatagrams(StackSockets stack, Runnable listening) throws IOException {
        try (DatagramSocket socket = stack.datagram(DATAGRAMS.port())) {
            listening.run();
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2 * DATAGRAM_BYTES], 2 * DATAGRAM_BYTES);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }

    private static byte[] bytes(int count) {
        return Pages.of("/" + count);
    }

    private static void expect(Socket socket, int count) throws IOException {
        byte[] read = socket.getInputStream().readNBytes(count);
        if (read.length < count) {
            throw new EOFException("it ended after " + read.length + " of " + count + " bytes");
        }
        if (!Arrays.equals(read, bytes(count))) {
            throw new IOException("something else came than " + count + " known bytes");
        }
    }

    private static void expectEnd(Socket socket) throws IOException {
        if (socket.getInputStream().read() >= 0) {
            throw new IOException("more came than was expected");
        }
    }
}
