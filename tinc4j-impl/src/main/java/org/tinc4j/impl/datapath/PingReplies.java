package org.tinc4j.impl.datapath;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.tinc4j.impl.stack.EchoReply;
import org.tinc4j.spi.PacketBuffer;

/** Echo requests this node sent by itself and whose replies it takes out of the packet stream. Any thread. */
public final class PingReplies {

    private record Waiting(long sentNanos, CompletableFuture<Long> answered) {}

    private final ConcurrentMap<Integer, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger next;

    /**
     * None yet.
     *
     * @param first where to begin counting identifiers; unpredictable, so that others cannot answer for a peer
     */
    public PingReplies(int first) {
        this.next = new AtomicInteger(first);
    }

    /**
     * Expects a reply.
     *
     * @param answered completed with the round trip in nanoseconds
     * @return identifier in the upper, sequence number in the lower 16 bits
     */
    public int expect(long sentNanos, CompletableFuture<Long> answered) {
        int token = next.incrementAndGet();
        waiting.put(token, new Waiting(sentNanos, answered));
        return token;
    }

    /** Expects it no longer. */
    public void forget(int token) {
        waiting.remove(token);
    }

    /** Whether any reply is expected: else no packet needs to be looked at. */
    public boolean expectsAny() {
        return !waiting.isEmpty();
    }

    /** Whether the packet is a reply that is expected; then it is consumed. */
    public boolean take(PacketBuffer packet, long nowNanos) {
        long token = EchoReply.match(packet.memory(), packet.offset(), packet.length());
        Waiting entry = token < 0 ? null : waiting.remove((int) token);
        if (entry == null) {
            return false;
        }
        entry.answered().complete(nowNanos - entry.sentNanos());
        return true;
    }
}
