package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** The node's UDP sockets, and which of them fits a destination. Any thread. */
public final class UdpSockets {

    private final List<DatagramTransport> sockets;

    /** Of each socket: the index of the first at the same address and port, and how many those are. They follow each other. */
    private final int[] first;

    private final int[] siblings;
    private final Reach[] reach;

    public UdpSockets(List<? extends DatagramTransport> sockets) {
        this.sockets = List.copyOf(sockets);
        this.first = new int[sockets.size()];
        this.siblings = new int[sockets.size()];
        this.reach = this.sockets.stream().map(socket -> Reach.of(socket.localAddress().getAddress())).toArray(Reach[]::new);
        for (int i = 0; i < first.length; i++) {
            InetSocketAddress local = this.sockets.get(i).localAddress();
            boolean sibling = i > 0 && local.equals(this.sockets.get(i - 1).localAddress());
            first[i] = sibling ? first[i - 1] : i;
            for (int j = first[i]; j <= i; j++) {
                siblings[j] = i - first[i] + 1;
            }
        }
    }

    /** How many there are. */
    public int size() {
        return sockets.size();
    }

    public DatagramTransport get(int index) {
        return sockets.get(index);
    }

    /** The number of a socket among those at the same address and port; 0 for the first. */
    public int queueOf(int socket) {
        return socket - first[socket];
    }

    /** The preferred socket, or the first that can reach the destination; -1 when none can. */
    public int choose(int preferred, InetSocketAddress remote) {
        return choose(preferred, remote, 0);
    }

    /**
     * The preferred socket, or the first that can reach the destination.
     *
     * @param queue which of several at the same address and port: they differ only in who else uses them
     * @return its index; -1 when none can
     */
    int choose(int preferred, InetSocketAddress remote, int queue) {
        if (preferred < sockets.size() && reach[preferred].fits(remote.getAddress())) {
            return first[preferred] + queue % siblings[preferred];
        }
        for (int i = 0; i < sockets.size(); i++) {
            if (reach[i].fits(remote.getAddress())) {
                return first[i] + queue % siblings[i];
            }
        }
        return -1;
    }

    /** What can be reached from a local address. Asked for every buffer sent, and most questions to an InetAddress allocate. */
    private record Reach(boolean any, boolean four, boolean loopback) {

        static Reach of(InetAddress local) {
            return new Reach(local.isAnyLocalAddress(), local instanceof Inet4Address, local.isLoopbackAddress());
        }

        /** An IPv6 wildcard socket reaches IPv4 too; one bound to loopback reaches loopback only, and no other reaches it from there. */
        boolean fits(InetAddress remote) {
            boolean remoteIsFour = remote instanceof Inet4Address;
            if (any) {
                return remoteIsFour || !four;
            }
            return remoteIsFour == four && (!loopback || remote.isLoopbackAddress());
        }
    }

    /** The longest run that all take; those of a node are of one make. */
    int sendBytes() {
        return sockets.stream().mapToInt(DatagramTransport::sendBytes).min().orElse(DatagramTransport.SINGLE_BYTES);
    }

    /** Whether all can be looked at without waiting; those of a node are of one make. */
    boolean pollable() {
        return sockets.stream().allMatch(socket -> socket.pollable().isPresent());
    }

    /** Which memory they are best given. */
    BufferPool.Memory memory() {
        return sockets.stream().map(DatagramTransport::memory).filter(kind -> kind == BufferPool.Memory.DIRECT).findAny()
                .orElse(BufferPool.Memory.HEAP);
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
