package org.tinc4j.impl.mesh;

import java.util.List;
import java.util.Optional;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodePublicKey;
import org.tinc4j.TincBase64;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.mesh.MeshNode.DataKeys;
import org.tinc4j.impl.mesh.MeshShell.Level;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.sptps.DatagramSession;
import org.tinc4j.impl.sptps.Role;
import org.tinc4j.impl.sptps.SptpsLabels;
import org.tinc4j.impl.sptps.SptpsSink;
import org.tinc4j.impl.sptps.Suites;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * Data keys with every node packets go to: made, renewed, thrown away.
 *
 * <pre>
 * A -> B   REQ_KEY 15  KEX of A        all by way of the meta connections, hop by hop; behind it the ciphers A offers
 * B -> A   ANS_KEY     KEX of B        in the field "cipher" the one B would like, if it was offered; else -1
 * A -> B   ANS_KEY     SIG of A        made for the cipher that is used
 * B -> A   ANS_KEY     SIG of B        renewal: KEX, KEX, SIG, SIG, ACK, ACK, all as ANS_KEY
 * </pre>
 *
 * <p>C tinc knows nothing of ciphers to choose. It ignores the offer and answers -1, as does a node that is set to
 * {@link CipherSuite#CHACHA20_POLY1305}; the field belonged to the protocol of tinc 1.0, and relays pass it on. A word at the end of ANS_KEY
 * would not do: there a relay puts the address at which it sees the sender.
 *
 * <p>Confined to the control thread. Source: tinc meta protocol, REQ_KEY and ANS_KEY.
 */
final class KeyExchange {

    /** "If no session is established after 10 seconds and there is still something to send, start over." */
    private static final long RETRY_NANOS = 10_000_000_000L;

    /** What is used with a node that is not set to anything. */
    private static final List<CipherSuite> AUTOMATIC = List.of(CipherSuite.CHACHA20_POLY1305, CipherSuite.AES_256_GCM);

    /** In place of a number that C tinc has no use for, or when no cipher is to be chosen. */
    private static final int NOTHING = -1;

    /** Once is an accident, such as a way that changed meanwhile. After two agreements in a row that did not lead to keys... */
    private static final int MAX_FAILED_AGREEMENTS = 2;

    /** ...nothing is offered to that node for so long: something on the way may have forged its answers. */
    private static final long OFFER_REST_NANOS = 600_000_000_000L;

    /** If both sides send REQ_KEY at once, C tinc drops its own and answers ours. For this long we take a request for a crossing one. */
    private static final long CROSSING_NANOS = 1_000_000_000L;

    /** After our ACK of a renewal, data goes over the meta connection for as long as that ACK may still be under way. */
    private static final long HOLD_NANOS = 300_000_000L;

    /** Datagrams sealed before a renewal may still be under way this long after it. */
    private static final long PREVIOUS_KEY_NANOS = 5_000_000_000L;

    /** Sub-requests of REQ_KEY. */
    static final int SUB_REQ_KEY = 15;

    static final int SUB_SPTPS_PACKET = 21;
    private static final int SUB_REQ_PUBKEY = 19;
    private static final int SUB_ANS_PUBKEY = 20;

    private final MeshState mesh;
    private final Aead engine;
    private final InfoRequests info;

    KeyExchange(MeshState mesh, Aead engine, InfoRequests info) {
        this.mesh = mesh;
        this.engine = engine;
        this.info = info;
    }

    /** Makes sure that keys with a reachable node exist or are being made. */
    void ensure(MeshNode node, long nowNanos) {
        if (node == mesh.self || !node.reachable() || node.established()) {
            return;
        }
        if (!node.keyRequested || nowNanos - node.keyRequestNanos >= RETRY_NANOS) {
            request(node, nowNanos);
        }
    }

    /** What was asked of a node is lost: the next packet to it asks again. */
    void unanswered(MeshNode node) {
        if (!node.established()) {
            node.keyRequested = false;
        }
    }

    private void request(MeshNode node, long nowNanos) {
        lookAtFailure(node, nowNanos);
        node.keyRequested = true;
        node.keyRequestNanos = nowNanos;
        if (node.key == null) {
            mesh.sendTowards(node, new MetaRequest.ReqKey(mesh.self.name, node.name, SUB_REQ_PUBKEY, ""));
            return;
        }
        begin(node, Role.INITIATOR, nowNanos).session.start(sink(node, node.keys, nowNanos));
    }

    /** Keys that were asked for and never came to be: the peer says nothing when it refuses our SIG. */
    private void lookAtFailure(MeshNode node, long nowNanos) {
        DataKeys keys = node.keys;
        if (keys == null || !keys.initiator || keys.everEstablished || keys.session.choosing()
                || keys.session.suite() == CipherSuite.CHACHA20_POLY1305 || nowNanos - node.keyRequestNanos < RETRY_NANOS) {
            return;
        }
        String suite = keys.session.suite().label();
        if (configured(node).isPresent()) {
            mesh.shell.log(Level.WARN, "no keys with " + node.name + " for " + suite
                    + ", which SPTPSCipher (Peer.cipher) sets for it here; set it for this node there as well, or delete it here");
        } else if (++node.failedAgreements >= MAX_FAILED_AGREEMENTS) {
            node.failedAgreements = 0;
            node.offerRests = true;
            node.offerRestNanos = nowNanos;
            mesh.shell.log(Level.WARN, "no keys with " + node.name + " for " + suite + ", though that was agreed twice; not offered again for "
                    + OFFER_REST_NANOS / 1_000_000_000L + " s");
        }
    }

    private Optional<CipherSuite> configured(MeshNode node) {
        return mesh.peers.get(node.name).flatMap(PeerSettings::cipher);
    }

    private List<CipherSuite> suites(MeshNode node, Role role, long nowNanos) {
        Optional<CipherSuite> configured = configured(node);
        if (configured.isPresent()) {
            return List.of(configured.get());
        }
        if (node.offerRests && nowNanos - node.offerRestNanos >= OFFER_REST_NANOS) {
            node.offerRests = false;
        }
        return role == Role.INITIATOR && node.offerRests ? Suites.PLAIN : AUTOMATIC;
    }

    private DataKeys begin(MeshNode node, Role role, long nowNanos) {
        drop(node);
        List<CipherSuite> suites = suites(node, role, nowNanos);
        DatagramCipher cipher = new DatagramCipher(mesh.settings.link().replayWindowBytes());
        byte[] label = role == Role.INITIATOR
                ? SptpsLabels.udp(mesh.self.name, node.name)
                : SptpsLabels.udp(node.name, mesh.self.name);
        DatagramSession session =
                new DatagramSession(role, mesh.settings.key(), node.key, label, suites, mesh.entropy, cipher, engine);
        node.keys = new DataKeys(session, role == Role.INITIATOR, suites);
        node.keys.madeNanos = nowNanos;
        node.keyRequested = true;
        node.keyRequestNanos = nowNanos;
        node.tunnel.cipher(cipher);
        ensureRelayKeys(node, nowNanos);
        return node.keys;
    }

    /**
     * C tinc passes an SPTPS_PACKET on to us only if it has keys with us, and never asks a TCPOnly neighbour for them: two such leaves
     * behind one hub could not talk. So we ask, as soon as keys with anybody behind the hub are made.
     */
    private void ensureRelayKeys(MeshNode node, long nowNanos) {
        MeshNode hop = mesh.nexthop(node);
        if (hop != null && hop != node && mesh.tcpOnly(hop)) {
            ensure(hop, nowNanos);
        }
    }

    /** The node is gone, or its keys are to be made anew. */
    void drop(MeshNode node) {
        node.keyRequested = false;
        node.tunnel.held(false);
        node.tunnel.cipher(null);
        if (node.keys != null) {
            node.keys.session.destroy();
            node.keys = null;
        }
    }

    private SptpsSink sink(MeshNode node, DataKeys keys, long nowNanos) {
        return new SptpsSink() {
            @Override
            public void send(byte[] wire) {
                String text = TincBase64.encode(wire);
                boolean first = !keys.firstMessageSent;
                keys.firstMessageSent = true;
                if (keys.initiator && first) {
                    var request = new MetaRequest.ReqKey(mesh.self.name, node.name, SUB_REQ_KEY, text);
                    mesh.relayTowards(node, KeyOffer.of(keys.suites).appendTo(request.encode()));
                } else {
                    int cipher = first ? keys.wish : NOTHING;
                    mesh.sendTowards(
                            node,
                            new MetaRequest.AnsKey(mesh.self.name, node.name, text, cipher, NOTHING, NOTHING, 0, "", ""));
                }
            }

            @Override
            public void record(int type, byte[] data) {
                // Data over ANS_KEY: C tinc sends none, and it would bypass the data path.
                mesh.shell.log(Level.DEBUG, "data record in an ANS_KEY of " + node.name + " ignored");
            }

            @Override
            public void established(boolean renewal) {
                keys.madeNanos = nowNanos;
                keys.everEstablished = true;
                node.failedAgreements = 0;
                keys.previousKeyAlive = renewal;
                mesh.shell.emit(at -> new TincEvent.KeyRenewed(at, node.name, renewal));
            }
        };
    }

    void onReqKey(MetaRequest.ReqKey request, String text, MeshNode from, long nowNanos) {
        switch (request.sub()) {
            case SUB_REQ_KEY -> onHandshakeRequest(request, text, from, nowNanos);
            case SUB_REQ_PUBKEY -> {
                if (from.key == null) {
                    mesh.sendTowards(from, new MetaRequest.ReqKey(mesh.self.name, from.name, SUB_REQ_PUBKEY, ""));
                }
                String own = mesh.self.key.toString();
                mesh.sendTowards(from, new MetaRequest.ReqKey(mesh.self.name, from.name, SUB_ANS_PUBKEY, own));
            }
            case SUB_ANS_PUBKEY -> onPublicKey(request, from, nowNanos);
            default -> mesh.shell.log(Level.DEBUG, "REQ_KEY/" + request.sub() + " of " + from.name + " is not understood");
        }
    }

    /** Trust on first use, as C tinc does: a node met through others is who the mesh says it is. */
    private void onPublicKey(MetaRequest.ReqKey request, MeshNode from, long nowNanos) {
        if (from.key != null) {
            return;
        }
        try {
            mesh.learnKey(from, NodePublicKey.parse(request.data()));
        } catch (IllegalArgumentException e) {
            mesh.shell.log(Level.WARN, "public key of " + from.name + " ignored: " + e.getMessage());
            return;
        }
        if (from.tunnel.wanted()) {
            request(from, nowNanos);
        }
    }

    private void onHandshakeRequest(MetaRequest.ReqKey request, String text, MeshNode from, long nowNanos) {
        byte[] kex = TincBase64.decode(request.data());
        if (kex == null || kex.length == 0) {
            mesh.shell.log(Level.WARN, "REQ_KEY of " + from.name + " carries no KEX");
            return;
        }
        if (from.key == null) {
            mesh.sendTowards(from, new MetaRequest.ReqKey(mesh.self.name, from.name, SUB_REQ_PUBKEY, ""));
            return;
        }
        DataKeys pending = from.keys;
        boolean crossed = pending != null
                && pending.initiator
                && !pending.session.established()
                && nowNanos - from.keyRequestNanos < CROSSING_NANOS;
        KeyOffer offer = KeyOffer.read(text);
        boolean theirsStands = offer.smallerNameInsists() && mesh.self.name.compareTo(from.name) > 0;
        if (crossed && !theirsStands) {
            // "An implementation can avoid this against tincd by ignoring an incoming 15 while its own was sent a moment ago."
            mesh.shell.log(Level.DEBUG, "REQ_KEY of " + from.name + " crossed ours and is left to rest");
            return;
        }
        answer(from, kex, offer, nowNanos);
    }

    private void answer(MeshNode from, byte[] kex, KeyOffer offer, long nowNanos) {
        DataKeys keys = begin(from, Role.RESPONDER, nowNanos);
        keys.wish = keys.suites.stream().filter(offer.suites()::contains).findFirst().map(Suites::number).orElse(NOTHING);
        SptpsSink sink = sink(from, keys, nowNanos);
        keys.session.start(sink);
        if (!keys.session.receiveHandshake(kex, sink)) {
            mesh.shell.log(Level.WARN, "REQ_KEY of " + from.name + ": " + keys.session.failure());
            drop(from);
            return;
        }
        info.sendMtuInfo(from, nowNanos);
    }

    void onAnsKey(MetaRequest.AnsKey answer, MeshNode from, long nowNanos) {
        DataKeys keys = from.keys;
        byte[] datagram = TincBase64.decode(answer.key());
        if (keys == null || datagram == null || datagram.length == 0) {
            return;
        }
        if (answer.compression() < 0 || answer.compression() > 12) {
            mesh.shell.log(Level.WARN, "ANS_KEY of " + from.name + " asks for compression " + answer.compression());
            return;
        }
        if (keys.session.choosing()) {
            keys.suites.stream()
                    .filter(suite -> Suites.number(suite) == answer.cipher())
                    .findFirst()
                    .ifPresent(keys.session::choose);
        }
        SptpsSink sink = sink(from, keys, nowNanos);
        if (!keys.session.receiveHandshake(datagram, sink)) {
            mesh.shell.log(Level.WARN, "ANS_KEY of " + from.name + ": " + keys.session.failure());
            // An established session refuses junk and lives on; a dead one is replaced, no faster than keys are asked for.
            if (keys.session.failed() && nowNanos - from.keyRequestNanos >= RETRY_NANOS) {
                request(from, nowNanos);
            }
            return;
        }
        afterHandshakeRecord(from, keys, nowNanos);
        if (from.established() && !answer.address().isEmpty()) {
            var reflexive = NumericAddress.parse(answer.address(), answer.port());
            if (reflexive != null && !from.path.confirmed()) {
                from.path.address(reflexive, from.path.socket());
            }
        }
        info.sendMtuInfo(from, nowNanos);
    }

    private void afterHandshakeRecord(MeshNode node, DataKeys keys, long nowNanos) {
        if (keys.session.rekeying()) {
            keys.rekeyNanos = nowNanos;
        }
        if (keys.session.awaitingAck()) {
            hold(node, keys, nowNanos);
        }
    }

    private void hold(MeshNode node, DataKeys keys, long nowNanos) {
        keys.holdUntilNanos = nowNanos + HOLD_NANOS;
        node.tunnel.held(true);
    }

    /** Nothing the node sends can be opened any more, though it is reachable: it must have lost the keys. */
    void onUndecryptable(MeshNode node, long nowNanos) {
        if (node.reachable() && (!node.keyRequested || nowNanos - node.keyRequestNanos >= RETRY_NANOS)) {
            mesh.shell.log(Level.INFO, "nothing of " + node.name + " can be opened, making new keys");
            request(node, nowNanos);
        }
    }

    /** Time passes. */
    void tick(MeshNode node, long nowNanos) {
        DataKeys keys = node.keys;
        if (keys == null) {
            return;
        }
        if (!keys.session.established()) {
            return;
        }
        if (node.tunnel.held() && !keys.session.awaitingAck() && nowNanos - keys.holdUntilNanos >= 0) {
            node.tunnel.held(false);
        }
        if (keys.previousKeyAlive && nowNanos - keys.madeNanos >= PREVIOUS_KEY_NANOS) {
            keys.previousKeyAlive = false;
            node.tunnel.cipher().forgetPreviousIncoming();
        }
        if (keys.session.rekeying()) {
            if (nowNanos - keys.rekeyNanos >= RETRY_NANOS) {
                mesh.shell.log(Level.INFO, "renewal of the keys with " + node.name + " got stuck, making new ones");
                request(node, nowNanos);
            }
            return;
        }
        // The responder leaves it to the initiator, but for a tenth of the lifetime only.
        long lifetime = mesh.settings.timing().keyLifetime().toNanos();
        long due = keys.initiator ? lifetime : lifetime + lifetime / 10;
        if (node.tunnel.cipher().renewalDue()) {
            // A renewal keeps counting sequence numbers; only a new session starts them again.
            request(node, nowNanos);
        } else if (nowNanos - keys.madeNanos >= due) {
            keys.rekeyNanos = nowNanos;
            keys.session.rekey(sink(node, keys, nowNanos));
        }
    }
}
