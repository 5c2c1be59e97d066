package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.tinc4j.PathKind;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.path.PeerPath;
import org.tinc4j.impl.path.ProbeSink;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.wire.RelayIds;
import org.tinc4j.spi.DatagramTransport.SendResult;

/**
 * Drives tunnels: keys first, then UDP, then its MTU; and the probes on the wire.
 *
 * <pre>
 * probe record, type 4, at least 18 bytes
 *   | 0 | 13 zero bytes | random |                     request; its length is what is tested
 *   | 2 | be16 length | 11 zero bytes | 4 more |        reply of type 2: "a record of that length arrived"
 *   | 1 | the request, echoed |                         reply of type 1, for nodes before 17.3
 * </pre>
 *
 * <p>Confined to the control thread. Source: tinc 1.1, UDP discovery.
 */
final class Probes {

    /** Probe record. */
    static final int TYPE_PROBE = 4;

    private static final byte REQUEST = 0;
    private static final byte REPLY_TYPE_1 = 1;
    private static final byte REPLY_TYPE_2 = 2;

    /** "understands type 2 UDP probe replies" */
    private static final int TYPE_2_VERSION = 3;

    /** "UDP packets carry the 12 byte destination/source id prefix" */
    private static final int PREFIX_VERSION = 4;

    /**
     * A node is driven together with its relay, and that with the neighbour on its path. Chosen, and larger than any of these chains: a
     * member that announces weights below zero can make nexthops that circle, see {@link org.tinc4j.impl.graph.ShortestPaths}.
     */
    private static final int MAX_RELAYS = 4;

    private static final int DATA_OFFSET = RelayIds.BYTES + 5;

    private final MeshState mesh;
    private final Aead engine;
    private final KeyExchange keys;
    private final ByteBuffer scratch = ByteBuffer.allocate(DATA_OFFSET + 2048 + Aead.TAG_BYTES);
    private int attempts;

    Probes(MeshState mesh, Aead engine, KeyExchange keys) {
        this.mesh = mesh;
        this.engine = engine;
        this.keys = keys;
    }

    /** "Try to improve": called while packets go to a node, and each second for neighbours. */
    void drive(MeshNode node, long nowNanos) {
        drive(node, nowNanos, MAX_RELAYS);
    }

    private void drive(MeshNode node, long nowNanos, int relays) {
        if (!node.reachable() || node == mesh.self || mesh.isNeighbour(node) && mesh.tcpOnly(node)) {
            return;
        }
        keys.ensure(node, nowNanos);
        MeshNode target = mesh.udpNode(node);
        if (target != node) {
            if (relays > 0 && Options.version(target.options()) >= PREFIX_VERSION && target != mesh.self) {
                drive(target, nowNanos, relays - 1);
            }
            return;
        }
        if (node.established()) {
            boolean measureMtu = (node.options() & Options.PMTU_DISCOVERY) != 0;
            boolean type2 = Options.version(node.options()) >= TYPE_2_VERSION;
            if (node.path.expired(nowNanos)) {
                node.path.expire();
                pathChanged(node);
            }
            node.path.drive(measureMtu, type2, nowNanos, sinkFor(node));
        }
        MeshNode hop = mesh.nexthop(node);
        if (relays > 0 && !node.path.confirmed() && hop != node && Options.version(hop.options()) >= PREFIX_VERSION) {
            drive(hop, nowNanos, relays - 1);
        }
    }

    private ProbeSink sinkFor(MeshNode node) {
        return new ProbeSink() {
            @Override
            public boolean probe(int recordBytes, Target target) {
                return sendProbe(node, recordBytes, target);
            }

            @Override
            public void gratuitousReply(int recordBytes) {
                reply(node, recordBytes);
            }
        };
    }

    private boolean sendProbe(MeshNode node, int recordBytes, ProbeSink.Target target) {
        InetSocketAddress address = target == ProbeSink.Target.LOCAL ? localAddress(node) : remoteAddress(node);
        if (address == null) {
            return true;
        }
        int length = Math.max(recordBytes, PeerPath.MIN_PROBE);
        fillZero(length);
        scratch.put(DATA_OFFSET, REQUEST);
        for (int i = 14; i < length; i += 4) {
            int random = mesh.random.nextInt();
            for (int j = i; j < Math.min(i + 4, length); j++) {
                scratch.put(DATA_OFFSET + j, (byte) (random >> 8 * (j - i)));
            }
        }
        if (send(node, length, address) == SendResult.TOO_LONG) {
            node.path.tooLong(length);
            return false;
        }
        return true;
    }

    private void fillZero(int length) {
        for (int i = 0; i < length; i++) {
            scratch.put(DATA_OFFSET + i, (byte) 0);
        }
    }

    private SendResult send(MeshNode node, int length, InetSocketAddress address) {
        DatagramCipher cipher = node.tunnel.cipher();
        int sealed = cipher == null ? -1 : cipher.seal(engine, TYPE_PROBE, scratch, DATA_OFFSET, length);
        if (sealed < 0) {
            return SendResult.FAILED;
        }
        // Destination id zero: "the originator sends straight to the final destination".
        RelayIds.put(scratch, 0, 0, mesh.self.tunnel.id());
        return mesh.shell.sendUdp(node.path.socket(), address, scratch.duplicate().position(0).limit(RelayIds.BYTES + sealed));
    }

    /** "Of every three packets one goes to the current address; the other two to the address found in a random edge to the node." */
    private InetSocketAddress remoteAddress(MeshNode node) {
        if (node.path.confirmed()) {
            return node.path.address();
        }
        if (attempts++ % 3 == 0 && node.path.address() != null) {
            return node.path.address();
        }
        List<InetSocketAddress> candidates = new ArrayList<>();
        for (Edge edge : mesh.edges.from(node.name)) {
            Edge reverse = mesh.edges.get(edge.to(), node.name);
            InetSocketAddress address = reverse == null ? null : MeshState.addressOf(reverse);
            if (address != null) {
                candidates.add(address);
            }
        }
        return candidates.isEmpty()
                ? node.path.address()
                : candidates.get(mesh.random.nextInt(candidates.size()));
    }

    private InetSocketAddress localAddress(MeshNode node) {
        List<InetSocketAddress> candidates = new ArrayList<>();
        for (Edge edge : mesh.edges.from(node.name)) {
            InetSocketAddress address = NumericAddress.parse(edge.localAddress(), edge.localPort());
            if (address != null) {
                candidates.add(address);
            }
        }
        return candidates.isEmpty() ? null : candidates.get(mesh.random.nextInt(candidates.size()));
    }

    /** A probe record that the data path opened. */
    void onProbe(MeshNode node, byte[] record, InetSocketAddress from, int socket, long nowNanos) {
        if (record.length < 14) {
            return;
        }
        if (record[0] == REQUEST) {
            if (!node.path.confirmed()) {
                node.path.address(from, socket);
            }
            if (Options.version(node.options()) >= TYPE_2_VERSION) {
                reply(node, record.length);
            } else {
                echo(node, record);
            }
            return;
        }
        int length = record[0] == REPLY_TYPE_2 ? (record[1] & 0xff) << 8 | record[2] & 0xff : record.length;
        int mtuBefore = node.path.min();
        if (node.path.onReply(length, from, socket, nowNanos) || node.path.min() != mtuBefore) {
            pathChanged(node);
        }
    }

    private void reply(MeshNode node, int recordBytes) {
        fillZero(PeerPath.MIN_PROBE);
        scratch.put(DATA_OFFSET, REPLY_TYPE_2).putShort(DATA_OFFSET + 1, (short) recordBytes);
        if (node.path.address() != null) {
            send(node, PeerPath.MIN_PROBE, node.path.address());
        }
    }

    private void echo(MeshNode node, byte[] record) {
        int length = Math.min(record.length, 2048);
        scratch.put(DATA_OFFSET, record, 0, length).put(DATA_OFFSET, REPLY_TYPE_1);
        if (node.path.address() != null) {
            send(node, length, node.path.address());
        }
    }

    void pathChanged(MeshNode node) {
        PathKind kind = !node.reachable()
                ? PathKind.UNREACHABLE
                : node.path.min() > 0 ? PathKind.DIRECT : PathKind.TCP;
        var address = java.util.Optional.ofNullable(node.path.confirmed() ? node.path.address() : null);
        int pmtu = node.path.min();
        mesh.shell.emit(at -> new TincEvent.PathChanged(at, node.name, kind, address, pmtu));
    }
}
