package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Function;
import org.tinc4j.Endpoint;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.spi.DatagramTransport.SendResult;

/** Carries out what {@link Mesh} decides. Called on the control thread only; nothing here blocks. */
public interface MeshShell {

    /** Bytes for a TCP connection; they leave in order. */
    void write(int connection, byte[] bytes);

    /** Bytes written but not yet taken by the kernel. */
    int backlogBytes(int connection);

    /** Closes a TCP connection once its backlog is gone; the mesh hears no more of it. */
    void close(int connection);

    /** Begins to connect; answered by {@link Mesh#dialled} or {@link Mesh#dialFailed}. */
    void dial(int connection, Endpoint endpoint);

    /** One UDP datagram from a socket; any socket of the right family where that one does not fit. */
    SendResult sendUdp(int socket, InetSocketAddress remote, ByteBuffer datagram);

    /** The mesh changed: data threads shall use this from now on. */
    void publish(RoutingTable table);

    /** An inner packet came by TCP from a neighbour; route it. */
    void route(NodeRoute source, byte[] packet, int offset, int length);

    /**
     * A sealed datagram came by TCP, destination id and source id before it: relay it or open it.
     *
     * @param neighbour whose connection it came by; null while the routing table does not have it yet
     */
    void sealedByTcp(NodeRoute neighbour, byte[] packet);

    /** Something happened that listeners want to know. */
    void emit(Function<Instant, TincEvent> event);

    /** One line for people. */
    void log(Level level, String message);

    /** How much a line matters. */
    enum Level {
        DEBUG,
        INFO,
        WARN
    }
}
