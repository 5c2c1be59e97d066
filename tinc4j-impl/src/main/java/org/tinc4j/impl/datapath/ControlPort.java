package org.tinc4j.impl.datapath;

import java.net.InetSocketAddress;
import org.tinc4j.NodeName;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.net.Traffic;

/**
 * What the data path tells the control thread. Never blocks: where the mailbox is full, the call returns false and what it carried is
 * lost.
 */
public interface ControlPort {

    /** A packet is to go there, for the first time in a while. */
    boolean wanted(Tunnel tunnel);

    /** A probe record was opened; the array is given away. */
    boolean probe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket);

    /** A good datagram came straight from a node at another address than the one known. */
    boolean moved(Tunnel tunnel, InetSocketAddress from, int socket);

    /** Packets of a node arrived by way of others. */
    boolean indirect(Tunnel tunnel);

    /** A datagram could not be opened. */
    boolean undecryptable(Tunnel tunnel);

    /** The system refused a datagram with a record of this many bytes. */
    boolean tooLong(Tunnel tunnel, int recordBytes);

    /** A rule denied a node something. */
    boolean denied(NodeName node, Traffic.Protocol protocol, int port);

    /** Send this Ethernet frame to a neighbour as PACKET; the array is given away. */
    boolean sendFrame(Tunnel tunnel, byte[] frame);

    /** Send destination id, source id and datagram towards a node as SPTPS_PACKET; the array is given away. */
    boolean sendSealed(Tunnel tunnel, byte[] packet);
}
