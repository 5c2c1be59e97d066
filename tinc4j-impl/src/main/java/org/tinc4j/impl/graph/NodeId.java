package org.tinc4j.impl.graph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.tinc4j.NodeName;

/** The 6 bytes that stand for a node's name in UDP and binary TCP framing. */
public final class NodeId {

    private static final int BYTES = 6;

    private NodeId() {}

    /**
     * The id of a node: the first 6 bytes of the SHA-512 digest of its name.
     *
     * @param name the node
     * @return the bytes as a big-endian number, 0 to 2^48-1
     */
    public static long of(NodeName name) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-512").digest(name.value().getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-512", e);
        }
        long id = 0;
        for (int i = 0; i < BYTES; i++) {
            id = id << 8 | digest[i] & 0xff;
        }
        return id;
    }
}
