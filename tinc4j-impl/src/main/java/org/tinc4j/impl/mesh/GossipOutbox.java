package org.tinc4j.impl.mesh;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import org.tinc4j.impl.meta.MetaSession;

/**
 * What one neighbour is still to be told, and what it knows already.
 *
 * <p>C tinc tells a new neighbour everything at once and passes on each change at once. Here changes wait for the end of the round, or as
 * long as the connection is congested, and a later change of the same thing takes the place of the earlier. For each thing there are four
 * bytes that say what was last said about it on this connection, by either side; what the neighbour knows is not sent.
 *
 * <p>The first synchronisation goes in portions, one each time the last has left. The side with the smaller name begins with the first thing
 * in order, the other with the last, and each leaves out what it has heard meanwhile: two nodes of this kind meet in the middle, and
 * each thing crosses about once. A C node tells all it has in the first moments, and hears only what it did not mention.
 *
 * <p><b>Bound.</b> At most one message for each thing until this side has told or heard it, and after that one for each time
 * {@link Announcements} lets a change pass, or a repetition. Memory: 4 bytes and 2 bits for each thing known, and one reference for each that waits.
 *
 * <p>Confined to the control thread.
 */
final class GossipOutbox {

    /** Above this backlog nothing is added: what waits here can still be replaced or prove needless, what is written cannot. */
    private static final int MAX_BACKLOG_BYTES = 32 * 1024;

    /** Things told in the first portion of a synchronisation; the next ones double. Small, so that the sides of a small mesh meet. */
    private static final int FIRST_PORTION = 32;

    private static final int MAX_PORTION = 256;

    /** Things looked at in one portion: a round of the control thread stays short though all is known already. */
    private static final int MAX_SCANNED = 8192;

    /** Pause between portions: about the time in which the neighbour's own portion arrives, which makes ours smaller. */
    private static final long LEAST_PAUSE_NANOS = 2_000_000L;

    private static final long MOST_PAUSE_NANOS = 20_000_000L;

    /** A handshake takes three crossings from the first byte to the ACK. */
    private static final int CROSSINGS_OF_HANDSHAKE = 3;

    final MetaSession session;
    private final MeshState mesh;
    private final Announcements announcements;
    private final boolean ascending;
    private final long pauseNanos;
    private final LinkedHashSet<GossipItem> waiting = new LinkedHashSet<>();

    /** By slot, the content that was last said on this connection. */
    private int[] told = new int[64];

    /** What we said in this period and in the last one: the neighbour may have spoken before it heard that. */
    private BitSet saidNow = new BitSet();

    private BitSet saidBefore = new BitSet();

    /** How far the first synchronisation has got. */
    private GossipItem.Key cursor;

    private boolean synchronised;
    private int portion = FIRST_PORTION;
    private long nextNanos;

    GossipOutbox(MeshState mesh, Announcements announcements, MetaSession session) {
        this.mesh = mesh;
        this.announcements = announcements;
        this.session = session;
        this.ascending = mesh.self.name.compareTo(session.peer()) < 0;
        this.pauseNanos = Math.clamp(
                (mesh.nowNanos - session.openedNanos()) / CROSSINGS_OF_HANDSHAKE, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
        this.nextNanos = mesh.nowNanos;
    }

    private int told(GossipItem item) {
        return item.slot < told.length ? told[item.slot] : GossipItem.ABSENT;
    }

    private void set(GossipItem item, int content) {
        if (item.slot >= told.length) {
            told = Arrays.copyOf(told, Integer.highestOneBit(item.slot) * 2);
        }
        told[item.slot] = content;
    }

    private void said(GossipItem item) {
        set(item, item.content);
        saidNow.set(item.slot);
    }

    /**
     * The neighbour said something about it.
     *
     * @return whether it may believe something else than we do: it contradicts us, or its words and ours may have crossed
     */
    boolean heard(GossipItem item, int content) {
        boolean crossed = told(item) != content && (saidNow.get(item.slot) || saidBefore.get(item.slot));
        boolean doubtful = crossed || content != item.content;
        set(item, doubtful ? GossipItem.DOUBTED : content);
        if (told(item) == item.content) {
            leaveOut(item);
        }
        return doubtful;
    }

    /** It was deleted here. The neighbour may know it from others, so it is told even if nothing was said of it on this connection. */
    void deleted(GossipItem item) {
        if (told(item) == GossipItem.ABSENT) {
            set(item, GossipItem.UNKNOWN);
        }
    }

    /** It was said outside of this outbox, in answer to a contradiction. */
    void answered(GossipItem item) {
        said(item);
        leaveOut(item);
    }

    /** Whether the neighbour believes something else, as far as we know; what the first synchronisation will tell does not count. */
    boolean differs(GossipItem item) {
        return told(item) != item.content;
    }

    /**
     * Tells the neighbour, unless it knows.
     *
     * @return whether it did not know
     */
    boolean queue(GossipItem item) {
        if (told(item) == item.content) {
            leaveOut(item);
            return false;
        }
        if (waiting.add(item)) {
            item.waiting++;
        }
        return true;
    }

    /** As {@link #queue}, but to a neighbour that may believe otherwise in words that nobody has seen, which ends the doubt. */
    boolean queueAfresh(GossipItem item) {
        if (told(item) == GossipItem.DOUBTED) {
            set(item, GossipItem.AFRESH);
        }
        return queue(item);
    }

    private void leaveOut(GossipItem item) {
        if (waiting.remove(item)) {
            item.doneWaiting();
        }
    }

    /** The slot will be used for another. */
    void forget(GossipItem item) {
        leaveOut(item);
        set(item, GossipItem.ABSENT);
        saidNow.clear(item.slot);
        saidBefore.clear(item.slot);
    }

    /** The connection is gone. */
    void close() {
        waiting.forEach(GossipItem::doneWaiting);
        waiting.clear();
        synchronised = true;
    }

    /** A period passed: words of two periods ago have arrived. */
    void nextPeriod() {
        saidBefore = saidNow;
        saidNow = new BitSet();
    }

    private boolean congested() {
        return mesh.shell.backlogBytes(session.id()) >= MAX_BACKLOG_BYTES;
    }

    /** The end of a round: sends what waits, and the next portion if it is time. */
    void flush(NavigableMap<GossipItem.Key, GossipItem> all, long nowNanos) {
        if (idle()) {
            return;
        }
        for (GossipItem item = first(); item != null && !congested(); item = first()) {
            send(item);
        }
        if (nowNanos - nextNanos >= 0) {
            nextNanos = nowNanos + pauseNanos;
            if (!synchronised && waiting.isEmpty() && !congested()) {
                sendPortion(all);
            }
        }
    }

    /** A request follows that the neighbour understands only if it knows the nodes: some of what waits goes first, congested or not. */
    void sendSome(NavigableMap<GossipItem.Key, GossipItem> all) {
        int count = 0;
        for (GossipItem item = first(); item != null && count < MAX_PORTION; item = first()) {
            send(item);
            count++;
        }
        if (!synchronised && waiting.isEmpty()) {
            sendPortion(all);
        }
    }

    private GossipItem first() {
        Iterator<GossipItem> items = waiting.iterator();
        return items.hasNext() ? items.next() : null;
    }

    /** Sends one that waits if there is room for it, else leaves it out. */
    void sendUnlessCongested(GossipItem item) {
        if (congested()) {
            leaveOut(item);
        } else {
            send(item);
        }
    }

    /** Sends one that waits, congested or not. */
    private void send(GossipItem item) {
        if (waiting.contains(item)) {
            int before = told(item);
            if (before != item.content) {
                session.sendText(before == GossipItem.AFRESH ? announcements.freshText(item) : announcements.text(item));
                said(item);
                if (before == GossipItem.DOUBTED) {
                    // These words it may have seen already, before it came to believe otherwise.
                    set(item, GossipItem.DOUBTED);
                }
            }
            leaveOut(item);
        }
    }

    private void sendPortion(NavigableMap<GossipItem.Key, GossipItem> all) {
        int sent = 0;
        for (int scanned = 0; sent < portion && scanned < MAX_SCANNED; scanned++) {
            Map.Entry<GossipItem.Key, GossipItem> next = next(all);
            if (next == null) {
                synchronised = true;
                return;
            }
            cursor = next.getKey();
            GossipItem item = next.getValue();
            if (item.content != GossipItem.ABSENT && told(item) != item.content && announcements.concerns(item, session)) {
                session.sendText(announcements.encode(item));
                said(item);
                sent++;
            }
        }
        portion = Math.min(2 * portion, MAX_PORTION);
    }

    private Map.Entry<GossipItem.Key, GossipItem> next(NavigableMap<GossipItem.Key, GossipItem> all) {
        if (cursor == null) {
            return ascending ? all.firstEntry() : all.lastEntry();
        }
        return ascending ? all.higherEntry(cursor) : all.lowerEntry(cursor);
    }

    /** Whether nothing is left to say. */
    boolean idle() {
        return waiting.isEmpty() && synchronised;
    }

    /** When there is something to do again, in nanoseconds from now; {@link Long#MAX_VALUE} when nothing waits. */
    long nanosToNext(long nowNanos) {
        return idle() ? Long.MAX_VALUE : Math.max(0, nextNanos - nowNanos);
    }
}
