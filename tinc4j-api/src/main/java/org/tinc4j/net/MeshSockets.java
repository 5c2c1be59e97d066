package org.tinc4j.net;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.tinc4j.NodeName;

/**
 * Sockets of a node, on the overlay's addresses. Got from {@link org.tinc4j.TincNode#sockets()}.
 *
 * <p>What comes out are true {@link Socket}s, {@link ServerSocket}s and {@link DatagramSocket}s: timeouts, linger, half-close, options and
 * exceptions are those of the JDK's on Linux. Hosts are named by an address, by a node's name ({@code billing}), or by that and the mesh's
 * ({@code billing.corp}); a node's name stands for the first address that is the node's alone, else the first of its first range. The
 * system's name service is not asked, and {@code localhost} is nobody's name.
 *
 * <p>With a kernel interface they are the system's own sockets, bound to the node's address. Without one they are of this process, and lack
 * multicast, urgent data and {@code SO_REUSEPORT}; {@code IP_TOS} puts its upper six bits (DSCP) into each packet, and with
 * {@code RoutingOptions.priorityInheritance} the datagrams of the mesh have them too. After {@link Socket#shutdownInput} what still comes is
 * not thrown away, as the JDK's documentation has it, but kept unread, as Linux does: a peer that goes on sending is held back.
 *
 * <p><b>Threads.</b> Any. What blocks parks a virtual thread without its carrier. As with the JDK's sockets, interrupting a virtual thread
 * that is blocked in one closes the socket; a platform thread is not disturbed.
 *
 * <p><b>Ownership.</b> The caller closes what it got. Closing the node closes what is left, but for the system's own sockets, which stay
 * until they are closed.
 *
 * <p><b>Units and shapes.</b> Ports are 0 to 65535. Nothing may be null.
 *
 * <p><b>Errors.</b> Those of the JDK's sockets: {@link java.net.ConnectException}, {@link java.net.SocketTimeoutException},
 * {@link java.net.NoRouteToHostException}, {@link java.net.BindException}, {@link java.net.SocketException}; and
 * {@link UnknownHostException} for a name that no known node has. {@link org.tinc4j.NodeClosedException} from whatever here opens
 * something, once the node is closed; a {@link java.net.SocketException} from sockets of a factory. {@link
 * IllegalArgumentException} for a port outside its range or a negative time.
 */
public interface MeshSockets {

    /**
     * The address a name stands for, by what is known of the mesh at this moment; waits for nothing.
     *
     * @param host an address, or the name of a node
     * @return the address
     * @throws UnknownHostException if it is neither, or the node announces no address
     */
    InetAddress resolve(String host) throws UnknownHostException;

    /**
     * The node on the other side, as the mesh knows it: who owns the address it uses. Other nodes drop packets whose source a sender does
     * not own (unless {@code RoutingOptions.verifySource} is off), so the answer rests on keys.
     *
     * @param address of the mesh
     * @return empty if nobody owns it
     */
    Optional<NodeName> whoIs(InetAddress address);

    /**
     * The node at the other end of a connection.
     *
     * @param socket a connected socket of this node
     * @return empty if it is not connected, or nobody owns its remote address
     */
    default Optional<NodeName> whoIs(Socket socket) {
        return socket.getInetAddress() == null ? Optional.empty() : whoIs(socket.getInetAddress());
    }

    /**
     * Connects by TCP.
     *
     * @param host an address of the mesh, or the name of a node
     * @param port 1 to 65535
     * @param timeout how long to try, in steps of a millisecond; zero leaves it to TCP, which gives up after two to three minutes
     * @return the connected socket
     * @throws java.net.SocketTimeoutException if there was no answer in time
     * @throws IOException see the class comment
     */
    Socket connect(String host, int port, Duration timeout) throws IOException;

    /**
     * Listens for TCP connections of others on the node's addresses: all of them without a kernel interface, its first one with.
     *
     * @param port 0 is any free port
     * @param backlog how many connections may wait to be accepted; below 1 is 50
     * @return the listening socket
     * @throws java.net.BindException if the port is in use
     * @throws IOException see the class comment
     */
    ServerSocket listen(int port, int backlog) throws IOException;

    /**
     * Sends and receives UDP on the node's addresses: all of them without a kernel interface, its first one with.
     *
     * @param port 0 is any free port
     * @return the bound socket; it cannot join groups
     * @throws java.net.BindException if the port is in use
     * @throws IOException see the class comment
     */
    DatagramSocket datagram(int port) throws IOException;

    /**
     * For libraries that take a factory, a JDBC driver for instance.
     *
     * @return makes sockets of this node, unconnected ones too
     */
    SocketFactory socketFactory();

    /**
     * For servers that take a factory.
     *
     * @return makes listening sockets of this node
     */
    ServerSocketFactory serverSocketFactory();

    /**
     * For clients that have no hook for sockets. Names of nodes and addresses that some node owns go through a proxy on loopback, which is
     * started by the first call and ends with the node; {@code localhost}, addresses of loopback and everything else go direct. Nodes say
     * themselves how they are called and what they own: where not all are trusted, see {@code RoutingOptions.strictSubnets}.
     *
     * <p>The proxy speaks HTTP (CONNECT, and plain requests) and SOCKS 5. It serves connections of this process, where the system can tell
     * (Linux with /proc), and who shows its {@linkplain #proxyCredentials() credentials}. A client has 30 seconds to say where it wants to
     * go, and as many until it is connected. 1024 connections are served at a time; more wait. Of plain HTTP one request is served for each
     * connection. Once one end of a tunnel has sent its last, the other may be silent for four minutes.
     *
     * @return the selector
     * @throws IOException if loopback cannot be listened on
     */
    ProxySelector proxySelector() throws IOException;

    /**
     * Where that proxy listens.
     *
     * @return a loopback address
     * @throws IOException if loopback cannot be listened on
     */
    InetSocketAddress proxyAddress() throws IOException;

    /**
     * What another process needs to use that proxy, and everybody where the system does not tell whose a connection is. Made anew for each
     * start of a node.
     *
     * <p>HTTP takes them as {@code Proxy-Authorization: Basic}, or the password alone as {@code Proxy-Authorization: Bearer}. The second is for
     * an {@link HttpClient} of your own: unless {@code jdk.http.auth.tunneling.disabledSchemes} is cleared, it shows no Basic to a proxy for
     * https, but it does show the Bearer that a request brings along. SOCKS takes user and password.
     *
     * @return user and password
     * @throws IOException if loopback cannot be listened on
     */
    ProxyCredentials proxyCredentials() throws IOException;

    /**
     * An HTTP client that reaches nodes by name, http and https, with the JDK's defaults: it trusts the authorities that the JDK trusts and
     * follows no redirects. For others give {@link #proxySelector()} to a builder of your own, and off Linux see {@link #proxyCredentials()}.
     *
     * <p>It shows the proxy its credentials by itself, so it works where the system does not tell whose a connection is.
     *
     * @return a new client; the caller closes it, or leaves it to the collector
     * @throws IOException if loopback cannot be listened on
     */
    HttpClient httpClient() throws IOException;

    /**
     * Publishes a server that listens outside the mesh: who connects to the node's port reaches it. 4096 connections are served at a time;
     * more wait to be accepted. Who connects while the server cannot be reached is reset.
     *
     * @param meshPort port on the node's addresses; 0 is any free one
     * @param local where the server listens; a name is looked up by the system, anew for each connection
     * @return closing it ends the forwarding and its connections
     * @throws IOException if the port is in use
     */
    PortMapping forward(int meshPort, InetSocketAddress local) throws IOException;

    /**
     * Makes a port of the mesh reachable on this host's loopback, for every program and every user on it. 4096 connections are served at a
     * time; more wait to be accepted. Who connects while the peer cannot be reached is reset, at the latest after 30 seconds.
     *
     * @param localPort port on loopback; 0 is any free one
     * @param peer an address of the mesh, or the name of a node; looked up anew for each connection
     * @param port 1 to 65535
     * @return closing it ends the mapping and its connections
     * @throws IOException if the port is in use
     */
    PortMapping expose(int localPort, String peer, int port) throws IOException;

    /**
     * User and password of the loopback proxy.
     *
     * @param user a word
     * @param password unpredictable; not part of {@link #toString()}
     */
    record ProxyCredentials(String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "ProxyCredentials[user=" + user + "]";
        }
    }
}
