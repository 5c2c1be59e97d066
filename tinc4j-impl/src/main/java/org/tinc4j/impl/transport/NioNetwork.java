package org.tinc4j.impl.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import org.tinc4j.TransportException;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.spi.DatagramTransport;

/** The network this machine is on. */
public final class NioNetwork implements Network {

    @Override
    public boolean ipv6Available() {
        return NioTransport.ipv6Available();
    }

    @Override
    public StreamListener listen(InetSocketAddress address) throws TransportException {
        return NioListener.open(address);
    }

    @Override
    public DatagramTransport udp(InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes) throws TransportException {
        return NioTransport.open(address, receiveBufferBytes, sendBufferBytes);
    }

    @Override
    public StreamConnection newConnection() {
        return new NioConnection(new Socket());
    }

    @Override
    public InetAddress[] lookUp(String host) throws UnknownHostException, InterruptedException {
        return HostNames.lookUp(host);
    }
}
