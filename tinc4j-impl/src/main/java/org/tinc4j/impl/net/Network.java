package org.tinc4j.impl.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.tinc4j.TransportException;
import org.tinc4j.spi.DatagramTransport;

/** Where a node's sockets come from. Any thread; calls block from the caller's side, and are made on virtual threads. */
public interface Network {

    /** Whether sockets of IPv6 can be had. */
    boolean ipv6Available();

    /**
     * Opens a listening TCP socket.
     *
     * @param address where; port 0 is any free port
     * @throws TransportException naming address and remedy
     */
    StreamListener listen(InetSocketAddress address) throws TransportException;

    /**
     * Binds a UDP socket.
     *
     * @param address where; port 0 is any free port; the IPv6 wildcard address stands for both families
     * @param receiveBufferBytes kernel buffer asked for, 0 leaves the default
     * @param sendBufferBytes kernel buffer asked for, 0 leaves the default
     * @throws TransportException naming address and remedy
     */
    DatagramTransport udp(InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes) throws TransportException;

    /** A TCP socket that is to be {@linkplain StreamConnection#connect connected}. */
    StreamConnection newConnection();

    /** Addresses of a host, in the order they should be tried. Numeric addresses are answered without asking anybody. */
    InetAddress[] lookUp(String host) throws UnknownHostException, InterruptedException;
}
