package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;

/**
 * One UDP datagram under way. In the order it meets them: its own NAT box, the link, the receiver's NAT box, the socket.
 *
 * <p>The link is that to the host which gets it. If that is behind a NAT box without a mapping yet, nobody knows who that will be: then
 * the datagram travels under the conditions of all links, and the cut is looked at on arrival.
 */
final class Datagram implements Runnable {

    /** RFC 791, section 3.1, and RFC 768: 20 bytes of IPv4 without options, 8 of UDP. */
    static final int HEADER_BYTES = 28;

    /** What would wait longer is dropped: about what routers buffer. */
    private static final long MAX_QUEUE_NANOS = 250_000_000;

    /** A held back datagram is late by this even on a link without latency. */
    private static final long MIN_HOLD_NANOS = 1_000_000;

    private final Fabric fabric;
    private final Host sender;
    private final int sourcePort;
    private final InetSocketAddress to;
    private final byte[] bytes;

    /** As the receiver sees it. */
    private InetSocketAddress source;

    /** Who owns the address it goes to. */
    private AddressOwner owner;

    /** Who will get it, as it seemed when it was sent; null if nobody. */
    private Host expected;

    private int cuts;

    Datagram(Fabric fabric, Host sender, InetSocketAddress source, InetSocketAddress to, byte[] bytes) {
        this.fabric = fabric;
        this.sender = sender;
        this.source = source;
        this.sourcePort = source.getPort();
        this.to = to;
        this.bytes = bytes;
    }

    /** A second one, just like it. */
    private Datagram(Datagram other) {
        this(other.fabric, other.sender, other.source, other.to, other.bytes.clone());
        owner = other.owner;
        expected = other.expected;
        cuts = other.cuts;
    }

    void send() {
        owner = fabric.owner(to.getAddress());
        expected = owner instanceof NatBox box ? box.hostAt(to.getPort()) : (Host) owner;
        tell(FabricEvent.UDP_SENT, expected, "");
        if (sender.translatesTo(owner)) {
            source = sender.nat().orElseThrow().translate(sender, sourcePort, to);
        }
        String obstacle = obstacleAtOnce();
        if (obstacle != null) {
            tell(FabricEvent.UDP_LOST, expected, obstacle);
            return;
        }
        travel();
    }

    private String obstacleAtOnce() {
        if (source == null) {
            return "no free port at NAT";
        }
        if (owner == null) {
            return "no such address";
        }
        if (owner instanceof Host host && host.nat().isPresent() && !host.nat().equals(sender.nat())) {
            return "private address";
        }
        if (owner instanceof NatBox box && sender.nat().isPresent() && sender.nat().get() == box) {
            return "no hairpinning";
        }
        if (expected != null && fabric.links().isCut(sender, expected)) {
            return "cut";
        }
        LinkFigures figures = fabric.links().figures(sender, expected);
        if (figures.udpBlocked()) {
            return "UDP blocked";
        }
        return bytes.length + HEADER_BYTES > figures.mtuBytes() ? "longer than the MTU" : null;
    }

    private void travel() {
        Links links = fabric.links();
        LinkFigures figures = links.figures(sender, expected);
        long leavesNanos = fabric.nowNanos();
        if (expected != null) {
            if (links.queueNanos(sender, expected, leavesNanos) > MAX_QUEUE_NANOS) {
                tell(FabricEvent.UDP_LOST, expected, "queue full");
                return;
            }
            cuts = links.cuts(sender, expected);
            leavesNanos = links.departureNanos(sender, expected, bytes.length + HEADER_BYTES, leavesNanos);
        }
        if (links.happens(figures.loss())) {
            tell(FabricEvent.UDP_LOST, expected, "loss");
            return;
        }
        fabric.at(leavesNanos + delayNanos(figures), this);
        if (links.happens(figures.duplication())) {
            fabric.at(leavesNanos + delayNanos(figures), new Datagram(this));
        }
    }

    private long delayNanos(LinkFigures figures) {
        long delayNanos = fabric.links().delayNanos(figures);
        if (fabric.links().happens(figures.reordering())) {
            delayNanos += Math.max(MIN_HOLD_NANOS, figures.latencyNanos()) + figures.jitterNanos();
        }
        return delayNanos;
    }

    /** Arrives at the address it was sent to. */
    @Override
    public void run() {
        switch (owner) {
            case Host host -> arrive(host, to.getPort());
            case NatBox box -> {
                NatMapping mapping = box.admit(to.getPort(), source);
                if (mapping == null) {
                    tell(FabricEvent.UDP_LOST, expected, "filtered by " + box.name());
                } else {
                    arrive(mapping.host(), mapping.port());
                }
            }
        }
    }

    private void arrive(Host host, int port) {
        Links links = fabric.links();
        if (links.isCut(sender, host) || host == expected && links.cuts(sender, host) != cuts) {
            tell(FabricEvent.UDP_LOST, host, "cut");
            return;
        }
        FabricUdp socket = host.udp(port);
        if (socket == null) {
            tell(FabricEvent.UDP_LOST, host, host.isUp() ? "no socket" : "host down");
            return;
        }
        tell(FabricEvent.UDP_DELIVERED, host, "");
        socket.sink().datagram(bytes, source);
    }

    private void tell(FabricEvent what, Host receiver, String reason) {
        if (fabric.observed()) {
            String ports = sourcePort + ">" + to.getPort();
            fabric.tell(
                    what,
                    sender.name(),
                    receiver == null ? "" : receiver.name(),
                    bytes,
                    reason.isEmpty() ? ports : ports + " " + reason);
        }
    }
}
