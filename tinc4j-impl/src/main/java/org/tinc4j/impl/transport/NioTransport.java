package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import jdk.net.ExtendedSocketOptions;
import org.tinc4j.NodeClosedException;
import org.tinc4j.TransportException;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * A UDP socket on NIO: one system call a datagram, on every platform.
 *
 * <p>The channel is in blocking mode. On a virtual thread the JDK parks the reader and gives the carrier back.
 */
final class NioTransport implements DatagramTransport {

    private final DatagramChannel channel;
    private final InetSocketAddress local;

    private final Ledger.Lease lease;

    private NioTransport(DatagramChannel channel, InetSocketAddress local, Ledger ledger) {
        this.channel = channel;
        this.local = local;
        this.lease = ledger.take("socket", "UDP socket " + local);
    }

    /**
     * Binds a socket.
     *
     * @param address where; port 0 is any free port; the IPv6 wildcard address stands for both families, where the system has both
     * @param receiveBufferBytes kernel buffer asked for, 0 leaves the default
     * @param sendBufferBytes kernel buffer asked for, 0 leaves the default
     * @param ledger where the socket is accounted
     * @return the bound transport
     * @throws TransportException naming address and remedy
     */
    static NioTransport open(InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, Ledger ledger)
            throws TransportException {
        DatagramChannel channel = null;
        try {
            channel = address.getAddress() instanceof Inet4Address
                    ? DatagramChannel.open(StandardProtocolFamily.INET)
                    : DatagramChannel.open();
            buffer(channel, StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            buffer(channel, StandardSocketOptions.SO_SNDBUF, sendBufferBytes);
            if (channel.supportedOptions().contains(ExtendedSocketOptions.IP_DONTFRAGMENT)) {
                // Path MTU discovery needs datagrams that are refused, not cut.
                channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
            }
            channel.bind(address);
            return new NioTransport(channel, (InetSocketAddress) channel.getLocalAddress(), ledger);
        } catch (IOException | UnsupportedOperationException e) {
            closeQuietly(channel);
            throw new TransportException(
                    "cannot bind UDP " + address.getAddress().getHostAddress() + " port " + address.getPort() + ": "
                            + e.getMessage() + "; choose another address or port, or 0 for any free port",
                    e);
        }
    }

    /** Whether this system and JVM have IPv6. */
    static boolean ipv6Available() {
        DatagramChannel probe = null;
        try {
            probe = DatagramChannel.open(StandardProtocolFamily.INET6);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false; // The JDK says so by either, depending on whether the system or an option of the JVM forbids it.
        } finally {
            closeQuietly(probe);
        }
    }

    private static void buffer(DatagramChannel channel, SocketOption<Integer> option, int bytes) throws IOException {
        if (bytes > 0) {
            channel.setOption(option, bytes);
        }
    }

    private static void closeQuietly(DatagramChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing was sent or received on it; the failure to report is the one that led here.
            }
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public int receive(PacketBatch batch) throws IOException {
        PacketBuffer buffer = batch.get(0);
        ByteBuffer target = buffer.memory().duplicate();
        target.position(PacketDevice.HEADROOM_BYTES).limit(buffer.capacity() - PacketDevice.TAILROOM_BYTES);
        InetSocketAddress from;
        try {
            from = (InetSocketAddress) channel.receive(target);
        } catch (ClosedChannelException e) {
            throw new NodeClosedException("UDP socket " + local + " is closed", e);
        }
        buffer.reset(PacketDevice.HEADROOM_BYTES, target.position() - PacketDevice.HEADROOM_BYTES);
        buffer.remote(unmapped(from));
        batch.size(1);
        return 1;
    }

    /** The JDK already hands out IPv4-mapped senders as IPv4; a scope would make equal addresses differ. */
    private static InetSocketAddress unmapped(InetSocketAddress from) throws IOException {
        if (from.getAddress() instanceof Inet6Address six && six.getScopeId() != 0 && !six.isLinkLocalAddress()) {
            return new InetSocketAddress(InetAddress.getByAddress(six.getAddress()), from.getPort());
        }
        return from;
    }

    @Override
    public void send(PacketBatch batch, SendResult[] results) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer buffer = batch.get(i);
            results[i] = send(buffer.view(), buffer.remote());
        }
    }

    private SendResult send(ByteBuffer datagram, InetSocketAddress remote) throws IOException {
        try {
            return channel.send(datagram, remote) > 0 ? SendResult.SENT : SendResult.FAILED;
        } catch (ClosedChannelException e) {
            throw new NodeClosedException("UDP socket " + local + " is closed", e);
        } catch (IOException e) {
            // EMSGSIZE reaches Java as its text only.
            return String.valueOf(e.getMessage()).contains("too long") ? SendResult.TOO_LONG : SendResult.FAILED;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return SendResult.FAILED; // An IPv6 destination on an IPv4 socket.
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
        lease.close();
    }
}
