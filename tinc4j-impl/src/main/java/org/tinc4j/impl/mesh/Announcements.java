package org.tinc4j.impl.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.route.RateLimit;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * Tells the neighbours what changed: which changes are passed on now, which later, and which never.
 *
 * <p><b>How the storm arises.</b> In the protocol as C tinc speaks it, both ends of a new connection tell each other everything they know,
 * and each accepted change is passed on at once to everybody. With E edges and S subnets a new connection costs 2(E+S) messages, whatever
 * its ends know, and each change one or two messages on every connection of the mesh. When many nodes start together, what each of them hears
 * from one neighbour is news to pass on to the others; when a hub with C connections flaps, each time 2C edges are deleted and come
 * back on every connection of the mesh, and all that is told before the last change was for nothing.
 *
 * <p><b>How it is damped.</b> What is sent is the state and not its history. {@link GossipOutbox} keeps for each connection what its
 * other end knows and sends only what it does not. What is of this node's own doing has a leaky bucket for each item: {@link #DAMPING} changes are told at once, more of the same
 * item wait until the bucket has room, and then what is true at that time is told; nothing if it is what the neighbours know. Only the
 * telling waits: this node itself acts on a change at once. What others say is passed on at once, once, and in the words in which it came: a node in
 * the middle that held it back would hold back the owner's correction of a lie as well, and old and new states were seen to chase each other from
 * bucket to bucket; and one that said it in words of its own would make news of it where it had been heard and had been found to be old.
 *
 * <p><b>Bound.</b> A node with c connections sends, in a time of T seconds with k new connections, no more than {@code k (E+S)} messages of
 * first synchronisation, and each wording of an item once on each connection, {@code c} times. New words about an item are made in four places only.
 * Changes of a node's own, which are those of the ends of an edge or of the owner of a subnet, and repetitions where words crossed, see below, take
 * from its bucket for that item: {@code 4 + T/5} times in each of its lives. First synchronisation tells a connection of each item once. And who says
 * what is false of an item of ours is answered, once for each wording that we did not hear before: an answer costs no more than the words it is for,
 * and gives nobody cause to say them again. Only two nodes of one name do so, until {@link Gossip#nameClash}. A C node makes new words for each
 * change of its own and in synchronisation. Where nodes restart and a hub flaps all that came to less than {@code 2 c} messages for each change that
 * may pass. A message is at most {@value MetaSession#MAX_TEXT} bytes, mostly 100. Beside those, KEY_CHANGED and subnets that are refused here are
 * passed on once, as C tinc does.
 *
 * <p><b>Agreement.</b> Leaving out intermediate states costs a guarantee: a neighbour that never saw the text of an old state cannot tell,
 * when it comes by a slower way, that it is old. So where an end of a connection contradicts what we hold true, or its words and ours may have
 * crossed, our state is told again under a new nonce a moment later, once what was under way has arrived; what is passed on meanwhile does not end the
 * doubt. Truth spreads from its owner, so the end nearer to
 * the owner speaks first, and the other only if it does not; so does what was held back. Without that order old and new states were seen to
 * chase each other around a mesh for ever. Of what belongs to a node that is gone, the reachable node with the smallest name counts as the
 * owner. And the owner of an edge or subnet stands by what is true, as the protocol says.
 *
 * <p>Bounded: an item for each edge and subnet, whose numbers are bounded by {@link MeshState}, and {@link #MAX_DELETED} that are deleted.
 * Confined to the control thread.
 */
final class Announcements {

    /** Of one item: a restart with its two ends makes four changes of an edge at the most, and they pass at once. */
    static final RateLimit DAMPING = new RateLimit(5_000_000_000L, 4);

    /** Items whose deletion is remembered, until their bucket is full again. Beyond it the oldest deletions are told and forgotten. */
    static final int MAX_DELETED = 10_000;

    /** Longer than any line of C tinc; one that is padded is not kept as it came but made anew. */
    private static final int MAX_KEPT_TEXT = 256;

    /** What was said is under way for no longer than one or two of these. */
    private static final long PERIOD_NANOS = 2_000_000_000L;

    /** After a doubt the side nearer to the owner says again what it holds true. */
    private static final long DOUBT_NANOS = 1_000_000_000L;

    /** The other side gives it the time to do so, and then speaks itself: a C node never repeats anything. */
    private static final long LONG_DOUBT_NANOS = 10_000_000_000L;

    /** Two sides that are equally near do not speak at the same time. */
    private static final long JITTER_NANOS = 3_000_000_000L;

    private record Due(long atNanos, GossipItem item) {}

    private final MeshState mesh;
    private final NavigableMap<GossipItem.Key, GossipItem> items = new TreeMap<>();
    private final LinkedHashSet<GossipItem> deleted = new LinkedHashSet<>();
    private final Map<MetaSession, GossipOutbox> outboxes = new LinkedHashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos() - b.atNanos()));
    /** How far everybody is from this node and from neighbours; made when asked for, and thrown away at the end of a round. */
    private final Map<NodeName, Map<NodeName, Integer>> hopsFrom = new HashMap<>();

    private final Deque<Integer> freeSlots = new ArrayDeque<>();
    private int slots;
    private long periodNanos;

    Announcements(MeshState mesh) {
        this.mesh = mesh;
        this.periodNanos = mesh.nowNanos;
    }

    // ---- Connections ----

    /** A connection became active: its neighbour is told everything, our own subnets first. */
    void open(MetaSession session) {
        GossipOutbox outbox = new GossipOutbox(mesh, this, session);
        outboxes.put(session, outbox);
        for (Subnet subnet : mesh.self.subnets) {
            outbox.queue(item(GossipItem.Key.subnet(mesh.self.name, subnet)));
        }
    }

    void close(MetaSession session) {
        GossipOutbox outbox = outboxes.remove(session);
        if (outbox != null) {
            outbox.close();
        }
    }

    /** A request follows on this connection that names nodes. */
    void beforeRouted(MetaSession session) {
        GossipOutbox outbox = outboxes.get(session);
        if (outbox != null) {
            outbox.sendSome(items);
        }
    }

    // ---- What happened ----

    /**
     * The tables changed.
     *
     * @param text the request that made us change them, to be passed on word for word; null when it was our own doing
     * @param teller who sent it; null when it was our own doing
     */
    void changed(GossipItem.Key key, String text, MetaSession teller) {
        GossipItem item = item(key);
        boolean doubtful = false;
        item.content = contentOf(key);
        item.text = text == null || text.length() > MAX_KEPT_TEXT ? null : text;
        if (item.content != GossipItem.ABSENT) {
            deleted.remove(item);
        }
        for (GossipOutbox outbox : outboxes.values()) {
            if (outbox.session == teller) {
                doubtful = outbox.heard(item, item.content);
            } else if (item.content == GossipItem.ABSENT) {
                outbox.deleted(item);
            }
        }
        if (teller != null || DAMPING.permits(item.bucketNanos, mesh.nowNanos)) {
            tell(item, teller);
        } else {
            schedule(item, permittedNanos(item));
        }
        if (doubtful) {
            schedule(item, mesh.nowNanos + DOUBT_NANOS);
        }
        if (item.content == GossipItem.ABSENT) {
            deleted.add(item);
            if (deleted.size() > MAX_DELETED) {
                // Neighbours that take nothing meanwhile miss it, until the purge: memory stays bounded.
                GossipItem oldest = deleted.getFirst();
                tell(oldest, null);
                outboxes.values().forEach(outbox -> outbox.sendUnlessCongested(oldest));
                forget(oldest);
            }
        }
    }

    /** A neighbour said something that did not make us change the tables. */
    void heard(MetaSession from, GossipItem.Key key, int content) {
        GossipItem item = items.get(key);
        if (item != null) {
            heard(from, item, content);
        }
    }

    /** A neighbour said what is in the tables: most of what is heard, so what it comes to is not computed again. */
    void confirmed(MetaSession from, GossipItem.Key key) {
        GossipItem item = items.get(key);
        if (item != null) {
            heard(from, item, item.content);
        }
    }

    private void heard(MetaSession from, GossipItem item, int content) {
        GossipOutbox outbox = outboxes.get(from);
        if (outbox != null && outbox.heard(item, content)) {
            schedule(item, mesh.nowNanos + DOUBT_NANOS);
        }
    }

    /** We contradicted a neighbour, with the truth about something of our own. */
    void answered(MetaSession to, GossipItem.Key key) {
        GossipItem item = items.get(key);
        GossipOutbox outbox = outboxes.get(to);
        if (item != null && outbox != null) {
            outbox.answered(item);
        }
    }

    /** It is out of use here, which is no business of others. */
    void dropped(GossipItem.Key key) {
        GossipItem item = items.get(key);
        if (item != null) {
            forget(item);
        }
    }

    /** Has it looked at later, by {@link #tellLate}; the earliest time counts. */
    private void schedule(GossipItem item, long atNanos) {
        if (!item.due || atNanos - item.dueNanos < 0) {
            item.due = true;
            item.dueNanos = atNanos;
            due.add(new Due(atNanos, item));
        }
    }

    private static long permittedNanos(GossipItem item) {
        return item.bucketNanos - DAMPING.refillNanos() * (DAMPING.burst() - 1);
    }

    /** Words of others go to all but who said them; to one that may believe otherwise too, but that is looked at later none the less. */
    private void tell(GossipItem item, MetaSession teller) {
        boolean news = false;
        for (GossipOutbox outbox : outboxes.values()) {
            if (outbox.session != teller && concerns(item, outbox.session)) {
                news |= teller == null ? outbox.queueAfresh(item) : outbox.queue(item);
            }
        }
        told(item, news, teller == null);
    }

    /** Looks again at what was in doubt or held back. */
    private void tellLate(GossipItem item) {
        boolean news = false;
        boolean left = false;
        boolean inwardsToo = item.inwards && mesh.nowNanos - item.inwardsNanos >= 0;
        for (GossipOutbox outbox : outboxes.values()) {
            if (outbox.differs(item) && concerns(item, outbox.session)) {
                if (inwardsToo || isFartherFrom(item.key.owner(), outbox.session.peer())) {
                    news |= outbox.queueAfresh(item);
                } else {
                    left = true;
                }
            }
        }
        told(item, news, true);
        if (inwardsToo) {
            item.inwards = false;
        } else if (left && !item.inwards) {
            // Set once: a change meanwhile must not put it off for ever.
            item.inwards = true;
            item.inwardsNanos = mesh.nowNanos + LONG_DOUBT_NANOS + mesh.random.nextLong(JITTER_NANOS);
        }
        if (left) {
            schedule(item, item.inwardsNanos);
        }
    }

    /** Whether a neighbour is farther from where the truth comes from than we are. */
    private boolean isFartherFrom(NodeName owner, NodeName peer) {
        MeshNode node = mesh.known(owner);
        NodeName root = node != null && (node == mesh.self || node.reachable()) ? owner : smallestReachable();
        // Both ways are equally far: to search from the two ends of a connection serves any number of owners.
        Integer ours = hopsFrom.computeIfAbsent(mesh.self.name, this::hopsFrom).get(root);
        Integer theirs = hopsFrom.computeIfAbsent(peer, this::hopsFrom).get(root);
        return ours != null && (theirs == null || ours < theirs);
    }

    private NodeName smallestReachable() {
        for (MeshNode node : mesh.nodes.values()) {
            if (node == mesh.self || node.reachable()) {
                return node.name;
            }
        }
        return mesh.self.name;
    }

    private Map<NodeName, Integer> hopsFrom(NodeName root) {
        Map<NodeName, Integer> hops = new HashMap<>();
        Deque<NodeName> next = new ArrayDeque<>();
        hops.put(root, 0);
        next.add(root);
        while (!next.isEmpty()) {
            NodeName from = next.remove();
            for (Edge edge : mesh.edges.from(from)) {
                if (!hops.containsKey(edge.to()) && mesh.edges.get(edge.to(), from) != null) {
                    hops.put(edge.to(), hops.get(from) + 1);
                    next.add(edge.to());
                }
            }
        }
        return hops;
    }

    private void told(GossipItem item, boolean news, boolean counts) {
        if (news && counts) {
            item.bucketNanos = DAMPING.taken(item.bucketNanos, mesh.nowNanos);
        }
        if (!news) {
            item.text = null;
        }
    }

    /** TunnelServer tells a neighbour of our own subnets and the edge between us, but not who else is connected. */
    boolean concerns(GossipItem item, MetaSession session) {
        if (!mesh.settings.routing().tunnelServer()) {
            return true;
        }
        GossipItem.Key key = item.key;
        NodeName self = mesh.self.name;
        NodeName peer = session.peer();
        return key.owner().equals(self) && (key.to() == null || key.to().equals(peer))
                || key.owner().equals(peer) && self.equals(key.to());
    }

    // ---- Time ----

    /** The end of a round: whatever waits and may go, goes. */
    void flush() {
        while (!due.isEmpty() && mesh.nowNanos - due.peek().atNanos() >= 0) {
            Due next = due.remove();
            GossipItem item = next.item();
            if (item.due && item.dueNanos == next.atNanos()) {
                item.due = false;
                if (DAMPING.permits(item.bucketNanos, mesh.nowNanos)) {
                    tellLate(item);
                } else {
                    schedule(item, permittedNanos(item));
                }
            }
        }
        hopsFrom.clear();
        for (GossipOutbox outbox : outboxes.values()) {
            outbox.flush(items, mesh.nowNanos);
        }
    }

    /** A second passed. */
    void tick() {
        if (mesh.nowNanos - periodNanos >= PERIOD_NANOS) {
            periodNanos = mesh.nowNanos;
            outboxes.values().forEach(GossipOutbox::nextPeriod);
        }
        for (GossipItem item : List.copyOf(deleted)) {
            if (!item.due && item.waiting == 0 && item.bucketNanos - mesh.nowNanos <= 0) {
                forget(item);
            }
        }
    }

    /** When {@link #flush} has something to do, in nanoseconds from now; {@link Long#MAX_VALUE} when nothing waits. */
    long nanosToNext(long nowNanos) {
        long least = due.isEmpty() ? Long.MAX_VALUE : Math.max(0, due.peek().atNanos() - nowNanos);
        for (GossipOutbox outbox : outboxes.values()) {
            least = Math.min(least, outbox.nanosToNext(nowNanos));
        }
        return least;
    }

    // ---- Items ----

    private GossipItem item(GossipItem.Key key) {
        GossipItem item = items.get(key);
        if (item == null) {
            int slot = freeSlots.isEmpty() ? slots++ : freeSlots.removeLast();
            item = new GossipItem(key, slot, mesh.nowNanos);
            item.content = contentOf(key);
            items.put(key, item);
        }
        return item;
    }

    private void forget(GossipItem item) {
        outboxes.values().forEach(outbox -> outbox.forget(item));
        item.due = false;
        items.remove(item.key);
        deleted.remove(item);
        freeSlots.addLast(item.slot);
    }

    private int contentOf(GossipItem.Key key) {
        if (key.to() != null) {
            Edge edge = mesh.edges.get(key.owner(), key.to());
            return edge == null ? GossipItem.ABSENT : contentOf(edge);
        }
        MeshNode owner = mesh.known(key.owner());
        return owner != null && owner.subnets.contains(key.subnet()) ? GossipItem.PRESENT : GossipItem.ABSENT;
    }

    /** Contents that differ have different digests but once in 2<sup>32</sup>, and nobody else can make it happen. */
    int contentOf(Edge edge) {
        String text = edge.address() + ' ' + edge.port() + ' ' + edge.options() + ' ' + edge.weight() + ' ' + edge.localAddress() + ' '
                + edge.localPort();
        int digest = (int) mesh.digest.of(text);
        return digest >= GossipItem.ABSENT && digest <= GossipItem.AFRESH ? GossipItem.PRESENT : digest;
    }

    /** The request that says what is true of a changed item: the same for all, so that one who hears it twice knows it. */
    String text(GossipItem item) {
        if (item.text == null) {
            item.text = freshText(item);
        }
        return item.text;
    }

    /** A new request that says what is true of a changed item. Should it come back when it is no longer true, it is known. */
    String freshText(GossipItem item) {
        String fresh = encode(item);
        mesh.seen.seen(fresh, mesh.nowNanos);
        return fresh;
    }

    /** A new request that says what is true of an item. */
    String encode(GossipItem item) {
        int nonce = mesh.random.nextInt();
        GossipItem.Key key = item.key;
        boolean absent = item.content == GossipItem.ABSENT;
        MetaRequest request;
        if (key.to() == null) {
            request = absent
                    ? new MetaRequest.DelSubnet(nonce, key.owner(), key.subnet())
                    : new MetaRequest.AddSubnet(nonce, key.owner(), key.subnet());
        } else {
            request = absent
                    ? new MetaRequest.DelEdge(nonce, key.owner(), key.to())
                    : announce(nonce, mesh.edges.get(key.owner(), key.to()));
        }
        return request.encode();
    }

    /** An edge as a request. */
    static MetaRequest.AddEdge announce(int nonce, Edge edge) {
        return new MetaRequest.AddEdge(
                nonce,
                edge.from(),
                edge.to(),
                edge.address(),
                edge.port(),
                edge.options(),
                edge.weight(),
                edge.localAddress(),
                edge.localPort());
    }

    // ---- What is kept ----

    /** Whether everything was told that is to be told, and nothing deleted is remembered. */
    boolean quiet() {
        return due.isEmpty() && deleted.isEmpty() && outboxes.values().stream().allMatch(GossipOutbox::idle);
    }

    /** How many items are known, those that are deleted included. */
    int size() {
        return items.size();
    }
}
