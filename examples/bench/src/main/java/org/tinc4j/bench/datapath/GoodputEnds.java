package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.tinc4j.TincNode;

/** What a node does for {@link GoodputStream}: sends random bytes, or receives on a virtual thread and watches the progress. */
final class GoodputEnds {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CHUNK_BYTES = 1 << 16;

    private final TincNode node;
    private CompletableFuture<String> received;

    GoodputEnds(TincNode node) {
        this.node = node;
    }

    /** Takes one connection, from now on, and counts what comes in its first seconds. */
    String listen(int port, int seconds) throws IOException {
        ServerSocket server = node.listen(port);
        received = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (server; Socket socket = server.accept()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                received.complete(receive(socket.getInputStream(), Duration.ofSeconds(seconds).toNanos()));
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
        });
        return "ok";
    }

    private static String receive(InputStream in, long countedNanos) throws IOException {
        MessageDigest hash = sha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        long start = System.nanoTime();
        long last = start;
        long longestPause = 0;
        long total = 0;
        long counted = 0;
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            long now = System.nanoTime();
            longestPause = Math.max(longestPause, now - last);
            last = now;
            hash.update(chunk, 0, n);
            total += n;
            if (now - start <= countedNanos) {
                counted = total;
            }
        }
        return String.join(" ", hex(hash), Long.toString(total), Long.toString(counted), Long.toString(longestPause));
    }

    /** Of that connection, once it has ended: hash, bytes, bytes in the time that counts, longest pause in nanoseconds. */
    String received() throws IOException {
        try {
            return received.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Sends for some seconds: hash and bytes. */
    String send(String address, int port, int seconds) throws IOException {
        SplittableRandom random = new SplittableRandom();
        MessageDigest hash = sha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        long count = 0;
        try (Socket socket = node.connect(address, port, PATIENCE)) {
            OutputStream out = socket.getOutputStream();
            long start = System.nanoTime();
            while (System.nanoTime() - start < Duration.ofSeconds(seconds).toNanos()) {
                random.nextBytes(chunk);
                hash.update(chunk);
                out.write(chunk);
                count += chunk.length;
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("the receiver is not expected to say anything");
            }
        }
        return hex(hash) + " " + count;
    }

    private static String hex(MessageDigest hash) {
        return HexFormat.of().formatHex(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
