package org.tinc4j.impl.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.tinc4j.CipherSuite;
import org.tinc4j.Subnet;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.route.ConfirmedAddresses;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.sptps.DatagramCipher;

/**
 * Three nodes with keys and proven paths: a owns 10.0.1.0/24 and fd00:1::/32, b 10.0.2.0/24 and fd00:2::/32, and c stands between them if asked
 * to.
 */
final class BurstMesh {

    private static final int OPTIONS = 0x0700000c;

    final BurstNode a;
    final BurstNode b;
    final BurstNode c;

    private final List<BurstNode> nodes;
    private final Random random = new Random(7);

    private BurstMesh(Supplier<Aead> engines, boolean relayed) {
        a = new BurstNode("a", "192.0.2.1", engines);
        b = new BurstNode("b", "192.0.2.2", engines);
        c = new BurstNode("c", "192.0.2.3", engines);
        nodes = List.of(a, b, c);
        for (BurstNode self : nodes) {
            publish(self, relayed);
        }
    }

    /** Everybody reaches everybody by UDP. */
    static BurstMesh direct(Supplier<Aead> engines) {
        return new BurstMesh(engines, false);
    }

    /** a and b reach each other by way of c only. */
    static BurstMesh relayed(Supplier<Aead> engines) {
        return new BurstMesh(engines, true);
    }

    private Tunnel[][] tunnels;

    private void publish(BurstNode self, boolean relayed) {
        if (tunnels == null) {
            makeTunnels();
        }
        int me = nodes.indexOf(self);
        ConfirmedAddresses confirmed = new ConfirmedAddresses();
        List<NodeRoute> routes = new ArrayList<>();
        List<SubnetTable.Entry> entries = new ArrayList<>(SubnetTable.standardBroadcast());
        for (int i = 0; i < nodes.size(); i++) {
            BurstNode node = nodes.get(i);
            List<Subnet> subnets = List.of(Subnet.parse("10.0." + (i + 1) + ".0/24"), Subnet.parse("fd00:" + (i + 1) + "::/32"));
            boolean byRelay = relayed && me != i && me != 2 && i != 2;
            int hop = byRelay ? 2 : i;
            Tunnel tunnel = tunnels[me][i];
            if (me != i) {
                UdpPath path = byRelay ? UdpPath.NONE : new UdpPath(node.address, 0, true, 1439);
                tunnel.udp(path);
                confirmed.update(tunnel, UdpPath.NONE, path);
            }
            routes.add(new NodeRoute(node.name, tunnel, true, hop, byRelay ? me : i, OPTIONS, subnets));
            int index = i;
            subnets.forEach(subnet -> entries.add(new SubnetTable.Entry(subnet, node.name, index, true)));
        }
        self.plane.publish(new RoutingTable(me, routes, SubnetTable.of(entries), new int[0], confirmed));
    }

    private void makeTunnels() {
        tunnels = new Tunnel[nodes.size()][nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.size(); j++) {
                tunnels[i][j] = new Tunnel(nodes.get(j).name, nodes.get(j).tunnel.id());
                tunnels[i][j].cipher(new DatagramCipher(32));
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < nodes.size(); j++) {
                byte[] key = new byte[AeadKey.BYTES];
                random.nextBytes(key);
                tunnels[i][j].cipher().outgoing(new AeadKey(CipherSuite.CHACHA20_POLY1305, key));
                tunnels[j][i].cipher().incomingNext(new AeadKey(CipherSuite.CHACHA20_POLY1305, key));
                tunnels[j][i].cipher().promoteIncoming();
            }
        }
    }

    /** What one node knows of another. */
    Tunnel tunnel(BurstNode from, BurstNode to) {
        return tunnels[nodes.indexOf(from)][nodes.indexOf(to)];
    }
}
