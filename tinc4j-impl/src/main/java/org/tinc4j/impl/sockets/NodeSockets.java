package org.tinc4j.impl.sockets;

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
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.tinc4j.NodeClosedException;
import org.tinc4j.NodeName;
import org.tinc4j.impl.proxy.LocalProxy;
import org.tinc4j.impl.proxy.Mappings;
import org.tinc4j.impl.proxy.MeshHttpClient;
import org.tinc4j.impl.proxy.MeshProxySelector;
import org.tinc4j.net.MeshSockets;
import org.tinc4j.net.PortMapping;

/** What a node offers of sockets, wherever they come from. Any thread. */
public final class NodeSockets implements MeshSockets {

    /** Some 25 days, for a socket. */
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private final SocketSource source;
    private final MeshDirectory directory;
    private final Mappings mappings;
    private final LocalProxy proxy;
    private volatile boolean closed;

    /**
     * Sockets of a node.
     *
     * @param threads starts a thread for a job; the starter ends it by interruption
     */
    public NodeSockets(SocketSource source, MeshDirectory directory, BiConsumer<String, Runnable> threads) {
        this.source = source;
        this.directory = directory;
        this.mappings = new Mappings(threads);
        this.proxy = new LocalProxy(this::connectWithin, threads);
    }

    @Override
    public InetAddress resolve(String host) throws UnknownHostException {
        return directory.resolve(host);
    }

    @Override
    public Optional<NodeName> whoIs(InetAddress address) {
        return directory.ownerOf(address);
    }

    @Override
    public Socket connect(String host, int port, Duration timeout) throws IOException {
        ensureOpen();
        Socket socket = source.socket();
        try {
            socket.connect(new InetSocketAddress(directory.resolve(host), port), millis(timeout));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** For the proxy. With a kernel interface a socket could leave the mesh. */
    private Socket connectWithin(String host, int port) throws IOException {
        if (!directory.isOfMesh(host)) {
            throw new UnknownHostException(host + ": neither a node of this mesh nor an address that one owns");
        }
        return connect(host, port, LocalProxy.CONNECT_TIMEOUT);
    }

    /** Never 0, which would be without end, for what is longer than zero. */
    private static int millis(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout " + timeout + " is negative");
        }
        if (timeout.compareTo(LONGEST) > 0) {
            return Integer.MAX_VALUE;
        }
        return timeout.isZero() ? 0 : (int) Math.max(1, timeout.toMillis());
    }

    @Override
    public ServerSocket listen(int port, int backlog) throws IOException {
        ensureOpen();
        return serverSocketFactory().createServerSocket(port, backlog);
    }

    @Override
    public DatagramSocket datagram(int port) throws IOException {
        ensureOpen();
        return source.datagram(port);
    }

    @Override
    public SocketFactory socketFactory() {
        return new Factories.Clients(source);
    }

    @Override
    public ServerSocketFactory serverSocketFactory() {
        return new Factories.Servers(source);
    }

    @Override
    public ProxySelector proxySelector() throws IOException {
        ensureOpen();
        return new MeshProxySelector(directory::isOfMesh, proxy.start());
    }

    @Override
    public InetSocketAddress proxyAddress() throws IOException {
        ensureOpen();
        return proxy.start();
    }

    @Override
    public ProxyCredentials proxyCredentials() throws IOException {
        ensureOpen();
        proxy.start();
        return proxy.credentials();
    }

    @Override
    public HttpClient httpClient() throws IOException {
        HttpClient client = HttpClient.newBuilder().proxy(proxySelector()).authenticator(proxy.authenticator()).build();
        return new MeshHttpClient(client, proxy.credentials().password());
    }

    @Override
    public PortMapping forward(int meshPort, InetSocketAddress local) throws IOException {
        Objects.requireNonNull(local, "local");
        ensureOpen();
        return mappings.add("forward " + meshPort + " to " + local, listen(meshPort, 0), () -> {
            InetSocketAddress to = local.isUnresolved() ? new InetSocketAddress(local.getHostString(), local.getPort()) : local;
            Socket socket = new Socket();
            try {
                socket.connect(to);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    @Override
    public PortMapping expose(int localPort, String peer, int port) throws IOException {
        Objects.requireNonNull(peer, "peer");
        ensureOpen();
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is outside 1..65535");
        }
        ServerSocket listening = new ServerSocket(localPort, 0, InetAddress.getLoopbackAddress());
        return mappings.add("expose " + peer + ":" + port, listening, () -> connect(peer, port, LocalProxy.CONNECT_TIMEOUT));
    }

    private void ensureOpen() throws NodeClosedException {
        if (closed) {
            throw new NodeClosedException("the node is closed");
        }
    }

    /** Closes everything that hangs on the node. Idempotent. */
    public void close() {
        closed = true;
        proxy.close();
        mappings.close();
        source.close();
    }
}
