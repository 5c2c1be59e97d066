package org.tinc4j;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.config.TincDirectory;
import org.tinc4j.config.Timing;
import org.tinc4j.event.TincListener;
import org.tinc4j.net.Access;
import org.tinc4j.net.Traffic;
import org.tinc4j.spi.NodeEngine;

/** Where everything begins: a node of a mesh, in this process. */
public final class Tinc {

    private Tinc() {}

    /**
     * Begins a node of a mesh.
     *
     * @param network the mesh's name, for logs and thread names; it does not travel on the wire
     * @return a builder that needs at least a name and a key
     */
    public static Builder network(String network) {
        return new Builder(network);
    }

    /**
     * Begins a node from an existing tinc directory: {@code tinc.conf}, {@code hosts/} and the key file.
     *
     * <p>What has no effect here is logged; see {@link TincDirectory}, which also takes overrides and gives the rest of the files.
     *
     * @param directory what C tinc calls its configuration base, for example {@code /etc/tinc/corp}; its last part names the network
     * @return a builder with everything the files say, which further calls may change
     * @throws IOException if a file cannot be read
     * @throws ConfigException with every problem found, each naming file and line
     */
    public static Builder load(Path directory) throws IOException {
        TincDirectory read = TincDirectory.read(directory);
        Logger log = LoggerFactory.getLogger(TincDirectory.class);
        read.ignored().forEach(log::info);
        return read.builder();
    }

    /**
     * Collects what a node is started with. A bad single value is refused at once, a contradiction by {@link #settings()}.
     *
     * <p><b>Threads.</b> One at a time; may be started several times for several nodes only if name and key are changed between.
     */
    public static final class Builder {

        private final String network;
        private NodeName name;
        private NodeKey key;
        private final List<Subnet> subnets = new ArrayList<>();
        private final List<InetSocketAddress> listen = new ArrayList<>();
        private Device device = Device.auto();
        private final Map<NodeName, PeerSettings> peers = new LinkedHashMap<>();
        private Timing timing = Timing.DEFAULT;
        private RoutingOptions routing = RoutingOptions.DEFAULT;
        private LinkOptions link = LinkOptions.DEFAULT;
        private DataPathOptions dataPath = DataPathOptions.DEFAULT;
        private Access access = Access.allowing();
        private final List<TincListener> listeners = new ArrayList<>();
        private Executor executor;
        private Logger logger;

        private Builder(String network) {
            if (network.isBlank() || network.chars().anyMatch(c -> c < ' ' || c == '/' || c == '\\')) {
                throw new IllegalArgumentException(
                        "network name \"" + network.replaceAll("\\p{Cntrl}", "?") + "\" is blank or has a control character or slash");
            }
            this.network = network;
        }

        /**
         * The node's name. Required.
         *
         * @param text unique in the mesh; {@code A-Z a-z 0-9 _}
         * @return this
         */
        public Builder name(String text) {
            name = new NodeName(text);
            return this;
        }

        /**
         * The node's identity. Required.
         *
         * @param identity for example {@link NodeKey#generate()}
         * @return this
         */
        public Builder key(NodeKey identity) {
            key = identity;
            return this;
        }

        /**
         * The node's identity from tinc's key file.
         *
         * @param file for example {@code /etc/tinc/corp/ed25519_key.priv}
         * @return this
         * @throws AuthenticationException if there is no key in the file
         */
        public Builder key(Path file) throws AuthenticationException {
            return key(NodeKey.read(file));
        }

        /**
         * The node's identity from the text of a key file.
         *
         * @param text with its BEGIN and END lines
         * @return this
         */
        public Builder key(String text) {
            return key(NodeKey.parse(text));
        }

        /**
         * A range the node owns; may be given several times. Default: none, the node only relays.
         *
         * @param text for example {@code 10.7.0.5/32} or {@code fd00:7::/64#20}; host bits must be zero; the weight behind {@code #}
         *     decides between nodes that own the same range, lower wins
         * @return this
         */
        public Builder subnet(String text) {
            return subnet(Subnet.parse(text));
        }

        /**
         * A range the node owns; may be given several times.
         *
         * @param subnet the range
         * @return this
         */
        public Builder subnet(Subnet subnet) {
            subnets.add(subnet);
            return this;
        }

        /**
         * Where to listen, TCP and UDP; may be given several times. Default: all addresses, any free port.
         *
         * @param host an address of this host, or a name, which is resolved in this call
         * @param port 0 is any free port
         * @return this
         */
        public Builder listen(String host, int port) {
            return listen(new InetSocketAddress(host, port));
        }

        /**
         * Where to listen, TCP and UDP; may be given several times.
         *
         * @param address a local address; port 0 is any free port
         * @return this
         */
        public Builder listen(InetSocketAddress address) {
            if (address.isUnresolved()) {
                throw new IllegalArgumentException("listen address \"" + address.getHostString() + "\" cannot be resolved");
            }
            listen.add(address);
            return this;
        }

        /**
         * Listens on all addresses at this port, TCP and UDP, in addition to what {@link #listen} adds. C tinc's port is
         * {@value Endpoint#DEFAULT_PORT}.
         *
         * @param port 0 is any free port
         * @return this
         */
        public Builder port(int port) {
            return listen(new InetSocketAddress(port));
        }

        /**
         * Where inner packets come from and go to. Default: {@link Device#auto()}.
         *
         * @param choice see {@link Device}
         * @return this
         */
        public Builder device(Device choice) {
            device = choice;
            return this;
        }

        /**
         * Makes a peer known, and dials it if it has an endpoint; to be dialled it needs a public key too.
         *
         * @param peer its name
         * @param options key, endpoints and the rest
         * @return this
         */
        public Builder peer(String peer, Consumer<Peer> options) {
            Peer collected = new Peer(new NodeName(peer));
            options.accept(collected);
            return peer(collected.settings());
        }

        /**
         * Makes a peer known. A second call for the same name replaces the first.
         *
         * @param settings all of it
         * @return this
         */
        public Builder peer(PeerSettings settings) {
            peers.put(settings.name(), settings);
            return this;
        }

        /**
         * How often a meta connection is pinged, and how long an answer may take. Default: 60 s and 5 s.
         *
         * @param interval pause between pings
         * @param timeout not longer than the interval
         * @return this
         */
        public Builder ping(Duration interval, Duration timeout) {
            timing = timing.withPing(interval, timeout);
            return this;
        }

        /**
         * How long data keys are used before they are renewed. Default: 1 h.
         *
         * @param lifetime longer than zero
         * @return this
         */
        public Builder keyLifetime(Duration lifetime) {
            timing = timing.withKeyLifetime(lifetime);
            return this;
        }

        /**
         * Longest pause between attempts to dial a peer; pauses grow by 5 s each. Default: 900 s.
         *
         * @param delay longer than zero
         * @return this
         */
        public Builder maxReconnectDelay(Duration delay) {
            timing = timing.withMaxReconnectDelay(delay);
            return this;
        }

        /**
         * Changes any interval.
         *
         * @param change gets the intervals so far
         * @return this
         */
        public Builder timing(UnaryOperator<Timing> change) {
            timing = change.apply(timing);
            return this;
        }

        /**
         * How packets and mesh information are passed on. Default: {@link RoutingOptions#DEFAULT}.
         *
         * @param options all of them
         * @return this
         */
        public Builder routing(RoutingOptions options) {
            routing = options;
            return this;
        }

        /**
         * How the node talks to the outside world. Default: {@link LinkOptions#DEFAULT}.
         *
         * @param options all of them
         * @return this
         */
        public Builder link(LinkOptions options) {
            link = options;
            return this;
        }

        /**
         * How packets move through this machine: offloads, queues, threads. Default: {@link DataPathOptions#DEFAULT}.
         *
         * @param change gets the options so far
         * @return this
         */
        public Builder dataPath(UnaryOperator<DataPathOptions> change) {
            dataPath = change.apply(dataPath);
            return this;
        }

        /**
         * Who of the mesh may reach what on this node. Default: {@link Access#allowing()}. Can be changed while the node runs.
         *
         * @param change gets the rules so far
         * @return this
         */
        public Builder access(UnaryOperator<Access> change) {
            access = change.apply(access);
            return this;
        }

        /**
         * Adds a rule behind those there are.
         *
         * @param traffic what is allowed
         * @return this
         */
        public Builder allow(Traffic traffic) {
            access = access.allow(traffic);
            return this;
        }

        /**
         * Adds a rule behind those there are.
         *
         * @param traffic what is denied
         * @return this
         */
        public Builder deny(Traffic traffic) {
            access = access.deny(traffic);
            return this;
        }

        /**
         * Tells a listener of every event from the start on; may be given several times.
         *
         * @param listener whom
         * @return this
         */
        public Builder listener(TincListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Runs callbacks of the embedder. Default: one virtual thread of the node's own. The node does not shut it down.
         *
         * @param callbacks the executor
         * @return this
         */
        public Builder executor(Executor callbacks) {
            executor = callbacks;
            return this;
        }

        /**
         * Where the node logs. Default: the logger {@code org.tinc4j.NETWORK}.
         *
         * @param log the logger
         * @return this
         */
        public Builder logger(Logger log) {
            logger = log;
            return this;
        }

        /**
         * Checks everything together.
         *
         * @return immutable settings
         * @throws ConfigException with every problem found
         */
        public NodeSettings settings() {
            List<String> problems = new ArrayList<>();
            if (name == null) {
                problems.add("the node has no name; call Builder.name");
            }
            if (key == null) {
                problems.add("the node has no key; call Builder.key, for example with NodeKey.generate()");
            }
            if (name != null && peers.containsKey(name)) {
                problems.add("peer \"" + name + "\" has the node's own name");
            }
            if (timing.pingTimeout().compareTo(timing.pingInterval()) > 0) {
                problems.add("ping timeout " + timing.pingTimeout() + " is longer than ping interval " + timing.pingInterval());
            }
            Set<Subnet> seen = new HashSet<>();
            for (Subnet subnet : subnets) {
                if (!seen.add(subnet)) {
                    problems.add("subnet " + subnet + " is given twice");
                }
            }
            for (PeerSettings peer : peers.values()) {
                if (peer.dial() && peer.publicKey().isEmpty()) {
                    problems.add("peer \"" + peer.name() + "\" is to be dialled but has no public key; call Peer.publicKey");
                }
                // With strict subnets a pin only allows; a default route pinned to an exit node then covers everybody's subnets.
                for (Subnet pinned : routing.strictSubnets() ? List.<Subnet>of() : peer.pinnedSubnets()) {
                    if (subnets.stream().anyMatch(pinned::covers)) {
                        problems.add("subnet " + pinned + " pinned to peer \"" + peer.name() + "\" covers a subnet of the node itself");
                    }
                }
            }
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return new NodeSettings(
                    network,
                    name,
                    key,
                    subnets,
                    listen,
                    device,
                    List.copyOf(peers.values()),
                    timing,
                    routing,
                    link,
                    dataPath,
                    access,
                    listeners,
                    Optional.ofNullable(executor),
                    logger != null ? logger : LoggerFactory.getLogger("org.tinc4j." + network));
        }

        /**
         * Starts the node: opens device and sockets, begins to dial. Returns at once; see {@link TincNode#awaitReachable}.
         *
         * @return the running node, to be closed
         * @throws DeviceException if the device could not be opened
         * @throws TransportException if a port is in use or an address is not this host's
         * @throws IOException if something else failed underneath
         * @throws ConfigException with every problem found
         */
        public TincNode start() throws IOException {
            NodeSettings settings = settings();
            return ServiceLoader.load(NodeEngine.class, Tinc.class.getClassLoader())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "no engine on the class path or module path; add the artifact org.tinc4j:tinc4j-impl"))
                    .start(settings);
        }
    }
}
