package org.tinc4j.impl.mesh;

import java.util.List;
import java.util.TreeSet;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.graph.NodeId;
import org.tinc4j.impl.graph.Path;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.path.PathSettings;
import org.tinc4j.impl.path.PeerPath;
import org.tinc4j.impl.route.ConfirmedAddresses;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.sptps.DatagramSession;

/** What is known of one node. Confined to the control thread; {@link #tunnel} is what data threads see. */
final class MeshNode {

    final NodeName name;
    final Tunnel tunnel;
    final PeerPath path;
    final TreeSet<Subnet> subnets = new TreeSet<>();

    /** Its identity, from configuration or learned through the mesh; null while unknown. */
    NodePublicKey key;

    /** How it is reached; null when it is not. */
    Path route;

    /** The edge to it that was accepted last, for the texts in it; null before the first. */
    Edge announced;

    /** The active meta connection with it; null when there is none. */
    MetaSession connection;

    /** Data keys made or in the making; null when there are none. */
    DataKeys keys;

    long keyRequestNanos;
    boolean keyRequested;
    long udpInfoNanos;
    boolean udpInfoSent;
    /** Agreements on a cipher in a row that did not lead to keys. */
    int failedAgreements;

    /** Whether no cipher is offered to it for the time being. */
    boolean offerRests;

    long offerRestNanos;
    long mtuInfoNanos;
    boolean mtuInfoSent;

    /** Since when it has not been reachable; means nothing while it is. */
    long unreachableNanos;

    MeshNode(NodeName name, PathSettings settings, ConfirmedAddresses addresses) {
        this.name = name;
        this.tunnel = new Tunnel(name, NodeId.of(name));
        this.path = new PeerPath(tunnel, settings, addresses);
    }

    boolean reachable() {
        return route != null;
    }

    int options() {
        return route == null ? 0 : route.options();
    }

    boolean established() {
        return keys != null && keys.session.established();
    }

    /** A data session with its times. */
    static final class DataKeys {
        final DatagramSession session;
        final boolean initiator;

        /** Ciphers it may use. */
        final List<CipherSuite> suites;

        /** The number of the one that our KEX asks for, as the responder; -1 for none. */
        int wish = -1;

        boolean everEstablished;
        long madeNanos;
        boolean firstMessageSent;
        boolean previousKeyAlive;
        long rekeyNanos;
        long holdUntilNanos;

        DataKeys(DatagramSession session, boolean initiator, List<CipherSuite> suites) {
            this.session = session;
            this.initiator = initiator;
            this.suites = suites;
        }
    }
}
