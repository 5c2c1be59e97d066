package org.tinc4j.impl.path;

import java.net.InetSocketAddress;
import org.tinc4j.impl.route.ConfirmedAddresses;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.route.UdpPath;

/**
 * The UDP path to one peer: found by probes, measured by probes of growing length, given up when replies stay out.
 *
 * <pre>
 *              address known          reply                      no reply for udpTimeout
 * (nothing) ----------------> probing -------> confirmed, min..max ------------------------> probing
 *                                               probes 0..40: search; -1: settled; below -1: is max still true?
 * </pre>
 *
 * <p>The search begins as C tinc's: eight probes from above. What C tinc repeats until 20 probes are spent, and then settles somewhat below
 * the truth, is a bisection here: between the largest length that was answered and the smallest that was not. Since a probe may be lost like
 * any datagram, the search ends only when the length above the result stayed unanswered several times.
 *
 * <p>All lengths are those of type 4 records, as tinc counts.
 *
 * <p><b>Threads.</b> Machine; confined to the control thread. What it finds is published in the {@link Tunnel}.
 */
public final class PeerPath {

    /** Smallest MTU tinc works with (MINMTU). */
    public static final int MIN_MTU = 512;

    /** Shortest probe: 14 bytes of header that must be zero or known, and 4 random ones. */
    public static final int MIN_PROBE = 18;

    /** Probes from above before the bisection, one round of C tinc's. */
    private static final int FIRST_ROUND = 8;

    /** Ends a search in which too much is lost: 8 from above, 10 to bisect, and as many again for losses. */
    private static final int MAX_PROBES = 40;

    /** With a twentieth of all datagrams lost, one search in 8000 ends too low; the next look at a larger one corrects it. */
    private static final int UNANSWERED_ENOUGH = 3;

    private static final int NONE_UNANSWERED = Integer.MAX_VALUE;

    private static final long SEARCH_INTERVAL_NANOS = 333_000_000L;
    private static final long RECHECK_INTERVAL_NANOS = 1_000_000_000L;

    private final Tunnel tunnel;
    private final PathSettings settings;
    private final ConfirmedAddresses addresses;

    private InetSocketAddress address;
    private int socket;
    private boolean confirmed;
    private int min;
    private int max = UdpPath.MAX_BYTES;
    private int limit = UdpPath.MAX_BYTES;
    private int mtu = UdpPath.MAX_BYTES;
    private int probes;
    private int lastLength;
    private int unanswered = NONE_UNANSWERED;
    private int unansweredTimes;
    private long mtuProbeNanos;
    private boolean probedOnce;
    private long udpProbeNanos;
    private boolean repliedOnce;
    private long gratuitousNanos;
    private long replyNanos;
    private boolean pingOutstanding;
    private long pingNanos;
    private long rttNanos = -1;

    /**
     * Nothing is known yet.
     *
     * @param tunnel where to publish what is found
     * @param settings intervals
     * @param addresses where to publish the address while it is confirmed
     */
    public PeerPath(Tunnel tunnel, PathSettings settings, ConfirmedAddresses addresses) {
        this.tunnel = tunnel;
        this.settings = settings;
        this.addresses = addresses;
    }

    public InetSocketAddress address() {
        return address;
    }

    public int socket() {
        return socket;
    }

    public boolean confirmed() {
        return confirmed;
    }

    /** Largest record confirmed; 0 when none. */
    public int min() {
        return min;
    }

    /** What routing enforces. */
    public int mtu() {
        return mtu;
    }

    /** Whether the search has ended: min equals max. */
    public boolean settled() {
        return min == max;
    }

    /** Last round trip in nanoseconds; -1 before the first. */
    public long rttNanos() {
        return rttNanos;
    }

    /** A configured upper limit for this peer. */
    public void limit(int bytes) {
        limit = bytes;
        mtu = Math.min(mtu, bytes);
        publish();
    }

    /**
     * Another address became known. "Setting the address always clears the confirmed flag and resets the PMTU state": large packets
     * only go where a probe reply came from.
     */
    public void address(InetSocketAddress next, int nextSocket) {
        if (next == null || !next.equals(address)) {
            address = next;
            socket = nextSocket;
            unconfirm();
        }
    }

    /** The node became unreachable: everything is forgotten. */
    public void forget() {
        address = null;
        probedOnce = false;
        repliedOnce = false;
        pingOutstanding = false;
        rttNanos = -1;
        unconfirm();
    }

    private void unconfirm() {
        confirmed = false;
        min = 0;
        max = UdpPath.MAX_BYTES;
        mtu = limit;
        beginSearch(0);
        publish();
    }

    private void beginSearch(int from) {
        probes = from;
        lastLength = 0;
        unanswered = NONE_UNANSWERED;
        unansweredTimes = 0;
    }

    private void publish() {
        UdpPath before = tunnel.udp();
        UdpPath now = new UdpPath(address, socket, confirmed, min);
        tunnel.udp(now);
        addresses.update(tunnel, before, now);
        tunnel.mtuBytes(mtu);
    }

    /** MTU_INFO: a provisional value for the time until the path is measured. */
    public void provisionalMtu(int bytes) {
        if (!settled()) {
            mtu = Math.min(bytes, limit);
            publish();
        }
    }

    /** The system refused a datagram as too long: no record of this many bytes gets through. */
    public void tooLong(int recordBytes) {
        int largest = Math.max(recordBytes - 1, MIN_MTU);
        if (max > largest) {
            max = largest;
            mtu = Math.min(mtu, largest);
        }
        if (min > max) {
            // The path shrank at this end. tinc goes on with what is a byte shorter, which takes a loss for each byte; probes take none.
            min = MIN_MTU;
            beginSearch(0);
        }
        settleIfPossible();
        publish();
    }

    /**
     * A probe reply came from {@code from}.
     *
     * @return true if that confirmed the path
     */
    public boolean onReply(int recordBytes, InetSocketAddress from, int onSocket, long nowNanos) {
        if (pingOutstanding) {
            pingOutstanding = false;
            rttNanos = nowNanos - pingNanos;
        }
        address(from, onSocket);
        socket = onSocket;
        boolean news = !confirmed;
        confirmed = true;
        replyNanos = nowNanos;
        if (recordBytes > max) {
            // The path grew: search again from here.
            min = Math.min(recordBytes, UdpPath.MAX_BYTES);
            max = UdpPath.MAX_BYTES;
            beginSearch(1);
        } else {
            if (recordBytes >= unanswered) {
                // It was lost or late, not too long.
                unanswered = NONE_UNANSWERED;
                unansweredTimes = 0;
            }
            if (probes < 0 && recordBytes == max) {
                probes = -1;
                mtuProbeNanos = nowNanos;
            }
            if (recordBytes > min) {
                min = recordBytes;
                settleIfPossible();
            }
        }
        publish();
        return news;
    }

    /**
     * Time passes and the tunnel is in use: probe what is due.
     *
     * @param mtuToo whether the path MTU is searched as well
     */
    public void drive(boolean mtuToo, boolean peerKnowsType2Replies, long nowNanos, ProbeSink out) {
        if (settings.udpDiscovery()) {
            discover(peerKnowsType2Replies, nowNanos, out);
        }
        if (mtuToo && confirmed) {
            searchMtu(nowNanos, out);
        }
    }

    /** When the path is to be given up unless a reply comes. */
    public boolean expired(long nowNanos) {
        return confirmed && nowNanos - replyNanos >= settings.timeoutNanos();
    }

    /** Back to TCP. */
    public void expire() {
        unconfirm();
    }

    private void discover(boolean peerKnowsType2Replies, long nowNanos, ProbeSink out) {
        if (peerKnowsType2Replies
                && confirmed
                && (!repliedOnce || nowNanos - gratuitousNanos >= settings.keepaliveNanos() - 1_000_000_000L)) {
            int largest = tunnel.takeLargestReceived();
            if (largest > 0) {
                repliedOnce = true;
                gratuitousNanos = nowNanos;
                out.gratuitousReply(largest);
            }
        }
        long interval = confirmed ? settings.keepaliveNanos() : settings.discoveryNanos();
        if (!probedOnce || nowNanos - udpProbeNanos >= interval) {
            probedOnce = true;
            udpProbeNanos = nowNanos;
            pingOutstanding = true;
            pingNanos = nowNanos;
            out.probe(MIN_PROBE, ProbeSink.Target.REMOTE);
            if (settings.localDiscovery() && !confirmed) {
                out.probe(MIN_PROBE, ProbeSink.Target.LOCAL);
            }
        }
    }

    private void searchMtu(long nowNanos, ProbeSink out) {
        long pause = probes == 0
                ? 0
                : probes > 0 ? Math.max(SEARCH_INTERVAL_NANOS, rttNanos + rttNanos / 4) : probes == -1 ? settings.pingIntervalNanos() : RECHECK_INTERVAL_NANOS;
        if (nowNanos - mtuProbeNanos < pause) {
            return;
        }
        mtuProbeNanos = nowNanos;
        noteUnanswered();
        settleIfPossible();
        if (probes < -3) {
            // Three probes at max stayed unanswered: the path shrank.
            beginSearch(0);
            min = 0;
            max = UdpPath.MAX_BYTES;
            mtu = limit;
            publish();
        }
        if (probes < 0) {
            out.probe(max, ProbeSink.Target.REMOTE);
            if (probes == -1 && max >= MIN_MTU && max + 1 < UdpPath.MAX_BYTES) {
                out.probe(max + 1, ProbeSink.Target.REMOTE);
            }
            probes--;
        } else {
            int before;
            do {
                before = max;
                lastLength = nextLength();
                // Refused as too long: tooLong() has lowered max, compute again from there.
            } while (probes >= 0 && min < max && !out.probe(lastLength, ProbeSink.Target.REMOTE) && max < before);
            if (probes >= 0) {
                probes++;
            }
        }
    }

    private void noteUnanswered() {
        if (lastLength > min && lastLength < unanswered) {
            unanswered = lastLength;
            unansweredTimes = 1;
        } else if (lastLength > min && lastLength == unanswered) {
            unansweredTimes++;
        }
        lastLength = 0;
    }

    private int nextLength() {
        int low = Math.max(min, MIN_MTU);
        int high = Math.min(max, unanswered - 1);
        if (probes < FIRST_ROUND && low < max) {
            double factor = max == UdpPath.MAX_BYTES ? 0.97 : 1.0;
            return low + (int) Math.round(Math.pow(max - low, factor * (7 - probes) / 7));
        }
        if (low < high) {
            return (low + high + 1) / 2;
        }
        // Nothing left between: the smallest MTU itself, or once more what is just above.
        return min < low ? low : Math.min(low + 1, max);
    }

    private void settleIfPossible() {
        boolean found = unansweredTimes >= UNANSWERED_ENOUGH && unanswered <= Math.max(min + 1, MIN_MTU);
        if (probes >= 0 && (probes >= MAX_PROBES || min >= max || found)) {
            if (min > max) {
                min = max;
            } else {
                max = min;
            }
            mtu = Math.min(min, limit);
            probes = -1;
            publish();
        }
    }
}
