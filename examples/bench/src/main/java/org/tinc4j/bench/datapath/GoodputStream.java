package org.tinc4j.bench.datapath;

import java.io.IOException;

/**
 * One TCP stream through a bad wire.
 *
 * @param bytes that arrived in the time that counts
 * @param seconds that count, from the moment the receiver accepted
 * @param longestPauseNanos longest time in which the receiver got nothing, until the stream had ended
 */
record GoodputStream(long bytes, int seconds, long longestPauseNanos) {

    private static final int PORT = 7000;

    /** Sends as fast as it goes, for so many seconds. */
    static GoodputStream run(NodeProcess from, NodeProcess to, String address, int seconds) throws IOException {
        to.ask("goodput-listen " + PORT + " " + seconds);
        String sent = from.ask("goodput-send " + address + " " + PORT + " " + seconds);
        String[] received = to.ask("goodput-received").split(" ");
        if (!sent.equals(received[0] + " " + received[1])) {
            throw new IOException("what arrived is not what was sent: " + String.join(" ", received) + " for " + sent);
        }
        return new GoodputStream(Long.parseLong(received[2]), seconds, Long.parseLong(received[3]));
    }

    double megabitsPerSecond() {
        return bytes * 8e-6 / seconds;
    }
}
