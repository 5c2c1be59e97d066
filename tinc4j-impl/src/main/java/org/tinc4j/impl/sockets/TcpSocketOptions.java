package org.tinc4j.impl.sockets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.tinc4j.impl.stack.TcpEndpoint;
import org.tinc4j.impl.stack.tcp.TcpConnection;
import org.tinc4j.impl.stack.tcp.TcpSettings;

/**
 * Options of one TCP socket, kept until there is a connection, then applied to it.
 *
 * <p><b>Threads.</b> Any.
 */
final class TcpSocketOptions {

    static final InetAddress WILDCARD = new InetSocketAddress(0).getAddress();

    static final Set<SocketOption<?>> SUPPORTED = Set.of(
            StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_LINGER,
            StandardSocketOptions.TCP_NODELAY,
            StandardSocketOptions.IP_TOS,
            ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT);

    /** The JDK's two ways to name the same option. */
    private static final Map<SocketOption<?>, Integer> NUMBERS = Map.of(
            StandardSocketOptions.SO_RCVBUF, SocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, SocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR, SocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_KEEPALIVE, SocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_LINGER, SocketOptions.SO_LINGER,
            StandardSocketOptions.TCP_NODELAY, SocketOptions.TCP_NODELAY,
            StandardSocketOptions.IP_TOS, SocketOptions.IP_TOS);

    private static final int LEAST_BUFFER_BYTES = 2048;

    private final TcpSettings defaults;
    private volatile TcpEndpoint endpoint;
    private volatile int timeoutMillis;
    private volatile int lingerSeconds = -1;
    private volatile boolean noDelay;
    private volatile boolean keepAlive;
    private volatile boolean reuseAddress = true;
    private volatile boolean urgentInline;
    private volatile int trafficClass;
    private volatile int keepIdleSeconds;
    private volatile int keepIntervalSeconds;
    private volatile int keepCount;

    /** 0 lets the connection tune it. */
    private volatile int receiveBytes;

    private volatile int sendBytes;

    TcpSocketOptions(TcpSettings defaults) {
        this.defaults = defaults;
        this.keepIdleSeconds = seconds(defaults.keepAliveIdleNanos());
        this.keepIntervalSeconds = seconds(defaults.keepAliveIntervalNanos());
        this.keepCount = defaults.keepAliveCount();
    }

    private static int seconds(long nanos) {
        return (int) TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    int lingerSeconds() {
        return lingerSeconds;
    }

    int dscp() {
        return trafficClass;
    }

    /** What a connection of this socket starts with. */
    TcpSettings settings() {
        return defaults.withBuffers(
                receiveBytes > 0 ? receiveBytes : defaults.maxReceiveBytes(), sendBytes > 0 ? sendBytes : defaults.maxSendBytes());
    }

    /** An accepted socket has the listener's buffers, as the kernel's has. */
    void inherit(TcpSocketOptions listener) {
        receiveBytes = listener.receiveBytes;
        sendBytes = listener.sendBytes;
        keepAlive = listener.keepAlive;
        trafficClass = listener.trafficClass;
    }

    /** Options set before and after go to this connection. */
    void attach(TcpEndpoint connection) {
        endpoint = connection;
        connection.trafficClass(trafficClass);
        connection.configure(machine -> {
            if (noDelay) {
                machine.noDelay(true);
            }
            if (keepAlive) {
                keepAlive(machine);
            }
            if (receiveBytes > 0) {
                machine.receiveBuffer(receiveBytes);
            }
            if (sendBytes > 0) {
                machine.sendBuffer(sendBytes);
            }
        });
    }

    private void keepAlive(TcpConnection machine) {
        machine.keepAlive(
                keepAlive,
                TimeUnit.SECONDS.toNanos(keepIdleSeconds),
                TimeUnit.SECONDS.toNanos(keepIntervalSeconds),
                keepCount);
    }

    private void apply(java.util.function.Consumer<TcpConnection> change) {
        TcpEndpoint connection = endpoint;
        if (connection != null) {
            connection.configure(change);
        }
    }

    void set(int id, Object value) throws SocketException {
        switch (id) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis = (Integer) value;
            case SocketOptions.SO_LINGER -> lingerSeconds = value instanceof Integer seconds && seconds >= 0 ? seconds : -1;
            case SocketOptions.TCP_NODELAY -> {
                noDelay = (Boolean) value;
                apply(machine -> machine.noDelay(noDelay));
            }
            case SocketOptions.SO_KEEPALIVE -> {
                keepAlive = (Boolean) value;
                apply(this::keepAlive);
            }
            case SocketOptions.SO_RCVBUF -> {
                receiveBytes = Math.max(LEAST_BUFFER_BYTES, (Integer) value);
                apply(machine -> machine.receiveBuffer(receiveBytes));
            }
            case SocketOptions.SO_SNDBUF -> {
                sendBytes = Math.max(LEAST_BUFFER_BYTES, (Integer) value);
                apply(machine -> machine.sendBuffer(sendBytes));
            }
            case SocketOptions.SO_REUSEADDR -> reuseAddress = (Boolean) value;
            case SocketOptions.SO_OOBINLINE -> urgentInline = (Boolean) value;
            case SocketOptions.IP_TOS -> {
                trafficClass = dscp((Integer) value);
                TcpEndpoint connection = endpoint;
                if (connection != null) {
                    connection.trafficClass(trafficClass);
                }
            }
            default -> throw new SocketException("Unknown option " + id);
        }
    }

    /** A traffic class as it is sent: without the two bits that are the transport's (RFC 3168), as Linux keeps them from TCP. */
    static int dscp(int trafficClass) {
        if (trafficClass < 0 || trafficClass > 255) {
            throw new IllegalArgumentException("traffic class " + trafficClass + " is outside 0..255");
        }
        return trafficClass & 0xfc;
    }

    Object get(int id) throws SocketException {
        return switch (id) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis;
            case SocketOptions.SO_LINGER -> lingerSeconds;
            case SocketOptions.TCP_NODELAY -> noDelay;
            case SocketOptions.SO_KEEPALIVE -> keepAlive;
            case SocketOptions.SO_RCVBUF -> receiveBytes > 0 ? receiveBytes : defaults.receiveBytes();
            case SocketOptions.SO_SNDBUF -> sendBytes > 0 ? sendBytes : defaults.sendBytes();
            case SocketOptions.SO_REUSEADDR -> reuseAddress;
            case SocketOptions.SO_OOBINLINE -> urgentInline;
            case SocketOptions.IP_TOS -> trafficClass;
            default -> throw new SocketException("Unknown option " + id);
        };
    }

    void set(SocketOption<?> name, Object value) throws SocketException {
        if (name == ExtendedSocketOptions.TCP_KEEPIDLE) {
            keepIdleSeconds = positive(name, value);
            apply(this::keepAlive);
        } else if (name == ExtendedSocketOptions.TCP_KEEPINTERVAL) {
            keepIntervalSeconds = positive(name, value);
            apply(this::keepAlive);
        } else if (name == ExtendedSocketOptions.TCP_KEEPCOUNT) {
            keepCount = positive(name, value);
            apply(this::keepAlive);
        } else {
            set(number(name), value);
        }
    }

    private static int positive(SocketOption<?> name, Object value) {
        int number = (Integer) value;
        if (number < 1) {
            throw new IllegalArgumentException(name.name() + "=" + number + " is not positive");
        }
        return number;
    }

    <T> T get(SocketOption<T> name) throws SocketException {
        Object value;
        if (name == ExtendedSocketOptions.TCP_KEEPIDLE) {
            value = keepIdleSeconds;
        } else if (name == ExtendedSocketOptions.TCP_KEEPINTERVAL) {
            value = keepIntervalSeconds;
        } else if (name == ExtendedSocketOptions.TCP_KEEPCOUNT) {
            value = keepCount;
        } else {
            value = get(number(name));
        }
        return name.type().cast(value);
    }

    private static int number(SocketOption<?> name) {
        Integer number = NUMBERS.get(name);
        if (number == null) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
        return number;
    }
}
