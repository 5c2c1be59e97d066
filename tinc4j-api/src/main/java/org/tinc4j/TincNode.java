package org.tinc4j;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincListener;
import org.tinc4j.net.Access;
import org.tinc4j.net.MeshSockets;
import org.tinc4j.net.PortMapping;
import org.tinc4j.net.Traffic;

/**
 * A running node of a mesh. The object is the node: {@link #close()} ends everything it started.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. Those that wait block the caller, which may be a virtual thread.
 */
public interface TincNode extends AutoCloseable {

    /**
     * The node's own name.
     *
     * @return as configured
     */
    NodeName name();

    /**
     * The mesh as it is now.
     *
     * @return an immutable snapshot
     */
    NodeStatus status();

    /**
     * Waits until a node can be reached through the meta connections.
     *
     * @param peer its name
     * @param timeout how long to wait
     * @throws UnreachableException if it did not become reachable in time, saying what is known of it
     * @throws NodeClosedException if this node is closed
     * @throws InterruptedException if interrupted
     * @throws IllegalArgumentException if the name is illegal or this node's own
     */
    void awaitReachable(String peer, Duration timeout) throws IOException, InterruptedException;

    /**
     * Sends an ICMP echo request to a node over the mesh and waits up to 5 s for its answer, repeating it each second.
     *
     * <p>The destination is the node's first host subnet (/32 or /128), or the first address of its first range.
     *
     * @param peer its name
     * @return the round trip of the request that was answered; empty when none was
     * @throws UnreachableException if the node is unknown or announces no subnet
     * @throws NodeClosedException if this node is closed
     * @throws InterruptedException if interrupted
     */
    Optional<Duration> ping(String peer) throws IOException, InterruptedException;

    /**
     * As {@link #ping(String)}, for an address of the mesh.
     *
     * @param address IPv4 or IPv6
     * @param timeout how long to wait, repeating the request each second
     * @return the round trip of the request that was answered; empty when none was
     * @throws UnreachableException if this node has no address of that family to send from
     * @throws NodeClosedException if this node is closed
     * @throws InterruptedException if interrupted
     */
    Optional<Duration> ping(InetAddress address, Duration timeout) throws IOException, InterruptedException;

    /**
     * Raw IP packets, for a node whose device is in-process.
     *
     * @return the same port at every call
     * @throws IllegalStateException if the device is not in-process
     */
    PacketPort packets();

    /**
     * Sockets on the mesh. The methods below are its short forms.
     *
     * @return the same object at every call
     * @throws IllegalStateException if the node has nothing that sockets could stand on: no device, one of the embedder's own (use {@code
     *     Device.auto()}), or virtual time (use {@code MeshClock.REAL})
     */
    MeshSockets sockets();

    /**
     * Connects by TCP; gives up after two to three minutes.
     *
     * @param host an address of the mesh, the name of a node, or {@code node.network}
     * @param port 1 to 65535
     * @return the connected socket
     * @throws IOException as the JDK's sockets; see {@link MeshSockets}
     */
    default Socket connect(String host, int port) throws IOException {
        return sockets().connect(host, port, Duration.ZERO);
    }

    /**
     * Connects by TCP.
     *
     * @param host an address of the mesh, the name of a node, or {@code node.network}
     * @param port 1 to 65535
     * @param timeout how long to try; zero is as without
     * @return the connected socket
     * @throws IOException as the JDK's sockets; see {@link MeshSockets}
     */
    default Socket connect(String host, int port, Duration timeout) throws IOException {
        return sockets().connect(host, port, timeout);
    }

    /**
     * Listens for TCP connections on the node's addresses, of which 50 may wait to be accepted.
     *
     * @param port 0 is any free port
     * @return the listening socket
     * @throws IOException as the JDK's sockets; see {@link MeshSockets#listen}
     */
    default ServerSocket listen(int port) throws IOException {
        return sockets().listen(port, 0);
    }

    /**
     * Sends and receives UDP on the node's addresses.
     *
     * @param port 0 is any free port
     * @return the bound socket
     * @throws IOException as the JDK's sockets; see {@link MeshSockets#datagram}
     */
    default DatagramSocket datagram(int port) throws IOException {
        return sockets().datagram(port);
    }

    /**
     * For libraries that take a factory.
     *
     * @return see {@link MeshSockets#socketFactory}
     */
    default SocketFactory socketFactory() {
        return sockets().socketFactory();
    }

    /**
     * For servers that take a factory.
     *
     * @return see {@link MeshSockets#serverSocketFactory}
     */
    default ServerSocketFactory serverSocketFactory() {
        return sockets().serverSocketFactory();
    }

    /**
     * For clients that have no hook for sockets.
     *
     * @return see {@link MeshSockets#proxySelector}
     * @throws IOException if loopback cannot be listened on
     */
    default ProxySelector proxySelector() throws IOException {
        return sockets().proxySelector();
    }

    /**
     * An HTTP client that reaches nodes by name; for https too, though of servers that the JDK's authorities know.
     *
     * @return see {@link MeshSockets#httpClient}
     * @throws IOException if loopback cannot be listened on
     */
    default HttpClient httpClient() throws IOException {
        return sockets().httpClient();
    }

    /**
     * Publishes a server that listens outside the mesh.
     *
     * @param meshPort port on the node's addresses; 0 is any free one
     * @param local where the server listens
     * @return see {@link MeshSockets#forward}
     * @throws IOException if the port is in use
     */
    default PortMapping forward(int meshPort, InetSocketAddress local) throws IOException {
        return sockets().forward(meshPort, local);
    }

    /**
     * Makes a port of the mesh reachable on this host's loopback, for everybody on it.
     *
     * @param localPort port on loopback; 0 is any free one
     * @param peer an address of the mesh, or the name of a node
     * @param port 1 to 65535
     * @return see {@link MeshSockets#expose}
     * @throws IOException if the port is in use
     */
    default PortMapping expose(int localPort, String peer, int port) throws IOException {
        return sockets().expose(localPort, peer, port);
    }

    /**
     * The node on the other side of a connection, as the mesh knows it from keys and subnets.
     *
     * @param socket a connected socket of this node
     * @return empty if it is not connected, or nobody owns its remote address
     */
    default Optional<NodeName> whoIs(Socket socket) {
        return sockets().whoIs(socket);
    }

    /**
     * The node that owns an address.
     *
     * @param address of the mesh
     * @return empty if nobody owns it
     */
    default Optional<NodeName> whoIs(InetAddress address) {
        return sockets().whoIs(address);
    }

    /**
     * Who may reach what on this node.
     *
     * @return as it is now
     */
    Access access();

    /**
     * Changes who may reach what on this node, from now on. TCP connections that stand go on.
     *
     * @param change gets the rules so far; may be called again if somebody else changes them meanwhile
     */
    void access(UnaryOperator<Access> change);

    /**
     * Adds a rule behind those there are.
     *
     * @param traffic what is allowed
     */
    default void allow(Traffic traffic) {
        access(rules -> rules.allow(traffic));
    }

    /**
     * Adds a rule behind those there are.
     *
     * @param traffic what is denied
     */
    default void deny(Traffic traffic) {
        access(rules -> rules.deny(traffic));
    }

    /**
     * Adds a listener.
     *
     * @param listener told of every event from now on
     * @return closing it removes the listener
     */
    Subscription listen(TincListener listener);

    /**
     * Makes a peer known, and dials it unless told otherwise. Replaces what was known of it; its connection is ended if the key
     * changes.
     *
     * @param peer its name
     * @param options key, endpoints and the rest
     * @throws org.tinc4j.config.ConfigException if that does not fit together
     * @throws NodeClosedException if this node is closed
     */
    default void addPeer(String peer, Consumer<Peer> options) throws IOException {
        Peer collected = new Peer(new NodeName(peer));
        options.accept(collected);
        addPeer(collected.settings());
    }

    /**
     * Makes a peer known, and dials it if its settings say so. Replaces what was known of it; its connection is ended if the key changes.
     *
     * @param settings all of it
     * @throws org.tinc4j.config.ConfigException if that does not fit together
     * @throws NodeClosedException if this node is closed
     */
    void addPeer(PeerSettings settings) throws IOException;

    /**
     * Forgets a peer's key and endpoints and ends the connection with it. It stays in the mesh if others have a connection to it.
     *
     * @param peer its name
     * @return false if it was not configured
     * @throws NodeClosedException if this node is closed
     */
    boolean removePeer(String peer) throws IOException;

    /** Dials every configured peer now that is not connected, forgetting all back-off: the network came back. */
    void reconnect();

    /**
     * Announces another range as this node's own.
     *
     * @param subnet a range
     * @throws NodeClosedException if this node is closed
     */
    void addSubnet(Subnet subnet) throws IOException;

    /**
     * Withdraws a range.
     *
     * @param subnet as announced, weight included
     * @return false if it was not announced
     * @throws NodeClosedException if this node is closed
     */
    boolean removeSubnet(Subnet subnet) throws IOException;

    /** Leaves the mesh: ends every thread, socket, device and callback it started. Waits for them; idempotent; throws nothing. */
    @Override
    void close();

    /** A listener's registration. */
    interface Subscription extends AutoCloseable {
        /** Removes the listener; idempotent. */
        @Override
        void close();
    }
}
