package org.tinc4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.tinc4j.config.PeerSettings;

/**
 * Collects what is known of a peer; see {@link Tinc.Builder#peer}. Each option says what it means when it is left out.
 *
 * <p><b>Threads.</b> Used only inside the call it is passed to.
 */
public final class Peer {

    private final NodeName name;
    private NodePublicKey publicKey;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Subnet> pinned = new ArrayList<>();
    private boolean acceptOnly;
    private boolean indirectData;
    private boolean tcpOnly;
    private Boolean clampMss;
    private Boolean pmtuDiscovery;
    private OptionalInt pmtu = OptionalInt.empty();
    private OptionalInt weight = OptionalInt.empty();
    private CipherSuite cipher;

    /**
     * Of a name.
     *
     * @param name the peer
     */
    public Peer(NodeName name) {
        this.name = name;
    }

    /**
     * Its public key. Without one the peer can neither be dialled nor accepted, only be met through others.
     *
     * @param key the key
     * @return this
     */
    public Peer publicKey(NodePublicKey key) {
        publicKey = key;
        return this;
    }

    /**
     * Its public key as text.
     *
     * @param text 43 characters, as after {@code Ed25519PublicKey =} in its host file
     * @return this
     */
    public Peer publicKey(String text) {
        return publicKey(NodePublicKey.parse(text));
    }

    /**
     * Where to dial it; may be given several times, tried in order. A peer without endpoint is only accepted, or dialled where the
     * mesh says it is.
     *
     * @param host name or numeric address
     * @param port 1 to 65535
     * @return this
     */
    public Peer endpoint(String host, int port) {
        endpoints.add(new Endpoint(host, port));
        return this;
    }

    /**
     * Do not dial it, though it has endpoints; only let it dial us.
     *
     * @return this
     */
    public Peer acceptOnly() {
        acceptOnly = true;
        return this;
    }

    /**
     * A range that only this peer may announce; may be given several times. Default: none.
     *
     * @param subnet for example {@code 10.7.3.0/24}
     * @return this
     */
    public Peer subnet(String subnet) {
        pinned.add(Subnet.parse(subnet));
        return this;
    }

    /**
     * Contact it only over meta connections, never by UDP of its own. Default: no.
     *
     * @return this
     */
    public Peer indirectData() {
        indirectData = true;
        return this;
    }

    /**
     * Use no UDP with it. Default: no.
     *
     * @return this
     */
    public Peer tcpOnly() {
        tcpOnly = true;
        return this;
    }

    /**
     * Whether the MSS of TCP connections to it is lowered to what the path takes. Default: as the node.
     *
     * @param clamp yes or no
     * @return this
     */
    public Peer clampMss(boolean clamp) {
        clampMss = clamp;
        return this;
    }

    /**
     * Whether the path MTU to it is probed. Default: as the node.
     *
     * @param discover yes or no
     * @return this
     */
    public Peer pmtuDiscovery(boolean discover) {
        pmtuDiscovery = discover;
        return this;
    }

    /**
     * Upper limit of the path MTU to it. Default: as the node.
     *
     * @param bytes 512 to 1518
     * @return this
     */
    public Peer pmtu(int bytes) {
        if (bytes < 512 || bytes > 1518) {
            throw new IllegalArgumentException("pmtu=" + bytes + " bytes of peer " + name + " is outside 512..1518");
        }
        pmtu = OptionalInt.of(bytes);
        return this;
    }

    /**
     * Weight of the meta connection with it; lower is preferred. Default: milliseconds the handshake took.
     *
     * @param value any number from 0 on
     * @return this
     */
    public Peer weight(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("weight=" + value + " of peer " + name + " is below 0");
        }
        weight = OptionalInt.of(value);
        return this;
    }

    /**
     * How everything between this node and the peer is sealed, the meta connection as well as the tunnel. In files it is
     * {@code SPTPSCipher}. Default: meta connections with {@link CipherSuite#CHACHA20_POLY1305}; a tunnel with {@link CipherSuite#AES_256_GCM}
     * if the peer offers it, as every tinc4j node does, and else as the meta connections.
     *
     * <p>Give {@link CipherSuite#AES_256_GCM} only on both sides, for a peer that is not C tinc: the suite is signed in the handshake, and a
     * side that expects the other one refuses it and logs so. {@link CipherSuite#CHACHA20_POLY1305} is for a pair of which one
     * has a processor without instructions for AES, where AES is the slower one.
     *
     * <p>Given to a node that runs, it holds from the next meta connection and the next tunnel on.
     *
     * @param suite one of the two
     * @return this
     */
    public Peer cipher(CipherSuite suite) {
        cipher = Objects.requireNonNull(suite);
        return this;
    }

    /**
     * What was collected.
     *
     * @return immutable settings
     */
    public PeerSettings settings() {
        return new PeerSettings(
                name,
                Optional.ofNullable(publicKey),
                endpoints,
                !acceptOnly && !endpoints.isEmpty(),
                pinned,
                indirectData,
                tcpOnly,
                Optional.ofNullable(clampMss),
                Optional.ofNullable(pmtuDiscovery),
                pmtu,
                weight,
                Optional.ofNullable(cipher));
    }
}
