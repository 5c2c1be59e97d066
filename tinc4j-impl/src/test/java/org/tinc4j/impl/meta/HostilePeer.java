package org.tinc4j.impl.meta;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.sptps.Role;
import org.tinc4j.impl.sptps.SptpsLabels;
import org.tinc4j.impl.sptps.SptpsSink;
import org.tinc4j.impl.sptps.StreamSession;

/** A member of the mesh with a proper key, which dials a node and completes the handshake; what it says then is up to the test. */
public final class HostilePeer {

    public static final NodeName NAME = new NodeName("mallory");

    private final StreamSession sptps;
    /** Bytes for the node, one piece at a time: it is not called from inside its own calls. */
    private final Queue<byte[]> outgoing = new ArrayDeque<>();

    private byte[] incoming = {};
    private boolean identified;

    private final SptpsSink sink = new SptpsSink() {
        @Override
        public void send(byte[] wire) {
            outgoing.add(wire);
        }

        @Override
        public void record(int type, byte[] data) {
            // Whatever the node says.
        }

        @Override
        public void established(boolean renewal) {
            // Asked for when needed.
        }
    };

    public HostilePeer(NodeKey key, NodeName node, NodePublicKey nodeKey, EntropySource entropy) {
        this(NAME, key, node, nodeKey, entropy);
    }

    public HostilePeer(NodeName name, NodeKey key, NodeName node, NodePublicKey nodeKey, EntropySource entropy) {
        sptps = new StreamSession(Role.INITIATOR, key, nodeKey, SptpsLabels.tcp(name, node), CipherSuite.CHACHA20_POLY1305, entropy);
        outgoing.add(("0 " + name + " 17.7\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next bytes for the node; null if there are none. */
    public byte[] next() {
        return outgoing.poll();
    }

    /** Bytes of the node. */
    public void receive(byte[] bytes) {
        int old = incoming.length;
        incoming = Arrays.copyOf(incoming, old + bytes.length);
        System.arraycopy(bytes, 0, incoming, old, bytes.length);
        if (!identified) {
            int end = new String(incoming, StandardCharsets.ISO_8859_1).indexOf('\n');
            if (end < 0) {
                return;
            }
            identified = true;
            incoming = Arrays.copyOfRange(incoming, end + 1, incoming.length);
            sptps.start(sink);
        }
        int consumed;
        while ((consumed = sptps.receive(incoming, 0, incoming.length, sink)) > 0) {
            incoming = Arrays.copyOfRange(incoming, consumed, incoming.length);
        }
    }

    public boolean established() {
        return sptps.established();
    }

    /** Says something in a record. */
    public void record(byte[] data) {
        outgoing.add(sptps.seal(0, data));
    }

    /** Sends bytes outside of records. */
    public void raw(byte[] bytes) {
        outgoing.add(bytes);
    }
}
