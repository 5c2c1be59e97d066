package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.impl.stack.HostStack;
import org.tinc4j.impl.stack.UdpEndpoint;

/**
 * A UDP socket on the mesh.
 *
 * <p>Every method is overridden: the JDK's, over a {@code DatagramSocketImpl}, hold a monitor while they wait, which pins a virtual thread.
 *
 * <p><b>Threads.</b> Any.
 */
final class MeshDatagramSocket extends DatagramSocket {

    private static final Set<SocketOption<?>> OPTIONS = Set.of(
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_BROADCAST,
            StandardSocketOptions.IP_TOS);

    private static final int SEND_BYTES = 208 << 10;

    private final HostStack host;
    private final MeshDirectory directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final PacketRooms rooms = new PacketRooms(); // guarded by lock

    // Changed with the lock held.
    private volatile UdpEndpoint endpoint;
    private volatile InetSocketAddress remote;
    private volatile boolean closed;
    private volatile int timeoutMillis;
    private volatile int receiveBytes;
    private volatile int sendBytes = SEND_BYTES;
    private volatile boolean reuseAddress;
    private volatile boolean broadcast = true;
    private volatile int trafficClass;

    /** A socket that is not bound. */
    MeshDatagramSocket(HostStack host, MeshDirectory directory) {
        super(new NoDatagramSocketImpl());
        this.host = host;
        this.directory = directory;
    }

    @Override
    public void bind(SocketAddress address) throws SocketException {
        if (address != null && !(address instanceof InetSocketAddress)) {
            throw new IllegalArgumentException("Unsupported address type!");
        }
        InetSocketAddress to = address == null ? new InetSocketAddress(0) : (InetSocketAddress) address;
        if (to.isUnresolved()) {
            throw new SocketException("Unresolved address");
        }
        lock.lock();
        try {
            ensureOpen();
            if (endpoint != null) {
                throw new SocketException("already bound");
            }
            endpoint = host.udp(to.getAddress(), to.getPort());
            if (receiveBytes > 0) {
                endpoint.receiveBytes(receiveBytes);
            }
        } finally {
            lock.unlock();
        }
    }

    private UdpEndpoint bound() throws SocketException {
        lock.lock();
        try {
            ensureOpen();
            if (endpoint == null) {
                bind(null);
            }
            return endpoint;
        } finally {
            lock.unlock();
        }
    }

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public void connect(InetAddress address, int port) {
        Objects.requireNonNull(address, "Address can't be null");
        try {
            connect(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new java.io.UncheckedIOException("connect failed", e);
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress to)) {
            throw new IllegalArgumentException(address == null ? "Address can't be null" : "Unsupported address type");
        }
        InetSocketAddress found;
        try {
            found = to.isUnresolved() ? new InetSocketAddress(directory.resolve(to.getHostString()), to.getPort()) : to;
        } catch (java.net.UnknownHostException e) {
            throw new SocketException("Unresolved address", e);
        }
        directory.sourceFor(found.getAddress());
        UdpEndpoint socket = bound();
        lock.lock();
        try {
            socket.connect(found);
            remote = found;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void disconnect() {
        lock.lock();
        try {
            remote = null;
            if (endpoint != null) {
                endpoint.connect(null);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isBound() {
        return endpoint != null;
    }

    @Override
    public boolean isConnected() {
        return remote != null;
    }

    @Override
    public InetAddress getInetAddress() {
        InetSocketAddress to = remote;
        return to == null ? null : to.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress to = remote;
        return to == null ? -1 : to.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return isClosed() || !isBound() ? null : new InetSocketAddress(getLocalAddress(), getLocalPort());
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        SocketAddress target = packet.getPort() <= 0 && packet.getAddress() == null ? null : packet.getSocketAddress();
        InetSocketAddress to = remote;
        if (to == null) {
            if (target == null) {
                throw new IllegalArgumentException("Address not set");
            }
            to = (InetSocketAddress) target;
        } else if (target != null && !target.equals(to)) {
            throw new IllegalArgumentException("connected address and packet address differ");
        }
        if (to.getPort() == 0) {
            throw new SocketException("Can't send to port 0");
        }
        bound().send(packet.getData(), packet.getOffset(), packet.getLength(), to.getAddress(), to.getPort(), trafficClass);
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        UdpEndpoint.Datagram datagram = bound().receive(timeoutMillis);
        lock.lock();
        try {
            rooms.fill(packet, datagram.data());
        } finally {
            lock.unlock();
        }
        packet.setSocketAddress(datagram.from());
    }

    @Override
    public InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        UdpEndpoint socket = endpoint;
        InetSocketAddress to = remote;
        if (socket != null && socket.address() != null) {
            return socket.address();
        }
        try {
            return to == null ? TcpSocketOptions.WILDCARD : directory.sourceFor(to.getAddress());
        } catch (SocketException e) {
            return TcpSocketOptions.WILDCARD; // It had an address when it was connected.
        }
    }

    @Override
    public int getLocalPort() {
        UdpEndpoint socket = endpoint;
        return isClosed() ? -1 : socket == null ? 0 : socket.port();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        ensureOpen();
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        ensureOpen();
        return timeoutMillis;
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        ensureOpen();
        sendBytes = positive(size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        ensureOpen();
        return sendBytes;
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        lock.lock();
        try {
            ensureOpen();
            receiveBytes = positive(size);
            if (endpoint != null) {
                endpoint.receiveBytes(size);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return receiveBytes > 0 ? receiveBytes : bound().receiveBytes();
    }

    private static int positive(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("negative send or receive size");
        }
        return size;
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        ensureOpen();
        reuseAddress = on;
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        ensureOpen();
        return reuseAddress;
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        ensureOpen();
        broadcast = on;
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        ensureOpen();
        return broadcast;
    }

    @Override
    public void setTrafficClass(int tc) throws SocketException {
        int dscp = TcpSocketOptions.dscp(tc);
        ensureOpen();
        trafficClass = dscp;
    }

    @Override
    public int getTrafficClass() throws SocketException {
        ensureOpen();
        return trafficClass;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (endpoint != null) {
                endpoint.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isClosed() {
        UdpEndpoint socket = endpoint;
        return closed || socket != null && socket.isClosed();
    }

    @Override
    public DatagramChannel getChannel() {
        return null;
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        if (name == StandardSocketOptions.SO_RCVBUF) {
            setReceiveBufferSize((Integer) value);
        } else if (name == StandardSocketOptions.SO_SNDBUF) {
            setSendBufferSize((Integer) value);
        } else if (name == StandardSocketOptions.SO_REUSEADDR) {
            setReuseAddress((Boolean) value);
        } else if (name == StandardSocketOptions.SO_BROADCAST) {
            setBroadcast((Boolean) value);
        } else if (name == StandardSocketOptions.IP_TOS) {
            setTrafficClass((Integer) value);
        } else {
            throw unsupported(name);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        Object value;
        if (name == StandardSocketOptions.SO_RCVBUF) {
            value = getReceiveBufferSize();
        } else if (name == StandardSocketOptions.SO_SNDBUF) {
            value = getSendBufferSize();
        } else if (name == StandardSocketOptions.SO_REUSEADDR) {
            value = getReuseAddress();
        } else if (name == StandardSocketOptions.SO_BROADCAST) {
            value = getBroadcast();
        } else if (name == StandardSocketOptions.IP_TOS) {
            value = getTrafficClass();
        } else {
            throw unsupported(name);
        }
        return name.type().cast(value);
    }

    private static UnsupportedOperationException unsupported(SocketOption<?> name) {
        return new UnsupportedOperationException("'" + name + "' not supported");
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return OPTIONS;
    }

    @Override
    public void joinGroup(SocketAddress group, NetworkInterface netIf) throws IOException {
        throw new UnsupportedOperationException("the sockets of a mesh join no groups");
    }

    @Override
    public void leaveGroup(SocketAddress group, NetworkInterface netIf) throws IOException {
        throw new UnsupportedOperationException("the sockets of a mesh join no groups");
    }
}
