package org.tinc4j.bench.datapath;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Main program of one end of a flow of equal UDP datagrams. Costs a good deal less per datagram than iperf3 does, which is at its end
 * before a good tunnel is.
 *
 * <pre>
 * receive PORT   prints READY; then, for each line of input, how many datagrams came since the last one
 * send PORT      prints READY; then, for each line "ADDRESS BYTES RATE MILLIS", how many were sent and in how many nanoseconds;
 *                RATE is in datagrams per second
 * </pre>
 */
final class PacketProcess {

    /** Says that it runs. */
    static final String READY = "READY";

    /** What a kernel allows at most by default; it takes twice that for its own accounting. */
    private static final int SOCKET_BYTES = 212_992;

    /** Short enough that a socket of standard size holds what is sent at once. */
    private static final long PAUSE_NANOS = 100_000;

    private static final int LARGEST_BYTES = 2048;

    private PacketProcess() {}

    /** Runs one end until the input ends. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int port = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("receive")) {
            receive(port, in, out);
        } else {
            send(port, in, out);
        }
    }

    private static void receive(int port, BufferedReader in, PrintStream out) throws IOException {
        AtomicLong count = new AtomicLong();
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
            channel.bind(new InetSocketAddress(port));
            // A platform thread, since a virtual one would go through the poller for every datagram.
            Thread.ofPlatform().daemon().name("receive").start(() -> count(channel, count));
            out.println(READY);
            while (in.readLine() != null) {
                out.println(count.getAndSet(0));
            }
        }
    }

    private static void count(DatagramChannel channel, AtomicLong count) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST_BYTES);
        try {
            while (true) {
                channel.receive(datagram.clear());
                count.incrementAndGet();
            }
        } catch (AsynchronousCloseException e) {
            // The input has ended, and the process does now.
            return;
        } catch (IOException e) {
            throw new IllegalStateException("cannot receive", e);
        }
    }

    private static void send(int port, BufferedReader in, PrintStream out) throws IOException {
        out.println(READY);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.connect(new InetSocketAddress(words[0], port));
                out.println(send(
                        channel,
                        ByteBuffer.allocateDirect(Integer.parseInt(words[1])),
                        Double.parseDouble(words[2]) / 1e9,
                        Long.parseLong(words[3]) * 1_000_000));
            }
        }
    }

    private static String send(DatagramChannel channel, ByteBuffer datagram, double perNano, long nanos) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        for (long past = 0; past < nanos; past = System.nanoTime() - start) {
            for (long due = (long) (past * perNano); sent < due && System.nanoTime() - start < nanos; sent++) {
                channel.write(datagram.clear());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return sent + " " + (System.nanoTime() - start);
    }
}
