package org.tinc4j.impl.mesh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Floods already handled, by a digest of their whole text. Bounded in time and number, so in memory too: a text may be 2 KiB long.
 * Confined to the control thread.
 */
final class SeenRequests {

    /** A mesh of 1000 nodes with 5 edges each, announced twice, fits; beyond it the oldest are forgotten first. */
    private static final int MAX_ENTRIES = 20_000;

    /** 128 bits of SHA-256: nobody can make a request that is taken for another one. */
    private record Digest(long high, long low) {}

    private record Entry(Digest digest, long seenNanos) {}

    private final Set<Digest> digests = new HashSet<>();
    private final Deque<Entry> byAge = new ArrayDeque<>();
    private final MessageDigest sha256 = sha256();
    private final long lifetimeNanos;

    SeenRequests(long lifetimeNanos) {
        this.lifetimeNanos = lifetimeNanos;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    /** Whether it is here already; if not, it is from now on. */
    boolean seen(String text, long nowNanos) {
        while (!byAge.isEmpty()
                && (byAge.size() >= MAX_ENTRIES || nowNanos - byAge.getFirst().seenNanos() > lifetimeNanos)) {
            digests.remove(byAge.removeFirst().digest());
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        Digest digest = new Digest(hash.getLong(), hash.getLong());
        if (!digests.add(digest)) {
            return true;
        }
        byAge.addLast(new Entry(digest, nowNanos));
        return false;
    }

    int size() {
        return byAge.size();
    }
}
