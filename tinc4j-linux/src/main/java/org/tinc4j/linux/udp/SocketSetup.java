package org.tinc4j.linux.udp;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.Offload;
import org.tinc4j.TransportException;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.sys.SystemCalls;

/**
 * Makes one socket: options, address, offloads. The steps are called in the order they stand here; whoever calls closes the descriptor when
 * one of them fails.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class SocketSetup {

    private static final Logger LOG = LoggerFactory.getLogger(SocketSetup.class);

    private static final int ON = 1;
    private static final int OFF = 0;

    /** Room for an address, then a value, then a length. */
    private static final int VALUE = 32;

    private static final int LENGTH = VALUE + Integer.BYTES;

    private final ByteBuffer memory = NativeMemory.allocate(LENGTH + Integer.BYTES);
    private final long address = NativeMemory.address(memory);
    private final String place;
    private final int family;
    private final int fd;

    private SocketSetup(int fd, int family, String place) {
        this.fd = fd;
        this.family = family;
        this.place = place;
    }

    /** How an address stands in messages. */
    static String place(InetSocketAddress address) {
        return "UDP " + address.getAddress().getHostAddress() + " port " + address.getPort();
    }

    /** A socket of the address's family. */
    static SocketSetup socket(InetSocketAddress address) throws TransportException {
        String place = place(address);
        int family = address.getAddress() instanceof Inet4Address ? Sockets.AF_INET : Sockets.AF_INET6;
        int fd = SystemCalls.socket(family, Sockets.SOCK_DGRAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw SocketFailure.binding("socket", -fd, place);
        }
        return new SocketSetup(fd, family, place);
    }

    int fd() {
        return fd;
    }

    int family() {
        return family;
    }

    /** Asks for buffers, beyond the limit of the system where that is permitted. 0 leaves the default. */
    void buffers(int receiveBytes, int sendBytes) throws TransportException {
        buffer("SO_RCVBUF", Sockets.SO_RCVBUFFORCE, Sockets.SO_RCVBUF, receiveBytes);
        buffer("SO_SNDBUF", Sockets.SO_SNDBUFFORCE, Sockets.SO_SNDBUF, sendBytes);
    }

    private void buffer(String name, int forced, int limited, int bytes) throws TransportException {
        if (bytes > 0) {
            if (set(Sockets.SOL_SOCKET, forced, bytes) < 0) {
                check("setsockopt " + name, set(Sockets.SOL_SOCKET, limited, bytes));
            }
            memory.putInt(LENGTH, Integer.BYTES);
            check("getsockopt " + name, SystemCalls.getsockopt(fd, Sockets.SOL_SOCKET, limited, address + VALUE, address + LENGTH));
            // The kernel counts its own overhead, for which it doubles what was asked for.
            LOG.debug("{}: {} is {} bytes, asked for {}", place, name, memory.getInt(VALUE) / 2, bytes);
        }
    }

    /** Path MTU discovery needs datagrams that are refused, not cut. */
    void dontFragment() throws TransportException {
        check("setsockopt IP_MTU_DISCOVER", set(Sockets.IPPROTO_IP, Sockets.IP_MTU_DISCOVER, Sockets.IP_PMTUDISC_DO));
        if (family == Sockets.AF_INET6) {
            check("setsockopt IPV6_MTU_DISCOVER", set(Sockets.IPPROTO_IPV6, Sockets.IPV6_MTU_DISCOVER, Sockets.IPV6_PMTUDISC_DO));
        }
    }

    /** Takes the address; the IPv6 wildcard stands for both families. */
    void bind(InetSocketAddress wanted) throws TransportException {
        if (family == Sockets.AF_INET6) {
            check("setsockopt IPV6_V6ONLY", set(Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, OFF));
        }
        int length = SocketAddresses.write(wanted, family, memory, 0);
        check("bind", SystemCalls.bind(fd, address, length));
    }

    /** Lets others take the same address, whether this one has it already or not. */
    void sharePort() throws TransportException {
        check("setsockopt SO_REUSEPORT", set(Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT, ON));
    }

    /** Asks for what the kernel can take over; what it refuses is off from then on. */
    void offloads(GrantedOffloads offloads) {
        if (offloads.uses(Offload.UDP_SEGMENT)) {
            // 0 is the default: this only asks whether the option is known.
            int result = set(Sockets.SOL_UDP, Sockets.UDP_SEGMENT, OFF);
            if (result < 0) {
                offloads.refuse(Offload.UDP_SEGMENT, "setsockopt UDP_SEGMENT", -result, "Linux has it from 4.18 on");
            }
        }
        if (offloads.uses(Offload.UDP_GRO)) {
            int result = set(Sockets.SOL_UDP, Sockets.UDP_GRO, ON);
            if (result < 0) {
                offloads.refuse(Offload.UDP_GRO, "setsockopt UDP_GRO", -result, "Linux has it from 5.0 on");
            }
        }
    }

    /** The address with its real port. */
    InetSocketAddress localAddress() throws TransportException {
        memory.putInt(LENGTH, Sockets.SOCKADDR_IN6_SIZE);
        check("getsockname", SystemCalls.getsockname(fd, address, address + LENGTH));
        return SocketAddresses.read(memory, 0);
    }

    private int set(int level, int option, int value) {
        memory.putInt(VALUE, value);
        return SystemCalls.setsockopt(fd, level, option, address + VALUE);
    }

    private void check(String call, int result) throws TransportException {
        if (result < 0) {
            throw SocketFailure.binding(call, -result, place);
        }
    }
}
