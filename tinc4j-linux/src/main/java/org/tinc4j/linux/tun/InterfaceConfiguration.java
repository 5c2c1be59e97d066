package org.tinc4j.linux.tun;

import java.util.ArrayList;
import java.util.List;
import org.tinc4j.DeviceException;
import org.tinc4j.Subnet;
import org.tinc4j.linux.netlink.LinkRequests;
import org.tinc4j.linux.netlink.NetlinkReply;
import org.tinc4j.spi.RouteTable;

/**
 * What this process set on an interface: MTU, up, addresses, routes. All of it goes with an interface that goes with its descriptor; on
 * one that is persistent it is taken back.
 *
 * <p><b>Threads.</b> Made and closed by one; {@link #routes()} by any.
 */
final class InterfaceConfiguration {

    /** What becomes of an interface when its last descriptor is closed. */
    enum Lifetime {
        /** It goes: the usual case. */
        OF_DESCRIPTOR,
        /** It stays: somebody made it persistent. */
        PERSISTENT
    }

    private final String name;
    private final NetlinkReply.Link before;
    private final Lifetime lifetime;
    private final List<Subnet> addresses = new ArrayList<>();
    private final KernelRoutes routes;

    InterfaceConfiguration(String name, NetlinkReply.Link before, Lifetime lifetime, List<Subnet> addresses) {
        this.name = name;
        this.before = before;
        this.lifetime = lifetime;
        this.routes = new KernelRoutes(name, before.ifindex(), addresses);
    }

    /** Finds an interface by name. */
    static NetlinkReply.Link find(RouteSocket socket, String name) throws DeviceException {
        return switch (socket.ask(LinkRequests.find(name))) {
            case NetlinkReply.Link link -> link;
            case NetlinkReply.Status(int errno) -> throw SystemCallFailure.configuring(errno, "interface " + name);
            case NetlinkReply other -> throw new DeviceException("rtnetlink answered a look-up of " + name + " with " + other);
        };
    }

    /** Sets everything. Up comes before the addresses: the kernel adds the routes of their networks only then. */
    void apply(RouteSocket socket, int mtuBytes, List<Subnet> wanted) throws DeviceException {
        // Refused where IPv6 is switched off, and then there is no link-local address to prevent.
        socket.tell(LinkRequests.withoutLinkLocal(before.ifindex()));
        int errno = socket.tell(LinkRequests.up(before.ifindex(), mtuBytes));
        if (errno != 0) {
            throw SystemCallFailure.configuring(errno, "interface " + name + " with mtu=" + mtuBytes + " bytes");
        }
        for (Subnet address : wanted) {
            errno = socket.tell(LinkRequests.addAddress(before.ifindex(), address));
            if (errno != 0) {
                throw SystemCallFailure.configuring(errno, "address " + withPrefix(address) + " of interface " + name);
            }
            addresses.add(address);
        }
    }

    RouteTable routes() {
        return routes;
    }

    /** Takes back what would stay. What the kernel refuses then, somebody else has taken back before. */
    void undo() throws DeviceException {
        routes.close(lifetime);
        if (lifetime == Lifetime.PERSISTENT) {
            try (RouteSocket socket = new RouteSocket()) {
                for (Subnet address : addresses) {
                    socket.tell(LinkRequests.removeAddress(before.ifindex(), address));
                }
                socket.tell(LinkRequests.down(before.ifindex(), before.mtuBytes()));
            }
        }
    }

    private static String withPrefix(Subnet address) {
        return address.inetAddress().getHostAddress() + "/" + address.prefixLength();
    }
}
