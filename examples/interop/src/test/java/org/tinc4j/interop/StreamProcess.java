package org.tinc4j.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Main program of one end of a TCP stream of random bytes. Both ends print how many bytes they saw and their SHA-256.
 *
 * <pre>
 * receive PORT                          prints READY, takes one connection, reads it to its end
 * send ADDRESS PORT BYTES SEED RATE     RATE in bytes per second, 0 is as fast as it goes
 * </pre>
 */
final class StreamProcess {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int CHUNK_BYTES = 1 << 15;

    private StreamProcess() {}

    /** Runs one end. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long count = arguments[0].equals("receive")
                ? receive(Integer.parseInt(arguments[1]), digest)
                : send(
                        new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])),
                        Long.parseLong(arguments[3]),
                        new SplittableRandom(Long.parseLong(arguments[4])),
                        Long.parseLong(arguments[5]),
                        digest);
        System.out.println(count + " " + HexFormat.of().formatHex(digest.digest()));
    }

    private static long receive(int port, MessageDigest digest) throws IOException {
        try (ServerSocket server = new ServerSocket(port)) {
            System.out.println(NodeProcess.READY);
            try (Socket socket = server.accept()) {
                return receive(socket, digest);
            }
        }
    }

    /** Reads a connection to its end: how many bytes that were. */
    static long receive(Socket socket, MessageDigest digest) throws IOException {
        long count = 0;
        byte[] chunk = new byte[CHUNK_BYTES];
        InputStream in = socket.getInputStream();
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            digest.update(chunk, 0, n);
            count += n;
        }
        return count;
    }

    private static long send(InetSocketAddress to, long bytes, SplittableRandom random, long rate, MessageDigest digest)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(to, CONNECT_MILLIS);
            return send(socket, bytes, random, rate, digest);
        }
    }

    /** Sends random bytes and waits until the other end has read them all. */
    static long send(Socket socket, long bytes, SplittableRandom random, long rate, MessageDigest digest) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        OutputStream out = socket.getOutputStream();
        long start = System.nanoTime();
        for (long sent = 0; sent < bytes; sent += CHUNK_BYTES) {
            int n = (int) Math.min(CHUNK_BYTES, bytes - sent);
            random.nextBytes(chunk);
            digest.update(chunk, 0, n);
            out.write(chunk, 0, n);
            if (rate > 0) {
                LockSupport.parkNanos(start + sent * 1_000_000_000L / rate - System.nanoTime());
            }
        }
        socket.shutdownOutput();
        // The connection counts as survived only when the other end has seen it all and closed in turn.
        if (socket.getInputStream().read() >= 0) {
            throw new IOException("the receiver is not expected to say anything");
        }
        return bytes;
    }
}
