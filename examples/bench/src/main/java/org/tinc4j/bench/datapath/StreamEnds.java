package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.tinc4j.TincNode;

/** What a node does for {@link SocketStream}: sends, or receives on a virtual thread. */
final class StreamEnds {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CHUNK_BYTES = 1 << 17;

    private final TincNode node;
    private CompletableFuture<String> received;

    StreamEnds(TincNode node) {
        this.node = node;
    }

    /** Takes one connection, from now on. */
    String listen(int port) throws IOException {
        ServerSocket server = node.listen(port);
        received = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (server; Socket socket = server.accept()) {
                received.complete(drain(socket.getInputStream()));
            } catch (IOException e) {
                received.completeExceptionally(e);
            }
        });
        return "ok";
    }

    private static String drain(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long count = 0;
        long start = 0;
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            start = count == 0 ? System.nanoTime() : start;
            count += n;
        }
        return count + " " + (System.nanoTime() - start);
    }

    /** Bytes and nanoseconds of that connection, once it has ended. */
    String received() throws IOException {
        try {
            return received.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Sends for some seconds: how many bytes. */
    String source(String address, int port, int seconds) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long count = 0;
        try (Socket socket = node.connect(address, port, PATIENCE)) {
            OutputStream out = socket.getOutputStream();
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            while (System.nanoTime() - end < 0) {
                out.write(chunk);
                count += chunk.length;
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("the receiver is not expected to say anything");
            }
        }
        return Long.toString(count);
    }
}
