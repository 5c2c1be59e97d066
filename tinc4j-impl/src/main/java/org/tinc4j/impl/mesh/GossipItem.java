package org.tinc4j.impl.mesh;

import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * One thing that gossip is about: an edge or a subnet, and how far the telling of it has got. What is true of it stands in the tables of
 * {@link MeshState}. Stays for a while after it is deleted, so that its deletion is told, and damped. Confined to the control thread.
 */
final class GossipItem {

    /** {@link #content} of what is deleted, or was never told. */
    static final int ABSENT = 0;

    /** In place of what a neighbour was told: it must be told of a deletion, whatever it knows. Never a content. */
    static final int UNKNOWN = 1;

    /** {@link #content} of every subnet that is there. */
    static final int PRESENT = 2;

    /** In place of what a neighbour was told: it may believe otherwise, and is to be told later, in words it has not seen. Never a content. */
    static final int DOUBTED = 3;

    /** {@link #DOUBTED} until now: it is told next, in words it has not seen. Never a content. */
    static final int AFRESH = 4;

    /**
     * Which thing. Either {@code to} or {@code subnet} is null.
     *
     * @param owner who announces it
     * @param to the other end of an edge
     * @param subnet what the owner owns
     */
    record Key(NodeName owner, NodeName to, Subnet subnet) implements Comparable<Key> {

        static Key edge(NodeName from, NodeName to) {
            return new Key(from, to, null);
        }

        static Key subnet(NodeName owner, Subnet subnet) {
            return new Key(owner, null, subnet);
        }

        /** By owner, edges before subnets. */
        @Override
        public int compareTo(Key other) {
            int order = owner.compareTo(other.owner);
            if (order != 0) {
                return order;
            }
            if (to == null || other.to == null) {
                return to != null ? -1 : other.to != null ? 1 : subnet.compareTo(other.subnet);
            }
            return to.compareTo(other.to);
        }
    }

    final Key key;

    /** Its place in the tables of every {@link GossipOutbox}. */
    final int slot;

    /** Digest of what is true here now. */
    int content;

    /** The request that says {@link #content}; null until one is needed. Dropped when nobody waits for it. */
    String text;

    /** In how many outboxes it waits. */
    int waiting;

    /** State of its leaky bucket, see {@link Announcements}. */
    long bucketNanos;

    /** Whether it is to be looked at again at {@link #dueNanos}. */
    boolean due;

    long dueNanos;

    /** Whether it is to be told to those nearer to its owner too, should it still be in doubt at {@link #inwardsNanos}. */
    boolean inwards;

    long inwardsNanos;

    GossipItem(Key key, int slot, long nowNanos) {
        this.key = key;
        this.slot = slot;
        this.bucketNanos = nowNanos;
    }

    /** One outbox has told it, or need not. */
    void doneWaiting() {
        if (--waiting == 0) {
            text = null;
        }
    }
}
