package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.impl.stack.HostStack;
import org.tinc4j.impl.stack.TcpEndpoint;
import org.tinc4j.impl.stack.TcpListening;

/**
 * What {@link java.net.Socket} and {@link java.net.ServerSocket} stand on, over the host in this process.
 *
 * <p><b>Threads.</b> Any. No lock is held while a call blocks, so that another thread can close.
 */
final class MeshSocketImpl extends SocketImpl {

    private final HostStack host;
    private final MeshDirectory directory;
    private final TcpSocketOptions options;

    private final ReentrantLock lock = new ReentrantLock();

    // Changed with the lock held.
    private volatile TcpEndpoint endpoint;
    private volatile TcpListening listening;
    private volatile boolean closed;
    private InetAddress boundAddress;
    private boolean portBound;

    MeshSocketImpl(HostStack host, MeshDirectory directory) {
        this.host = host;
        this.directory = directory;
        this.options = new TcpSocketOptions(host.settings());
    }

    @Override
    protected void create(boolean stream) throws IOException {
        if (!stream) {
            throw new IOException("Datagram socket");
        }
    }

    @Override
    protected void connect(String name, int toPort) throws IOException {
        connect(InetSocketAddress.createUnresolved(name, toPort), 0);
    }

    @Override
    protected void connect(InetAddress to, int toPort) throws IOException {
        connect(new InetSocketAddress(to, toPort), 0);
    }

    @Override
    protected void connect(SocketAddress to, int timeoutMillis) throws IOException {
        if (!(to instanceof InetSocketAddress remote)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        try {
            InetAddress found = remote.isUnresolved() ? directory.resolve(remote.getHostString()) : remote.getAddress();
            if (found.isAnyLocalAddress()) {
                found = directory.sourceFor(found); // As the JDK takes the wildcard for this host.
            }
            TcpEndpoint opened = open(found, remote.getPort());
            address = found;
            port = remote.getPort();
            localport = opened.flow().localPort();
            opened.awaitConnected(timeoutMillis);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private TcpEndpoint open(InetAddress to, int toPort) throws IOException {
        lock.lock();
        try {
            ensureOpen();
            TcpEndpoint opened = host.connect(
                    boundAddress, portBound ? localport : 0, to, toPort, options.settings(), options.dscp());
            endpoint = opened;
            options.attach(opened);
            return opened;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void bind(InetAddress to, int wantedPort) throws IOException {
        lock.lock();
        try {
            ensureOpen();
            if (portBound) {
                throw new SocketException("Already bound");
            }
            localport = host.bind(to, wantedPort, this);
            portBound = true;
            boundAddress = to;
            address = to;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void listen(int backlog) throws IOException {
        lock.lock();
        try {
            ensureOpen();
            if (listening == null) {
                listening = host.listen(boundAddress, localport, this, backlog);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
        TcpListening at = listening;
        if (closed || at == null) {
            throw new SocketException(closed ? "Socket closed" : "Not listening");
        }
        TcpEndpoint arrived = at.accept(options.timeoutMillis());
        ((MeshSocketImpl) accepted).adopt(arrived, options);
    }

    private void adopt(TcpEndpoint arrived, TcpSocketOptions listener) {
        lock.lock();
        try {
            endpoint = arrived;
            boundAddress = arrived.flow().localAddress();
            address = arrived.flow().remoteAddress();
            port = arrived.flow().remotePort();
            localport = arrived.flow().localPort();
            options.inherit(listener);
            options.attach(arrived);
        } finally {
            lock.unlock();
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    private TcpEndpoint connected() throws SocketException {
        TcpEndpoint connected = endpoint;
        if (closed || connected == null) {
            throw new SocketException(closed ? "Socket closed" : "Not connected");
        }
        return connected;
    }

    @Override
    protected InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, into.length);
                return length == 0 ? 0 : connected().read(into, offset, length, options.timeoutMillis());
            }

            @Override
            public int available() throws IOException {
                return MeshSocketImpl.this.available();
            }

            @Override
            public void close() throws IOException {
                MeshSocketImpl.this.close();
            }
        };
    }

    @Override
    protected OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] data, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, data.length);
                if (length > 0) {
                    connected().write(data, offset, length);
                }
            }

            @Override
            public void close() throws IOException {
                MeshSocketImpl.this.close();
            }
        };
    }

    @Override
    protected int available() throws IOException {
        return connected().available();
    }

    @Override
    protected void shutdownInput() throws IOException {
        connected().shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        connected().shutdownOutput();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("Urgent data not supported");
    }

    @Override
    protected void close() throws IOException {
        TcpEndpoint open;
        TcpListening listened;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = endpoint;
            listened = listening;
            if (portBound) {
                host.unbind(localport, this);
            }
        } finally {
            lock.unlock();
        }
        if (listened != null) {
            listened.close();
        }
        if (open != null) {
            open.close(options.lingerSeconds());
        }
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        ensureOpen();
        options.set(id, value);
    }

    @Override
    public Object getOption(int id) throws SocketException {
        ensureOpen();
        if (id == SO_BINDADDR) {
            TcpEndpoint connected = endpoint;
            InetAddress local = connected != null ? connected.flow().localAddress() : boundAddress;
            return local != null ? local : TcpSocketOptions.WILDCARD;
        }
        return options.get(id);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return TcpSocketOptions.SUPPORTED;
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        options.set(name, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        ensureOpen();
        return options.get(name);
    }
}
