package org.tinc4j.impl.meta;

import java.util.Optional;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.wire.MetaRequest;

/** What a meta connection asks and tells its mesh, during the call that fed it. */
public interface MetaEvents {

    /** Bytes for the TCP connection. */
    void write(MetaSession session, byte[] bytes);

    /** The key that a peer must prove to have; empty refuses it. */
    Optional<NodePublicKey> keyOf(NodeName peer);

    /** How the connection with a peer is sealed. */
    CipherSuite suiteOf(NodeName peer);

    /**
     * The peer proved to be who it says.
     *
     * @return the ACK to send, or empty to close this connection because another one with that peer is better
     */
    Optional<MetaRequest.Ack> authenticated(MetaSession session, NodeName peer);

    /** The peer's ACK: the connection is active. */
    void activated(MetaSession session, NodeName peer, MetaRequest.Ack ack);

    /**
     * A request on an active connection, other than PING, PACKET and SPTPS_PACKET.
     *
     * @param text as it came, without its newline: floods and relayed requests are passed on unchanged
     */
    void request(MetaSession session, NodeName peer, MetaRequest request, String text);

    /** A whole Ethernet frame that came as PACKET. */
    void packet(MetaSession session, NodeName peer, byte[] frame);

    /** Destination id, source id and sealed datagram that came as SPTPS_PACKET. */
    void sealedPacket(MetaSession session, NodeName peer, byte[] packet);

    /** The session gave up; the TCP connection is to be closed. Told once. */
    void failed(MetaSession session, String reason);
}
