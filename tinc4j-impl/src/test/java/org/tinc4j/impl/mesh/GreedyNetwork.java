package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.tinc4j.Endpoint;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.meta.HostilePeer;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.spi.DatagramTransport.SendResult;

/** A network that takes everything and delivers nothing but what is written to a {@link HostilePeer}. */
final class GreedyNetwork implements MeshShell {

    /** By connection. */
    final Map<Integer, HostilePeer> peers = new HashMap<>();
    /** What was published last. */
    RoutingTable table;

    @Override
    public void write(int connection, byte[] bytes) {
        peers.get(connection).receive(bytes);
    }

    @Override
    public int backlogBytes(int connection) {
        return 0;
    }

    @Override
    public void close(int connection) {
        // Its peer goes on talking, and is not heard.
    }

    @Override
    public void dial(int connection, Endpoint endpoint) {
        throw new AssertionError("nobody is to be dialled, but " + endpoint + " was");
    }

    @Override
    public SendResult sendUdp(int socket, InetSocketAddress remote, ByteBuffer datagram) {
        return SendResult.SENT;
    }

    @Override
    public void publish(RoutingTable next) {
        table = next;
    }

    @Override
    public void route(NodeRoute source, byte[] packet, int offset, int length) {
        assertThat(source).isNotNull();
    }

    @Override
    public void sealedByTcp(NodeRoute neighbour, byte[] packet) {
        assertThat(packet).hasSizeGreaterThanOrEqualTo(12);
    }

    @Override
    public void emit(Function<Instant, TincEvent> event) {
        event.apply(Instant.EPOCH);
    }

    @Override
    public void log(Level level, String message) {
        assertThat(message).doesNotContain("\n", "\r", "\0", "\u001b");
    }
}
