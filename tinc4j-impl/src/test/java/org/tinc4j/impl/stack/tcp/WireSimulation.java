package org.tinc4j.impl.stack.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Two connections on a virtual wire, in virtual time.
 *
 * <p>What happens is decided by the seed alone. Super-segments are cut before the wire, as a device cuts them, so that each packet has
 * its own fate; what arrives at one instant in order is joined again, as GRO does, if that is wanted.
 */
final class WireSimulation {

    static final long MS = 1_000_000L;

    /**
     * One direction.
     *
     * @param latencyNanos from end to end
     * @param bitsPerSecond of the bottleneck, 0 without one
     * @param queueBytes what waits before the bottleneck; the rest is dropped
     * @param loss probability that a packet is lost
     * @param reorder probability that a packet is late by up to reorderNanos
     * @param reorderNanos how late at most
     * @param duplicate probability that it comes twice
     * @param mtuBytes longer packets are dropped, and their sender told
     */
    record Link(
            long latencyNanos,
            long bitsPerSecond,
            int queueBytes,
            double loss,
            double reorder,
            long reorderNanos,
            double duplicate,
            int mtuBytes) {

        static Link of(long latencyNanos, double loss) {
            return new Link(latencyNanos, 0, 0, loss, 0, 0, 0, 65535);
        }

        Link bottleneck(long bits, int queue) {
            return new Link(latencyNanos, bits, queue, loss, reorder, reorderNanos, duplicate, mtuBytes);
        }

        Link reordering(double probability, long nanos) {
            return new Link(latencyNanos, bitsPerSecond, queueBytes, loss, probability, nanos, duplicate, mtuBytes);
        }

        Link duplicating(double probability) {
            return new Link(latencyNanos, bitsPerSecond, queueBytes, loss, reorder, reorderNanos, probability, mtuBytes);
        }

        Link mtu(int bytes) {
            return new Link(latencyNanos, bitsPerSecond, queueBytes, loss, reorder, reorderNanos, duplicate, bytes);
        }
    }

    private record Event(long time, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** One end's way to the other. */
    private final class Direction {
        private final Link link;
        private WireEnd from;
        private WireEnd to;
        private long busyUntil;
        private List<WirePacket> joined;
        private long joinedNanos;

        Direction(Link link) {
            this.link = link;
        }

        void carry(WirePacket packet) {
            if (packet.packetBytes() > link.mtuBytes) {
                at(now + link.latencyNanos / 2, () -> from.pathMtu(link.mtuBytes, packet.seq()));
                return;
            }
            packets++;
            long departs = now;
            if (link.bitsPerSecond > 0) {
                long queuedBytes = Math.max(0, busyUntil - now) * link.bitsPerSecond / 8_000_000_000L;
                if (queuedBytes > link.queueBytes) {
                    dropped++;
                    return;
                }
                departs = Math.max(now, busyUntil) + packet.packetBytes() * 8_000_000_000L / link.bitsPerSecond;
                busyUntil = departs;
            }
            if (random.nextDouble() < link.loss) {
                dropped++;
                return;
            }
            long arrives = departs + link.latencyNanos;
            if (link.reorder > 0 && random.nextDouble() < link.reorder) {
                arrives += random.nextLong(link.reorderNanos);
            }
            arrive(packet, arrives);
            if (link.duplicate > 0 && random.nextDouble() < link.duplicate) {
                arrive(packet, arrives + random.nextLong(link.latencyNanos + 1));
            }
        }

        private void arrive(WirePacket packet, long when) {
            WirePacket mutated = tamper == null ? packet : tamper.apply(packet, to);
            if (mutated == null) {
                return;
            }
            if (!coalescing) {
                at(when, () -> to.receive(mutated));
                return;
            }
            if (joined != null && joinedNanos == when && joined.getLast().precedes(mutated)) {
                joined.add(mutated);
                return;
            }
            List<WirePacket> run = new ArrayList<>(List.of(mutated));
            joined = run;
            joinedNanos = when;
            at(when, () -> {
                if (joined == run) {
                    joined = null;
                }
                to.receive(WirePacket.join(run));
            });
        }
    }

    /** Changes what is on the wire. */
    interface Tamper {
        /** Returns what arrives in place of a packet, null if nothing does. */
        WirePacket apply(WirePacket packet, WireEnd to);
    }

    final SplittableRandom random;
    final WireEnd client;
    final WireEnd server;
    Tamper tamper;
    /** Whether what arrives at one instant is joined. */
    boolean coalescing;

    long now = 5 * MS;
    long packets;
    long dropped;
    /** What was on the way, or planned, at most at one time. */
    int mostEvents;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long order;

    WireSimulation(long seed, TcpSettings settings, Link up, Link down) {
        random = new SplittableRandom(seed);
        Direction toServer = new Direction(up);
        Direction toClient = new Direction(down);
        client = new WireEnd(this, toServer::carry);
        server = new WireEnd(this, toClient::carry);
        toServer.from = client;
        toServer.to = server;
        toClient.from = server;
        toClient.to = client;
        server.listen(settings, new Flow(Script.address(2), 2222, Script.address(1), 1111), random.nextInt());
        client.connect(settings, new Flow(Script.address(1), 1111, Script.address(2), 2222), random.nextInt());
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, order++, action));
        mostEvents = Math.max(mostEvents, events.size());
    }

    /** Runs until nothing is left to happen, or a time. Returns whether nothing is left. */
    boolean run(long untilNanos) {
        while (!events.isEmpty()) {
            if (events.peek().time > untilNanos) {
                return false;
            }
            Event event = events.poll();
            now = event.time;
            event.action.run();
        }
        return true;
    }
}
