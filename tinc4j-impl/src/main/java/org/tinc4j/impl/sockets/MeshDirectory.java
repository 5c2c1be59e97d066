package org.tinc4j.impl.sockets;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.stack.LocalAddresses;

/**
 * Names and addresses of the mesh, as the routing table has them at the moment of the question.
 *
 * <p>Nodes name themselves and say which addresses they own. So whatever they say, {@code localhost} and the addresses of loopback are of this
 * host: else what is meant for it would go to them, or what is meant for them would come to it.
 *
 * <p><b>Threads.</b> Any; nobody is waited for.
 */
public final class MeshDirectory implements LocalAddresses {

    private final String network;
    private final NodeName self;
    private final Supplier<RoutingTable> tables;

    /**
     * A directory.
     *
     * @param network name of the mesh, which may stand behind a node's name
     * @param self this node
     * @param tables the published table; null before the first
     */
    public MeshDirectory(String network, NodeName self, Supplier<RoutingTable> tables) {
        this.network = network;
        this.self = self;
        this.tables = tables;
    }

    /** The address a name stands for, or an address in text. */
    public InetAddress resolve(String host) throws UnknownHostException {
        InetAddress literal = literal(host);
        if (literal != null) {
            return literal;
        }
        NodeRoute node = node(host);
        if (node == null) {
            throw new UnknownHostException(host + ": no node of that name is known in mesh " + network);
        }
        InetAddress address = first(node, null);
        if (address == null) {
            throw new UnknownHostException(host + ": node " + node.name() + " announces no subnet, so it has no address");
        }
        return address;
    }

    /**
     * The same address with its name looked up in the mesh, where the system did not know it.
     *
     * @param socket closed where the mesh does not know it either, as the JDK's sockets are
     */
    SocketAddress resolve(SocketAddress to, Closeable socket) throws IOException {
        if (!(to instanceof InetSocketAddress named) || !named.isUnresolved()) {
            return to;
        }
        try {
            return new InetSocketAddress(resolve(named.getHostString()), named.getPort());
        } catch (UnknownHostException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether a host is a node, or an address that a node owns. */
    public boolean isOfMesh(String host) {
        InetAddress literal = literal(host);
        return literal != null ? leavesHost(literal) && ownerOf(literal).isPresent() : node(host) != null;
    }

    /** Null if it is no address. */
    private static InetAddress literal(String host) {
        String text = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        // A node's name may consist of digits, but has neither dots nor colons.
        if (text.indexOf(':') < 0 && text.indexOf('.') < 0) {
            return null;
        }
        try {
            Subnet subnet = Subnet.parse(text);
            return subnet.isHost() && subnet.kind() != Subnet.Kind.MAC ? subnet.inetAddress() : null;
        } catch (IllegalArgumentException e) {
            return null; // A name.
        }
    }

    /** Host names know no case and no underscore, node names do: what fits exactly is preferred. */
    private NodeRoute node(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String suffix = "." + network;
        if (name.length() > suffix.length() && name.regionMatches(true, name.length() - suffix.length(), suffix, 0, suffix.length())) {
            name = name.substring(0, name.length() - suffix.length());
        }
        RoutingTable table = tables.get();
        // RFC 6761 section 6.3: "Name resolution APIs and libraries SHOULD recognize localhost names as special".
        if (table == null || name.equalsIgnoreCase("localhost") || name.toLowerCase(Locale.ROOT).endsWith(".localhost")) {
            return null;
        }
        NodeRoute exact = NodeName.isValid(name) ? table.named(new NodeName(name)) : null;
        String written = name.replace('-', '_');
        for (int i = 0; exact == null && i < table.size(); i++) {
            exact = table.node(i).name().value().equalsIgnoreCase(written) ? table.node(i) : null;
        }
        return exact;
    }

    /** An address that is the node's alone, else the first of its first range; null if it has none of the family. */
    private InetAddress first(NodeRoute node, Subnet.Kind family) {
        boolean own = node.name().equals(self); // What its owner configured is taken at its word.
        Subnet found = null;
        for (Subnet subnet : node.subnets()) {
            boolean fits = family == null ? subnet.kind() != Subnet.Kind.MAC : subnet.kind() == family;
            if (fits && (own || leavesHost(subnet.inetAddress())) && (found == null || subnet.isHost() && !found.isHost())) {
                found = subnet;
            }
        }
        return found == null ? null : found.inetAddress();
    }

    /** Whether the system does not take an address for this host's own, wherever it is bound, nor for a group. */
    private static boolean leavesHost(InetAddress address) {
        try {
            InetAddress unmapped = InetAddress.getByAddress(address.getAddress()); // The system connects to ::ffff:127.0.0.1 as to 127.0.0.1.
            return !unmapped.isLoopbackAddress() && !unmapped.isAnyLocalAddress() && !unmapped.isMulticastAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("the bytes of an address are one", e);
        }
    }

    /** The node that owns an address. */
    public Optional<NodeName> ownerOf(InetAddress address) {
        RoutingTable table = tables.get();
        if (table == null) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        SubnetTable.Entry entry = bytes.capacity() == 4
                ? table.subnets().lookupIpv4(bytes.getInt(0))
                : table.subnets().lookupIpv6(bytes.getLong(0), bytes.getLong(8));
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.owner());
    }

    /** This node's addresses, one for each family it has, IPv4 first. */
    public List<InetAddress> ownAddresses() {
        List<InetAddress> own = new ArrayList<>();
        RoutingTable table = tables.get();
        if (table != null) {
            for (Subnet.Kind family : List.of(Subnet.Kind.IPV4, Subnet.Kind.IPV6)) {
                InetAddress address = first(table.self(), family);
                if (address != null) {
                    own.add(address);
                }
            }
        }
        return own;
    }

    @Override
    public InetAddress sourceFor(InetAddress remote) throws SocketException {
        RoutingTable table = tables.get();
        Subnet.Kind family = remote.getAddress().length == 4 ? Subnet.Kind.IPV4 : Subnet.Kind.IPV6;
        InetAddress source = table == null ? null : first(table.self(), family);
        if (source == null) {
            throw new ConnectException(
                    "Network is unreachable: node " + self + " owns no " + family + " subnet to send from; call Builder.subnet");
        }
        return source;
    }

    @Override
    public boolean isLocal(InetAddress address) {
        return ownerOf(address).filter(self::equals).isPresent();
    }
}
