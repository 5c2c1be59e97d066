package org.tinc4j.impl.fabric;

/**
 * What tells an end that the other is gone. It is sent once: on a lossy link it comes late, as if it had been sent again; on a cut link it is lost,
 * and the end learns when it sends next.
 */
final class Reset implements Runnable {

    private static final int MAX_TRIES = 5;

    private final FabricStream to;
    private final StreamEnd reason;
    private int cuts;

    Reset(FabricStream to, StreamEnd reason) {
        this.to = to;
        this.reason = reason;
    }

    /**
     * Sends it from the other end's host.
     *
     * @param notBeforeNanos what was sent before it arrives before it
     */
    void send(long notBeforeNanos) {
        Fabric fabric = to.fabric();
        Links links = fabric.links();
        if (!to.peerHost().isUp() || links.isCut(to.peerHost(), to.host())) {
            return;
        }
        LinkFigures figures = links.figures(to.peerHost(), to.host());
        long lateNanos = 0;
        for (int tries = 1; links.happens(figures.loss()); tries++) {
            if (tries == MAX_TRIES) {
                return;
            }
            lateNanos += Math.min(Segment.FIRST_RETRY_NANOS << tries - 1, Segment.LAST_RETRY_NANOS);
        }
        cuts = links.cuts(to.peerHost(), to.host());
        long leavesNanos = links.departureNanos(to.peerHost(), to.host(), Segment.HEADER_BYTES, fabric.nowNanos());
        long arrivesNanos = leavesNanos + lateNanos + links.delayNanos(figures);
        fabric.at(arrivesNanos - notBeforeNanos < 0 ? notBeforeNanos : arrivesNanos, this);
    }

    @Override
    public void run() {
        Links links = to.fabric().links();
        if (!links.isCut(to.peerHost(), to.host()) && links.cuts(to.peerHost(), to.host()) == cuts) {
            to.end(reason);
        }
    }
}
