package org.tinc4j.bench.datapath;

import java.io.IOException;

/**
 * One TCP stream between the sockets of two nodes, of the kernel or in the process.
 *
 * @param bytes that arrived
 * @param nanos from the first to the end of the stream
 */
record SocketStream(long bytes, long nanos) {

    private static final int PORT = 7000;

    /** Sends as fast as it goes. */
    static SocketStream run(NodeProcess from, NodeProcess to, String address, int seconds) throws IOException {
        to.ask("listen " + PORT);
        String[] sent = from.ask("source " + address + " " + PORT + " " + seconds).split(" ");
        String[] received = to.ask("received").split(" ");
        if (!sent[0].equals(received[0])) {
            throw new IOException(sent[0] + " bytes were sent and " + received[0] + " arrived");
        }
        return new SocketStream(Long.parseLong(received[0]), Long.parseLong(received[1]));
    }

    double megabitsPerSecond() {
        return bytes * 8e3 / nanos;
    }
}
