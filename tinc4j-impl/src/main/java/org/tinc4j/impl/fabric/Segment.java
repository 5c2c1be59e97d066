package org.tinc4j.impl.fabric;

/**
 * One piece of a stream, sent again until it arrives.
 *
 * <p>The network knows what it loses, so nothing is acknowledged: a segment that is lost is sent again when a real sender's timer would have
 * run out. As an event it is either its arrival or that timer.
 */
final class Segment implements Runnable {

    enum Kind {
        SYN,
        SYN_ACK,
        ACK,
        DATA,
        FIN,
        /** How much the reader has consumed, in all. Outside the order of the others. */
        WINDOW
    }

    /** RFC 791, section 3.1, and RFC 9293, section 3.1: 20 bytes of IPv4 and 20 of TCP, without options. */
    static final int HEADER_BYTES = 40;

    /** Linux: TCP_RTO_MIN. */
    static final long FIRST_RETRY_NANOS = 200_000_000;

    /** Doubling ends here, so that a stream goes on soon after its link is healed. */
    static final long LAST_RETRY_NANOS = 1_000_000_000;

    /** About what Linux's tcp_retries2 comes to. */
    private static final long GIVE_UP_NANOS = 15 * 60 * 1_000_000_000L;

    private final FabricStream from;
    private final Kind kind;
    private final byte[] bytes;
    private final long consumedBytes;
    private final long firstSentNanos;

    private long retryNanos = FIRST_RETRY_NANOS;
    private long sentNanos;
    private int cuts;
    private boolean underWay;
    private boolean lostBefore;
    private boolean arrived;

    private Segment(FabricStream from, Kind kind, byte[] bytes, long consumedBytes) {
        this.from = from;
        this.kind = kind;
        this.bytes = bytes;
        this.consumedBytes = consumedBytes;
        this.firstSentNanos = from.fabric().nowNanos();
    }

    static Segment of(FabricStream from, Kind kind) {
        return new Segment(from, kind, Fabric.NO_BYTES, 0);
    }

    static Segment data(FabricStream from, byte[] bytes) {
        return new Segment(from, Kind.DATA, bytes, 0);
    }

    static Segment window(FabricStream from, long consumedBytes) {
        return new Segment(from, Kind.WINDOW, Fabric.NO_BYTES, consumedBytes);
    }

    Kind kind() {
        return kind;
    }

    byte[] bytes() {
        return bytes;
    }

    long consumedBytes() {
        return consumedBytes;
    }

    boolean arrived() {
        return arrived;
    }

    /** Sends it, for the first time or again. */
    void send() {
        Fabric fabric = from.fabric();
        Links links = fabric.links();
        sentNanos = fabric.nowNanos();
        if (links.isCut(from.host(), from.peerHost())) {
            lost("cut");
            return;
        }
        LinkFigures figures = links.figures(from.host(), from.peerHost());
        long leavesNanos = links.departureNanos(from.host(), from.peerHost(), bytes.length + HEADER_BYTES, sentNanos);
        if (links.happens(figures.loss())) {
            lost("loss");
            return;
        }
        cuts = links.cuts(from.host(), from.peerHost());
        underWay = true;
        long arrivesNanos = leavesNanos + links.delayNanos(figures);
        from.underWayUntil(arrivesNanos);
        fabric.at(arrivesNanos, this);
    }

    @Override
    public void run() {
        if (underWay) {
            underWay = false;
            arrive();
        } else {
            retry();
        }
    }

    private void arrive() {
        Links links = from.fabric().links();
        if (links.isCut(from.host(), from.peerHost()) || links.cuts(from.host(), from.peerHost()) != cuts) {
            lost("cut");
        } else if (!from.peerHost().isUp()) {
            lost("host down");
        } else {
            arrived = true;
            from.arrived(this);
        }
    }

    private void lost(String reason) {
        Fabric fabric = from.fabric();
        if (fabric.observed()) {
            from.tell(FabricEvent.TCP_LOST, bytes, kind + " " + reason);
        }
        if (from.isOver()) {
            return;
        }
        if (!lostBefore) {
            lostBefore = true;
            from.lost(this);
        }
        long atNanos = sentNanos + retryNanos;
        retryNanos = Math.min(2 * retryNanos, LAST_RETRY_NANOS);
        fabric.at(atNanos - fabric.nowNanos() < 0 ? fabric.nowNanos() : atNanos, this);
    }

    private void retry() {
        if (from.isOver() || from.hasNewer(this)) {
            return;
        }
        if (from.fabric().nowNanos() - firstSentNanos > GIVE_UP_NANOS) {
            from.end(StreamEnd.TIMED_OUT);
            return;
        }
        send();
        if (underWay && lostBefore) {
            lostBefore = false;
            from.recovered(this);
        }
    }
}
