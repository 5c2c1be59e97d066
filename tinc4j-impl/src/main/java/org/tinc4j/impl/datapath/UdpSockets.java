package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** The node's UDP sockets, and which of them fits a destination. Any thread. */
public final class UdpSockets {

    private final List<DatagramTransport> sockets;

    public UdpSockets(List<? extends DatagramTransport> sockets) {
        this.sockets = List.copyOf(sockets);
    }

    /** How many there are. */
    public int size() {
        return sockets.size();
    }

    public DatagramTransport get(int index) {
        return sockets.get(index);
    }

    /** The preferred socket, or the first that can reach the destination; -1 when none can. */
    public int choose(int preferred, InetSocketAddress remote) {
        if (preferred < sockets.size() && fits(sockets.get(preferred), remote.getAddress())) {
            return preferred;
        }
        for (int i = 0; i < sockets.size(); i++) {
            if (fits(sockets.get(i), remote.getAddress())) {
                return i;
            }
        }
        return -1;
    }

    /** An IPv6 wildcard socket reaches IPv4 too; one bound to loopback reaches loopback only, and no other reaches it from there. */
    private static boolean fits(DatagramTransport socket, InetAddress remote) {
        InetAddress local = socket.localAddress().getAddress();
        boolean remoteIsFour = remote instanceof Inet4Address;
        if (local.isAnyLocalAddress()) {
            return remoteIsFour || !(local instanceof Inet4Address);
        }
        return remoteIsFour == local instanceof Inet4Address && (!local.isLoopbackAddress() || remote.isLoopbackAddress());
    }

    /** Sends one datagram outside of any batch. */
    public SendResult send(int preferred, InetSocketAddress remote, ByteBuffer datagram) {
        int socket = choose(preferred, remote);
        if (socket < 0) {
            return SendResult.FAILED;
        }
        PacketBuffer buffer = new PacketBuffer(datagram);
        buffer.reset(datagram.position(), datagram.remaining());
        buffer.remote(remote);
        PacketBatch batch = new PacketBatch(buffer);
        batch.size(1);
        SendResult[] results = new SendResult[1];
        try {
            sockets.get(socket).send(batch, results);
        } catch (IOException e) {
            return SendResult.FAILED; // Closed: the node is going down, and UDP may be lost.
        }
        return results[0];
    }

    /** Closes all. */
    public void close() {
        sockets.forEach(DatagramTransport::close);
    }
}
