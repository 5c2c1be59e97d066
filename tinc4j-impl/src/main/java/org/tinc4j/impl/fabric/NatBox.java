package org.tinc4j.impl.fabric;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tinc4j.testing.NatKind;

/**
 * A box that translates addresses for the hosts behind it. The words are those of RFC 4787, section 4.1.
 *
 * <p>UDP from outside passes through a mapping, as its {@link NatKind} filters. TCP goes out only; its mapping lasts as long as the stream.
 * There is no hairpinning: a host behind the box does not reach another by the address of the box, though the RFC asks for it (REQ-9),
 * because home routers often do not.
 */
public final class NatBox implements AddressOwner {

    /** Below are the ports that services have by right. */
    static final int FIRST_PORT = 1024;

    /** So many mappings at most: with more it would get slow to find a free port by chance. */
    private static final int MAX_MAPPINGS = 60_000;

    private static final int MAX_HOSTS = 254;

    /** What tells mappings apart that depend on the destination. */
    private record Session(long hostAndPort, InetSocketAddress to) {}

    private final Fabric fabric;
    private final String name;
    private final NatKind kind;
    private final InetAddress address;

    private final Map<Object, NatMapping> byInside = new HashMap<>();
    private final Map<Integer, NatMapping> byPort = new HashMap<>();
    private final Set<Integer> tcpPorts = new HashSet<>();
    private int hosts;
    private int nextPort = FIRST_PORT;

    NatBox(Fabric fabric, String name, NatKind kind, InetAddress address) {
        this.fabric = fabric;
        this.name = name;
        this.kind = kind;
        this.address = address;
    }

    /** As it was given. */
    public String name() {
        return name;
    }

    /** How it maps and filters. */
    public NatKind kind() {
        return kind;
    }

    /** Its public address. */
    public InetAddress address() {
        return address;
    }

    /** How many mappings it holds now, UDP and TCP. */
    public int mappings() {
        return byPort.size() + tcpPorts.size();
    }

    int nextHostNumber() {
        if (hosts == MAX_HOSTS) {
            throw new IllegalStateException(name + " has " + MAX_HOSTS + " hosts already; make another box");
        }
        return ++hosts;
    }

    /** Something goes out: the port others see, of a mapping that is there or made now; null if there is no free one. */
    InetSocketAddress translate(Host host, int port, InetSocketAddress to) {
        long hostAndPort = (long) host.number() << 16 | port;
        Object key = switch (kind) {
            // "Endpoint-Independent Mapping: The NAT reuses the port mapping for subsequent packets sent from the same internal IP address and
            // port (X:x) to any external IP address and port."
            case FULL_CONE, RESTRICTED_CONE, PORT_RESTRICTED_CONE -> hostAndPort;
            // "Address and Port-Dependent Mapping: The NAT reuses the port mapping for subsequent packets sent from the same internal IP address
            // and port (X:x) to the same external IP address and port while the mapping is still active."
            case SYMMETRIC -> new Session(hostAndPort, to);
        };
        NatMapping mapping = byInside.get(key);
        if (mapping == null) {
            if (byPort.size() >= MAX_MAPPINGS) {
                return null;
            }
            mapping = new NatMapping(this, key, host, port, new InetSocketAddress(address, freeUdpPort(port)));
            byInside.put(key, mapping);
            byPort.put(mapping.external().getPort(), mapping);
            tell(FabricEvent.NAT_MAPPED, mapping);
            mapping.sent(to, nowNanos());
            mapping.startTimer();
        } else {
            mapping.sent(to, nowNanos());
        }
        return mapping.external();
    }

    /** Cones preserve the port if they can; a symmetric box takes any, so that nobody can guess it. */
    private int freeUdpPort(int preferred) {
        if (kind != NatKind.SYMMETRIC) {
            return free(preferred, byPort.keySet());
        }
        int port = fabric.links().randomPort();
        while (byPort.containsKey(port)) {
            port = fabric.links().randomPort();
        }
        return port;
    }

    private int free(int preferred, Set<Integer> used) {
        int port = preferred;
        while (used.contains(port)) {
            port = nextPort;
            nextPort = port == 65535 ? FIRST_PORT : port + 1;
        }
        return port;
    }

    /** Whose a port is now; null if nobody's. */
    Host hostAt(int port) {
        NatMapping mapping = byPort.get(port);
        return mapping == null ? null : mapping.host();
    }

    /** Something comes in: the mapping it passes through, or null. */
    NatMapping admit(int port, InetSocketAddress from) {
        NatMapping mapping = byPort.get(port);
        return mapping != null && mapping.admits(from, nowNanos()) ? mapping : null;
    }

    void forget(NatMapping mapping) {
        byInside.remove(mapping.key());
        byPort.remove(mapping.external().getPort());
        tell(FabricEvent.NAT_EXPIRED, mapping);
    }

    /** A TCP connection goes out: what the other end sees; null if there is no free port. */
    InetSocketAddress openTcp(int port) {
        if (tcpPorts.size() >= MAX_MAPPINGS) {
            return null;
        }
        int external = free(port, tcpPorts);
        tcpPorts.add(external);
        return new InetSocketAddress(address, external);
    }

    void closeTcp(int external) {
        tcpPorts.remove(external);
    }

    long nowNanos() {
        return fabric.nowNanos();
    }

    void at(long atNanos, Runnable event) {
        fabric.at(atNanos, event);
    }

    private void tell(FabricEvent what, NatMapping mapping) {
        if (fabric.observed()) {
            fabric.tell(what, name, mapping.host().name(), Fabric.NO_BYTES, mapping.external().getPort() + ">" + mapping.port());
        }
    }

    @Override
    public String toString() {
        return name + " " + address.getHostAddress() + " " + kind;
    }
}
