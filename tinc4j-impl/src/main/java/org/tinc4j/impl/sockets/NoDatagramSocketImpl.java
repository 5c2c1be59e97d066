package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;

/** Stands where the JDK wants one and {@link MeshDatagramSocket} overrides all that would use it. */
final class NoDatagramSocketImpl extends DatagramSocketImpl {

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a datagram socket of the mesh does this by itself");
    }

    @Override
    protected void create() {}

    @Override
    protected void bind(int port, InetAddress address) {
        throw unused();
    }

    @Override
    protected void send(DatagramPacket packet) throws IOException {
        throw unused();
    }

    @Override
    protected int peek(InetAddress address) {
        throw unused();
    }

    @Override
    protected int peekData(DatagramPacket packet) {
        throw unused();
    }

    @Override
    protected void receive(DatagramPacket packet) {
        throw unused();
    }

    @Override
    @Deprecated
    protected void setTTL(byte ttl) {
        throw unused();
    }

    @Override
    @Deprecated
    protected byte getTTL() {
        throw unused();
    }

    @Override
    protected void setTimeToLive(int ttl) {
        throw unused();
    }

    @Override
    protected int getTimeToLive() {
        throw unused();
    }

    @Override
    protected void join(InetAddress group) {
        throw unused();
    }

    @Override
    protected void leave(InetAddress group) {
        throw unused();
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface netIf) {
        throw unused();
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface netIf) {
        throw unused();
    }

    @Override
    protected void close() {}

    @Override
    public void setOption(int option, Object value) {
        throw unused();
    }

    @Override
    public Object getOption(int option) {
        throw unused();
    }
}
