package org.tinc4j.linux.udp;

import static org.tinc4j.linux.sys.Sockets.AF_INET;
import static org.tinc4j.linux.sys.Sockets.AF_INET6;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_FAMILY;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_ADDR;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_FLOWINFO;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_SCOPE_ID;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_SIZE;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN_ADDR;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN_SIZE;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_PORT;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Addresses as the kernel has them. An IPv6 socket that serves both families shows IPv4 addresses as {@code ::ffff:a.b.c.d}; outside it they
 * are IPv4 addresses.
 *
 * <p><b>Source.</b> ip(7), ipv6(7); RFC 4291 section 2.5.5.2.
 */
final class SocketAddresses {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int MAPPED_PREFIX_BYTES = IPV6_BYTES - IPV4_BYTES;

    private SocketAddresses() {}

    /**
     * Writes an address for a socket.
     *
     * @param address of either family
     * @param family of the socket
     * @param into in native byte order
     * @param at where, with room for a {@code sockaddr_in6}
     * @return length of what was written; 0 for an address that a socket of this family cannot reach
     */
    static int write(InetSocketAddress address, int family, ByteBuffer into, int at) {
        if (address == null || address.isUnresolved()) {
            return 0;
        }
        into.putShort(at + SOCKADDR_FAMILY, (short) family);
        into.put(at + SOCKADDR_PORT, (byte) (address.getPort() >> 8)).put(at + SOCKADDR_PORT + 1, (byte) address.getPort());
        return switch (address.getAddress()) {
            case Inet4Address four when family == AF_INET -> {
                into.put(at + SOCKADDR_IN_ADDR, four.getAddress()).putLong(at + SOCKADDR_IN_ADDR + IPV4_BYTES, 0);
                yield SOCKADDR_IN_SIZE;
            }
            case Inet4Address four -> {
                into.putInt(at + SOCKADDR_IN6_FLOWINFO, 0);
                into.putLong(at + SOCKADDR_IN6_ADDR, 0).putShort(at + SOCKADDR_IN6_ADDR + 8, (short) 0);
                into.putShort(at + SOCKADDR_IN6_ADDR + 10, (short) 0xffff);
                into.put(at + SOCKADDR_IN6_ADDR + MAPPED_PREFIX_BYTES, four.getAddress());
                into.putInt(at + SOCKADDR_IN6_SCOPE_ID, 0);
                yield SOCKADDR_IN6_SIZE;
            }
            case Inet6Address six when family == AF_INET6 -> {
                into.putInt(at + SOCKADDR_IN6_FLOWINFO, 0);
                into.put(at + SOCKADDR_IN6_ADDR, six.getAddress());
                into.putInt(at + SOCKADDR_IN6_SCOPE_ID, six.getScopeId());
                yield SOCKADDR_IN6_SIZE;
            }
            default -> 0;
        };
    }

    /**
     * Reads an address that the kernel wrote.
     *
     * @param from in native byte order
     * @param at where
     * @return an address; an interface belongs to it only if it is link-local, as it would make equal addresses differ
     */
    static InetSocketAddress read(ByteBuffer from, int at) {
        int port = (from.get(at + SOCKADDR_PORT) & 0xff) << 8 | from.get(at + SOCKADDR_PORT + 1) & 0xff;
        boolean six = from.getShort(at + SOCKADDR_FAMILY) == AF_INET6;
        byte[] bytes = new byte[six ? IPV6_BYTES : IPV4_BYTES];
        from.get(at + (six ? SOCKADDR_IN6_ADDR : SOCKADDR_IN_ADDR), bytes);
        try {
            // This makes an IPv4 address of a mapped one.
            InetAddress address = InetAddress.getByAddress(bytes);
            if (address instanceof Inet6Address && address.isLinkLocalAddress()) {
                address = Inet6Address.getByAddress(null, bytes, from.getInt(at + SOCKADDR_IN6_SCOPE_ID));
            }
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
