package org.tinc4j.impl.fabric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.tinc4j.testing.LinkConditions;

/** Every link, and what it does to a packet: the physical side of the network. */
final class Links {

    private final RandomGenerator random;
    private LinkFigures all = LinkFigures.of(LinkConditions.DEFAULT);

    /** By number of the sending host, then of the receiving one; a row is as long as it had to be, null where nothing is to be remembered. */
    private Link[][] links = new Link[0][];

    Links(RandomGenerator random) {
        this.random = random;
    }

    LinkConditions all() {
        return all.conditions();
    }

    void all(LinkConditions conditions) {
        all = LinkFigures.of(conditions);
    }

    /** The link if there is anything to remember of it, else null. */
    Link find(Host from, Host to) {
        if (from.number() >= links.length) {
            return null;
        }
        Link[] row = links[from.number()];
        return row == null || to.number() >= row.length ? null : row[to.number()];
    }

    Link make(Host from, Host to) {
        Link link = find(from, to);
        if (link != null) {
            return link;
        }
        if (from.number() >= links.length) {
            links = Arrays.copyOf(links, Math.max(16, (from.number() + 1) * 2));
        }
        Link[] row = links[from.number()];
        if (row == null) {
            row = new Link[Math.max(16, to.number() + 1)];
        } else if (to.number() >= row.length) {
            row = Arrays.copyOf(row, (to.number() + 1) * 2);
        }
        links[from.number()] = row;
        row[to.number()] = new Link();
        return row[to.number()];
    }

    /** The figures in force; those of all links where it is not known yet who will receive. */
    LinkFigures figures(Host from, Host toOrNull) {
        if (from == toOrNull) {
            return LinkFigures.LOOPBACK;
        }
        Link link = toOrNull == null ? null : find(from, toOrNull);
        return link == null || link.own() == null ? all : link.own();
    }

    boolean isCut(Host from, Host to) {
        Link link = find(from, to);
        return link != null && link.isCut();
    }

    /** See {@link Link#cuts()}. */
    int cuts(Host from, Host to) {
        Link link = find(from, to);
        return link == null ? 0 : link.cuts();
    }

    void healAll() {
        for (Link[] row : links) {
            if (row != null) {
                for (Link link : row) {
                    if (link != null) {
                        link.heal();
                    }
                }
            }
        }
    }

    List<LinkState> special(List<Host> hosts) {
        List<LinkState> special = new ArrayList<>();
        for (Host from : hosts) {
            for (Host to : hosts) {
                Link link = find(from, to);
                if (link != null && (link.own() != null || link.isCut())) {
                    special.add(new LinkState(from, to, figures(from, to).conditions(), link.own() != null, link.isCut()));
                }
            }
        }
        return special;
    }

    /** How long a packet that is sent now waits for its turn. */
    long queueNanos(Host from, Host to, long nowNanos) {
        Link link = figures(from, to).bitsPerSecond() == 0 ? null : find(from, to);
        return link == null ? 0 : link.queueNanos(nowNanos);
    }

    /** Queues a packet for a known receiver, and says when its last bit will have left. */
    long departureNanos(Host from, Host to, int ipBytes, long nowNanos) {
        long bitsPerSecond = figures(from, to).bitsPerSecond();
        return bitsPerSecond == 0 ? nowNanos : make(from, to).departureNanos(ipBytes, bitsPerSecond, nowNanos);
    }

    /** How long a packet is under way this time. */
    long delayNanos(LinkFigures figures) {
        return figures.latencyNanos() + (figures.jitterNanos() == 0 ? 0 : random.nextLong(figures.jitterNanos() + 1));
    }

    /** Whether something of this probability happens. What never or always happens uses no random number. */
    boolean happens(double probability) {
        return probability > 0 && (probability >= 1 || random.nextDouble() < probability);
    }

    int randomPort() {
        return random.nextInt(NatBox.FIRST_PORT, 65536);
    }
}
