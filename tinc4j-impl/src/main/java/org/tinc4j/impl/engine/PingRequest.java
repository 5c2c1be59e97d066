package org.tinc4j.impl.engine;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.Subnet;
import org.tinc4j.UnreachableException;
import org.tinc4j.impl.stack.EchoRequest;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** A ping of the node's own: where to, where from, the packet, and how often it is repeated. */
public final class PingRequest {

    /** How long an answer to a ping by name is waited for. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The first packets may be lost while keys are made: repeat faster at the beginning. */
    public static final long FIRST_REPEAT_NANOS = 100_000_000L;

    private static final long REPEAT_NANOS = 1_000_000_000L;

    /** Size of the whole ICMP message. */
    private static final int REQUEST_BYTES = 64;

    /** A node is best pinged at an address that is its alone. */
    private static final Comparator<Subnet> HOSTS_FIRST = (a, b) -> Boolean.compare(b.isHost(), a.isHost());

    private PingRequest() {}

    /** How long to wait before the next repetition, after so long before this one. */
    public static long nextRepeatNanos(long repeatNanos) {
        return Math.min(2 * repeatNanos, REPEAT_NANOS);
    }

    /** Where a node is pinged. */
    public static InetAddress target(NodeStatus status, NodeName peer) throws UnreachableException {
        NodeStatus.PeerStatus node = status.node(peer.value())
                .orElseThrow(() -> new UnreachableException("node " + peer + " is not known in mesh " + status.network()));
        return node.subnets().stream()
                .filter(subnet -> subnet.kind() != Subnet.Kind.MAC)
                .min(HOSTS_FIRST)
                .map(Subnet::inetAddress)
                .orElseThrow(() -> new UnreachableException("node " + peer + " announces no subnet, so it has no address to ping"));
    }

    /** Which of a node's own addresses an address is pinged from. */
    public static InetAddress source(Set<Subnet> own, NodeName self, InetAddress target) throws UnreachableException {
        Subnet.Kind kind = target.getAddress().length == 4 ? Subnet.Kind.IPV4 : Subnet.Kind.IPV6;
        return own.stream()
                .filter(subnet -> subnet.kind() == kind)
                .min(HOSTS_FIRST)
                .map(Subnet::inetAddress)
                .orElseThrow(() -> new UnreachableException("node " + self + " owns no " + kind
                        + " subnet, so it has no address to ping " + target.getHostAddress() + " from; call Builder.subnet"));
    }

    /**
     * The packet.
     *
     * @param token identifier in the upper, sequence number in the lower 16 bits
     */
    public static byte[] packet(InetAddress from, InetAddress to, int token) {
        PacketBuffer buffer = new PacketBuffer(ByteBuffer.allocate(PacketDevice.HEADROOM_BYTES + 2 * REQUEST_BYTES));
        EchoRequest.build(from, to, token >>> 16, token & 0xffff, new byte[REQUEST_BYTES - 8], buffer);
        byte[] packet = new byte[buffer.length()];
        buffer.memory().get(buffer.offset(), packet);
        return packet;
    }
}
