package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.tinc4j.DropReason;
import org.tinc4j.impl.fabric.FabricListener;
import org.tinc4j.impl.fabric.FabricStream;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.stack.StackDevice;

/** A node of a mesh in virtual time with its inside open: for tests that look at the machine, or do to it what the public API cannot. */
public final class OpenNode {

    private final SteppedNode node;
    private final VirtualTime time;
    private final Host host;
    private final StackDevice device;
    private FabricListener listener;

    OpenNode(SteppedNode node, Host host, VirtualTime time) {
        this.node = node;
        this.time = time;
        this.host = host;
        this.device = (StackDevice) node.device;
        device.port();
        this.listener = node.listener;
    }

    public Mesh mesh() {
        return node.mesh;
    }

    public Map<DropReason, Long> drops() {
        return node.drops.snapshot();
    }

    /** Something was done to the machine from outside: what follows from it happens in a round of this moment. */
    public void settle() {
        node.shell.post(() -> {});
    }

    /** An inner packet from the node's device, valid or not. */
    public void outbound(byte[] packet) {
        node.path.outbound(packet);
        node.drain();
    }

    /** A datagram reaches the node's socket, from wherever it says. */
    public void datagram(byte[] datagram, InetSocketAddress from) {
        node.received(datagram, from);
    }

    /** Takes the inner packets that were written to the node's device. */
    public void takeDelivered(Collection<byte[]> into) {
        try {
            for (ByteBuffer packet = next(); packet != null; packet = next()) {
                byte[] bytes = new byte[packet.remaining()];
                packet.get(bytes);
                into.add(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ByteBuffer next() throws IOException, InterruptedException {
        return device.receive(Duration.ZERO).orElse(null);
    }

    /** The node's ends of its connections. */
    public List<FabricStream> streams() {
        return List.copyOf(node.shell.streams.values());
    }

    /** Ends every connection without the machine's doing, as the network does; both ends notice. */
    public void dropConnections() {
        for (int connection : new ArrayList<>(node.shell.streams.keySet())) {
            node.shell.streams.remove(connection).abort();
            node.shell.post(() -> node.mesh.onClosed(connection, "dropped", time.nowNanos()));
        }
    }

    /** Refuses connections, as if the node did not run; it does, and keeps those that it has. */
    public void stopListening() {
        listener.close();
    }

    public void listen() {
        try {
            listener = host.listen(HostNames.PORT, node.shell::accepted);
        } catch (BindException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process is gone: the system ends its connections, nothing is said. */
    public void kill() {
        streams().forEach(FabricStream::abort);
        node.die();
        listener.close();
    }
}
