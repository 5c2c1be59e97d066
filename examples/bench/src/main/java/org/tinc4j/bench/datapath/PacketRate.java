package org.tinc4j.bench.datapath;

import java.io.IOException;

/** Looks for the highest rate of equal UDP datagrams at which less than 0.5 % are lost. */
final class PacketRate {

    /** Steps that hit a rate within a tenth; more would not be worth their time, the rounds scatter more than that. */
    private static final int STEPS = 7;
    private static final double CLOSE_ENOUGH = 1.1;

    private static final double MOST_LOST = 0.005;

    /**
     * One step: so many packets per second for a short time.
     *
     * @param sent packets per second that were really sent
     * @param received packets per second that arrived
     */
    record Step(double sent, double received) {
        boolean lossless() {
            return received >= sent * (1 - MOST_LOST);
        }
    }

    /** Sends for a while at a rate. */
    interface Attempt {

        /**
         * Sends.
         *
         * @param packetsPerSecond 0 is as many as the sender can
         */
        Step at(double packetsPerSecond) throws IOException, InterruptedException;
    }

    private PacketRate() {}

    /**
     * Searches.
     *
     * @return packets per second that arrived in the best step without loss; 0 if there was none
     */
    static double search(Attempt attempt) throws IOException, InterruptedException {
        Step all = attempt.at(0);
        if (all.lossless()) {
            return all.received();
        }
        double best = 0;
        double tooMuch = all.sent();
        double next = all.received();
        for (int step = 1; step < STEPS && next >= 1 && tooMuch > best * CLOSE_ENOUGH; step++) {
            Step tried = attempt.at(next);
            if (tried.lossless()) {
                best = Math.max(best, tried.received());
                // The sender is not always as fast as it was asked to be.
                next = tried.sent() < next * 0.95 ? 0 : Math.sqrt(next * tooMuch);
            } else {
                tooMuch = Math.min(tooMuch, next);
                next = best > 0 ? Math.sqrt(best * tooMuch) : next * 0.6;
            }
        }
        return best;
    }
}
