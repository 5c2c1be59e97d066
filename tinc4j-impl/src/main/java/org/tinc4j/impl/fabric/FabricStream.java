package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/**
 * One end of a TCP connection: RFC 9293 as far as somebody who uses sockets can tell, without half-close.
 *
 * <p>There is no congestion window: an end sends what the receive window allows, and nothing new while something lost is to be sent again.
 */
public final class FabricStream {

    /** From so many unsent bytes on, a writer does well to wait for {@link StreamSink#writable()}. */
    public static final int WRITE_HIGH_BYTES = 64 * 1024;

    /** So many bytes may be under way to an end, or not yet {@linkplain #consumed consumed} there. */
    public static final int WINDOW_BYTES = 64 * 1024;

    /** A reader's progress is announced in steps of this size. */
    private static final int WINDOW_STEP_BYTES = WINDOW_BYTES / 4;

    /** How long an end waits for an answer to its dialling, or for the last word of one that dialled. */
    private static final long CONNECT_NANOS = 5_000_000_000L;

    /** How long an end that nobody holds any more tries to deliver the rest. Chosen; Linux keeps what it calls orphans about as long. */
    private static final long LINGER_NANOS = 60_000_000_000L;

    /** A stream keeps no longer queue on a slow link, half of what UDP may: so that a bulk transfer leaves room for datagrams. */
    private static final long MAX_QUEUE_NANOS = 125_000_000;

    private enum State {
        /** Has sent SYN; to OPEN or OVER. */
        DIALLING,
        /** Has answered a SYN; to OPEN or OVER. */
        ANSWERING,
        /** To CLOSING or OVER. */
        OPEN,
        /** Closed from this end, the rest still goes out; to OVER. */
        CLOSING,
        /** Left all tables. */
        OVER
    }

    private final Fabric fabric;
    private final Host host;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;

    /** This end as the other sees it. */
    private final InetSocketAddress seenAs;

    /** Where the other end is; null if nobody could ever answer. */
    private final Host peerHost;

    private final boolean dialled;

    /** The other end; null until the SYN arrived there. */
    private FabricStream peer;

    /** Null until the acceptor gave it. */
    private StreamSink sink;

    private State state;

    private final SendBuffer unsent = new SendBuffer();

    /** In order, from the first that has not been handed to the other end. */
    private final ArrayDeque<Segment> underWay = new ArrayDeque<>();

    private int lostSegments;
    private long sentBytes;
    private long allowedBytes = WINDOW_BYTES;
    private long underWayUntilNanos;
    private boolean finished;
    private boolean waitsForLink;
    private boolean writerWaits;

    private long receivedBytes;
    private long consumedBytes;
    private long announcedBytes;

    private FabricStream(
            Fabric fabric,
            Host host,
            InetSocketAddress local,
            InetSocketAddress remote,
            InetSocketAddress seenAs,
            Host peerHost,
            StreamSink sink) {
        this.fabric = fabric;
        this.host = host;
        this.local = local;
        this.remote = remote;
        this.seenAs = seenAs;
        this.peerHost = peerHost;
        this.sink = sink;
        this.dialled = sink != null;
        this.state = dialled ? State.DIALLING : State.ANSWERING;
        this.underWayUntilNanos = fabric.nowNanos();
        host.add(this);
    }

    /** Sends a SYN. A NAT box lets no SYN in, and refuses it without a word. */
    static FabricStream dial(Fabric fabric, Host host, InetSocketAddress local, InetSocketAddress to, StreamSink sink) {
        AddressOwner owner = to.isUnresolved() ? null : fabric.owner(to.getAddress());
        InetSocketAddress seenAs = host.translatesTo(owner) ? host.nat().orElseThrow().openTcp(local.getPort()) : local;
        boolean reachable = owner instanceof Host other
                && (other.nat().isEmpty() || other.nat().equals(host.nat()))
                && seenAs != null;
        FabricStream stream =
                new FabricStream(fabric, host, local, to, seenAs == null ? local : seenAs, reachable ? (Host) owner : null, sink);
        stream.tell(FabricEvent.TCP_DIALLED, Fabric.NO_BYTES, "");
        fabric.in(CONNECT_NANOS, stream::stopWaiting);
        if (reachable) {
            stream.sendInOrder(Segment.of(stream, Segment.Kind.SYN));
        }
        return stream;
    }

    /** The end on this host. */
    public InetSocketAddress local() {
        return local;
    }

    /** The other end as seen here: behind a NAT box, the box. */
    public InetSocketAddress remote() {
        return remote;
    }

    /**
     * Sends bytes, as soon as window and link allow. Nothing is refused: whoever writes much looks at {@link #unsentBytes()}. On a stream that
     * is over or closed it does nothing.
     *
     * @param bytes taken
     * @throws IllegalStateException if the stream is not connected yet
     */
    public void write(byte[] bytes) {
        if (state == State.DIALLING) {
            throw new IllegalStateException(local + " is not connected to " + remote + " yet; wait for StreamSink.connected");
        }
        if (state == State.OPEN) {
            unsent.add(bytes);
            pump();
            writerWaits |= unsent.bytes() >= WRITE_HIGH_BYTES;
        }
    }

    /** What was written and has not left this end for the first time. */
    public long unsentBytes() {
        return unsent.bytes();
    }

    /**
     * The reader is done with so many of the received bytes, so that as many more may come.
     *
     * @throws IllegalArgumentException if that is more than was received and not consumed
     */
    public void consumed(int bytes) {
        if (bytes < 0 || bytes > receivedBytes - consumedBytes) {
            throw new IllegalArgumentException("consumed=" + bytes + " bytes of " + (receivedBytes - consumedBytes) + " received");
        }
        consumedBytes += bytes;
        if (consumedBytes - announcedBytes >= WINDOW_STEP_BYTES && !isOver()) {
            announcedBytes = consumedBytes;
            Segment.window(this, consumedBytes).send();
        }
    }

    /**
     * Ends the stream in order: what was written still arrives, then the other end learns of it. What the other end still sends is lost. This end
     * hears no more. If the other end takes no bytes for a minute, the rest is given up. Idempotent.
     */
    public void close() {
        if (state == State.DIALLING) {
            abort();
        } else if (state == State.OPEN) {
            state = State.CLOSING;
            consumed((int) (receivedBytes - consumedBytes));
            fabric.in(LINGER_NANOS, this::stopLingering);
            pump();
        }
    }

    /** Ends the stream at once: what has not left this end is lost, and the other end is told by a reset, if it can be reached. Idempotent. */
    public void abort() {
        if (!isOver()) {
            over("aborted");
            if (peer != null) {
                resetPeer();
            }
        }
    }

    private void stopLingering() {
        if (state == State.CLOSING) {
            abort();
        }
    }

    private void stopWaiting() {
        if (state == State.DIALLING || state == State.ANSWERING) {
            end(StreamEnd.TIMED_OUT);
        }
    }

    Fabric fabric() {
        return fabric;
    }

    Host host() {
        return host;
    }

    Host peerHost() {
        return peerHost;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** Something of this end arrives at this time. */
    void underWayUntil(long arrivesNanos) {
        if (arrivesNanos - underWayUntilNanos > 0) {
            underWayUntilNanos = arrivesNanos;
        }
    }

    void lost(Segment segment) {
        if (segment.kind() != Segment.Kind.WINDOW) {
            lostSegments++;
        }
    }

    void recovered(Segment segment) {
        if (segment.kind() != Segment.Kind.WINDOW) {
            lostSegments--;
            pumpAndTell();
        }
    }

    /** Whether a later one has said it all. */
    boolean hasNewer(Segment segment) {
        return segment.kind() == Segment.Kind.WINDOW && segment.consumedBytes() != announcedBytes;
    }

    /** A segment of this end reached the other's host. Those before it have to be there too. */
    void arrived(Segment segment) {
        if (segment.kind() == Segment.Kind.WINDOW) {
            if (peer.state != State.OVER) {
                peer.allow(segment.consumedBytes());
            }
            return;
        }
        while (!underWay.isEmpty() && underWay.element().arrived()) {
            Segment next = underWay.remove();
            if (next.kind() == Segment.Kind.SYN) {
                answer();
            } else {
                peer.take(next);
            }
        }
    }

    private void allow(long consumedByPeer) {
        allowedBytes = Math.max(allowedBytes, consumedByPeer + WINDOW_BYTES);
        pumpAndTell();
    }

    /** On the other host: a SYN of this end is there. */
    private void answer() {
        if (peerHost.listener(remote.getPort()) == null) {
            new Reset(this, StreamEnd.REFUSED).send(fabric.nowNanos());
            return;
        }
        peer = new FabricStream(fabric, peerHost, remote, seenAs, remote, host, null);
        peer.peer = this;
        fabric.in(CONNECT_NANOS, peer::stopWaiting);
        peer.sendInOrder(Segment.of(peer, Segment.Kind.SYN_ACK));
    }

    /** A segment from the other end, in order. */
    private void take(Segment segment) {
        switch (state) {
            case OVER -> {
                // RFC 9293, section 3.10.7.1: "An incoming segment not containing a RST causes a RST to be sent in response."
                if (segment.kind() == Segment.Kind.FIN) {
                    peer.over("closed");
                } else if (!peer.isOver()) {
                    resetPeer();
                }
            }
            case DIALLING -> {
                state = State.OPEN;
                sendInOrder(Segment.of(this, Segment.Kind.ACK));
                sink.connected(this);
                pumpAndTell();
            }
            case ANSWERING -> accept();
            case OPEN, CLOSING -> takeOpen(segment);
        }
    }

    private void accept() {
        FabricListener listener = host.listener(local.getPort());
        if (listener == null) {
            abort();
            return;
        }
        state = State.OPEN;
        tell(FabricEvent.TCP_ACCEPTED, Fabric.NO_BYTES, "");
        sink = listener.acceptor().accepted(this);
    }

    private void takeOpen(Segment segment) {
        if (segment.kind() == Segment.Kind.FIN) {
            peer.over("closed");
            end(StreamEnd.CLOSED);
            return;
        }
        byte[] bytes = segment.bytes();
        peer.tell(FabricEvent.TCP_DELIVERED, bytes, "");
        receivedBytes += bytes.length;
        if (state == State.OPEN) {
            sink.received(bytes);
        } else {
            // Nobody reads here any more, but a writer that had to wait for that would not read either.
            consumed(bytes.length);
        }
    }

    private void sendInOrder(Segment segment) {
        underWay.add(segment);
        segment.send();
    }

    /** Sends what may be sent now. */
    private void pump() {
        while (lostSegments == 0 && !waitsForLink && !finished && (state == State.OPEN || state == State.CLOSING)) {
            if (unsent.bytes() == 0) {
                if (state == State.CLOSING) {
                    finished = true;
                    sendInOrder(Segment.of(this, Segment.Kind.FIN));
                }
                return;
            }
            int maxBytes = (int) Math.min(maxSegmentBytes(), allowedBytes - sentBytes);
            if (maxBytes == 0) {
                return;
            }
            long tooLongNanos = fabric.links().queueNanos(host, peerHost, fabric.nowNanos()) - MAX_QUEUE_NANOS;
            if (tooLongNanos > 0) {
                waitsForLink = true;
                fabric.in(tooLongNanos, this::linkIsFree);
                return;
            }
            byte[] bytes = unsent.take(maxBytes);
            sentBytes += bytes.length;
            sendInOrder(Segment.data(this, bytes));
        }
    }

    private int maxSegmentBytes() {
        int mtuBytes = fabric.links().figures(host, peerHost).mtuBytes();
        if (host != peerHost) {
            mtuBytes = Math.min(mtuBytes, Math.min(host.interfaceMtuBytes(), peerHost.interfaceMtuBytes()));
        }
        return mtuBytes - Segment.HEADER_BYTES;
    }

    private void linkIsFree() {
        waitsForLink = false;
        pumpAndTell();
    }

    /** From events only: a sink is never called from inside a call of its own. */
    private void pumpAndTell() {
        pump();
        if (writerWaits && unsent.bytes() <= WRITE_HIGH_BYTES / 2 && state == State.OPEN) {
            writerWaits = false;
            sink.writable();
        }
    }

    private void resetPeer() {
        new Reset(peer, StreamEnd.RESET).send(underWayUntilNanos);
    }

    /** It is over, and not by this end's will. */
    void end(StreamEnd reason) {
        State before = state;
        if (before == State.OVER) {
            return;
        }
        over(reason.text());
        switch (before) {
            case DIALLING -> sink.failed(reason);
            case OPEN -> sink.closed(reason);
            case ANSWERING, CLOSING, OVER -> {}
        }
    }

    private void over(String how) {
        if (!isOver()) {
            tell(FabricEvent.TCP_ENDED, Fabric.NO_BYTES, how);
            vanish();
        }
    }

    /** Leaves all tables, and tells nobody. What is under way still arrives. */
    void vanish() {
        if (state != State.OVER) {
            state = State.OVER;
            unsent.clear();
            host.remove(this, dialled);
            if (dialled && seenAs != local) {
                host.nat().orElseThrow().closeTcp(seenAs.getPort());
            }
        }
    }

    /** Tells of something from this end to the other. */
    void tell(FabricEvent what, byte[] payload, String reason) {
        if (fabric.observed()) {
            String ports = local.getPort() + ">" + remote.getPort();
            fabric.tell(
                    what,
                    host.name(),
                    peerHost == null ? "" : peerHost.name(),
                    payload,
                    reason.isEmpty() ? ports : ports + " " + reason);
        }
    }

    @Override
    public String toString() {
        return local + " to " + remote;
    }
}
