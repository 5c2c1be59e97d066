package org.tinc4j.linux.tun;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tinc4j.DeviceException;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Subnet;
import org.tinc4j.linux.netlink.NetlinkReply;
import org.tinc4j.linux.netlink.RouteRequests;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.tun.InterfaceConfiguration.Lifetime;
import org.tinc4j.spi.RouteTable;

/**
 * Routes of the kernel's main table that lead to one TUN. The network of each address of the interface has a route already, by the
 * kernel, so it gets no second one.
 *
 * <p><b>Threads.</b> Any; but two threads that add and remove the same range at once get either result.
 */
final class KernelRoutes implements RouteTable {

    private final String name;
    private final int ifindex;
    private final List<Subnet> addresses;

    /** What we added and have to take back, masked and of default weight. */
    private final Set<Subnet> added = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    KernelRoutes(String name, int ifindex, List<Subnet> addresses) {
        this.name = name;
        this.ifindex = ifindex;
        this.addresses = addresses;
    }

    @Override
    public void add(Subnet subnet) throws DeviceException, NodeClosedException {
        checkOpen();
        Subnet destination = subnet.masked();
        if (isOfAnAddress(destination) || added.contains(destination)) {
            return;
        }
        try (RouteSocket socket = new RouteSocket()) {
            int errno = socket.tell(RouteRequests.add(ifindex, destination));
            if (errno == 0) {
                added.add(destination);
            } else if (errno != Errno.EEXIST || !leadsHere(socket, destination)) {
                throw refused(errno, destination);
            }
        }
    }

    @Override
    public void remove(Subnet subnet) throws DeviceException, NodeClosedException {
        checkOpen();
        Subnet destination = subnet.masked();
        if (!added.remove(destination)) {
            return;
        }
        try (RouteSocket socket = new RouteSocket()) {
            remove(socket, destination);
        }
    }

    /** Takes back all routes where the interface stays; else they go with it. */
    void close(Lifetime lifetime) throws DeviceException {
        closed = true;
        if (lifetime == Lifetime.PERSISTENT && !added.isEmpty()) {
            try (RouteSocket socket = new RouteSocket()) {
                for (Subnet destination : added) {
                    remove(socket, destination);
                }
            }
        }
        added.clear();
    }

    private void remove(RouteSocket socket, Subnet destination) throws DeviceException {
        int errno = socket.tell(RouteRequests.remove(ifindex, destination));
        // Somebody else removed the route, or the interface and so the route.
        if (errno != 0 && errno != Errno.ESRCH && errno != Errno.ENODEV) {
            throw refused(errno, destination);
        }
    }

    private boolean isOfAnAddress(Subnet destination) {
        for (Subnet address : addresses) {
            boolean itself = destination.isHost() && destination.contains(address.address());
            boolean itsNetwork = address.prefixLength() == destination.prefixLength() && destination.covers(address);
            if (itself || itsNetwork) {
                return true;
            }
        }
        return false;
    }

    private boolean leadsHere(RouteSocket socket, Subnet destination) throws DeviceException {
        return socket.ask(RouteRequests.find(destination)) instanceof NetlinkReply.Route(int to, int prefixLength)
                && to == ifindex
                && prefixLength == destination.prefixLength();
    }

    private DeviceException refused(int errno, Subnet destination) {
        String role = "route " + destination + " dev " + name;
        return errno == Errno.EEXIST
                ? SystemCallFailure.failure(
                        "rtnetlink", errno, role, "another interface has this route; remove it, or choose another subnet")
                : SystemCallFailure.configuring(errno, role);
    }

    private void checkOpen() throws NodeClosedException {
        if (closed) {
            throw new NodeClosedException("TUN " + name + " is closed, and its routes are gone");
        }
    }
}
