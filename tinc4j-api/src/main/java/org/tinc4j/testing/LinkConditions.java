package org.tinc4j.testing;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How one direction of a link between two hosts is.
 *
 * <p>TCP on such a link loses nothing and keeps its order: what is lost arrives later, after a retransmission.
 *
 * @param latency how long a datagram is under way at least; 1 ms
 * @param jitter up to so much is added, evenly distributed; UDP datagrams may overtake each other by it; 0
 * @param loss part of the datagrams that is lost, 0 to 1; 0
 * @param duplication part that arrives twice, 0 to 1; 0
 * @param reordering part that is held back so that later ones overtake it, 0 to 1; 0
 * @param bandwidthBitsPerSecond how fast bits leave; datagrams that would wait longer than 250 ms for their turn are lost; empty is unlimited
 * @param mtuBytes longest IP packet, 20 bytes of IPv4 header included; longer UDP datagrams vanish without a word; 1500; the hosts' own
 *     interfaces have 1500, so that more changes nothing
 * @param udpBlocked whether UDP is lost altogether, as behind a strict firewall; no
 */
public record LinkConditions(
        Duration latency,
        Duration jitter,
        double loss,
        double duplication,
        double reordering,
        OptionalLong bandwidthBitsPerSecond,
        int mtuBytes,
        boolean udpBlocked) {

    private static final Duration MAX_LATENCY = Duration.ofMinutes(1);

    /** Smallest MTU of IPv4 in practice, RFC 791: "Every internet destination must be able to receive a datagram of 576 octets". */
    private static final int MIN_MTU_BYTES = 576;

    /** A good local network: 1 ms, nothing lost, 1500 bytes. */
    public static final LinkConditions DEFAULT =
            new LinkConditions(Duration.ofMillis(1), Duration.ZERO, 0, 0, 0, OptionalLong.empty(), 1500, false);

    /** Checks the ranges. */
    public LinkConditions {
        time("latency", latency);
        time("jitter", jitter);
        part("loss", loss);
        part("duplication", duplication);
        part("reordering", reordering);
        if (bandwidthBitsPerSecond.isPresent() && bandwidthBitsPerSecond.getAsLong() < 1000) {
            throw new IllegalArgumentException("bandwidth=" + bandwidthBitsPerSecond.getAsLong()
                    + " bits per second is below 1000; for no bandwidth at all cut the link");
        }
        if (mtuBytes < MIN_MTU_BYTES || mtuBytes > 65535) {
            throw new IllegalArgumentException("mtu=" + mtuBytes + " bytes is outside " + MIN_MTU_BYTES + "..65535");
        }
    }

    private static void time(String name, Duration value) {
        if (value.isNegative() || value.compareTo(MAX_LATENCY) > 0) {
            throw new IllegalArgumentException(name + "=" + value + " is outside 0.." + MAX_LATENCY);
        }
    }

    private static void part(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + "=" + value + " is outside 0..1");
        }
    }

    /**
     * With another latency.
     *
     * @param time see {@link #latency()}; a minute at most
     * @return a changed copy
     */
    public LinkConditions withLatency(Duration time) {
        return new LinkConditions(time, jitter, loss, duplication, reordering, bandwidthBitsPerSecond, mtuBytes, udpBlocked);
    }

    /**
     * With another jitter.
     *
     * @param time see {@link #jitter()}; a minute at most
     * @return a changed copy
     */
    public LinkConditions withJitter(Duration time) {
        return new LinkConditions(latency, time, loss, duplication, reordering, bandwidthBitsPerSecond, mtuBytes, udpBlocked);
    }

    /**
     * With another loss.
     *
     * @param part see {@link #loss()}
     * @return a changed copy
     */
    public LinkConditions withLoss(double part) {
        return new LinkConditions(latency, jitter, part, duplication, reordering, bandwidthBitsPerSecond, mtuBytes, udpBlocked);
    }

    /**
     * With another duplication.
     *
     * @param part see {@link #duplication()}
     * @return a changed copy
     */
    public LinkConditions withDuplication(double part) {
        return new LinkConditions(latency, jitter, loss, part, reordering, bandwidthBitsPerSecond, mtuBytes, udpBlocked);
    }

    /**
     * With another reordering.
     *
     * @param part see {@link #reordering()}
     * @return a changed copy
     */
    public LinkConditions withReordering(double part) {
        return new LinkConditions(latency, jitter, loss, duplication, part, bandwidthBitsPerSecond, mtuBytes, udpBlocked);
    }

    /**
     * With a limited bandwidth.
     *
     * @param bitsPerSecond 1000 or more; 0 is unlimited
     * @return a changed copy
     */
    public LinkConditions withBandwidth(long bitsPerSecond) {
        OptionalLong limit = bitsPerSecond == 0 ? OptionalLong.empty() : OptionalLong.of(bitsPerSecond);
        return new LinkConditions(latency, jitter, loss, duplication, reordering, limit, mtuBytes, udpBlocked);
    }

    /**
     * With another MTU.
     *
     * @param bytes 576 to 65535
     * @return a changed copy
     */
    public LinkConditions withMtu(int bytes) {
        return new LinkConditions(latency, jitter, loss, duplication, reordering, bandwidthBitsPerSecond, bytes, udpBlocked);
    }

    /**
     * With UDP blocked or not.
     *
     * @param blocked see {@link #udpBlocked()}
     * @return a changed copy
     */
    public LinkConditions withUdpBlocked(boolean blocked) {
        return new LinkConditions(latency, jitter, loss, duplication, reordering, bandwidthBitsPerSecond, mtuBytes, blocked);
    }
}
