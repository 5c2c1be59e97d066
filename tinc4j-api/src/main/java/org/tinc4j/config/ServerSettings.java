package org.tinc4j.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.tinc4j.AddressFamily;
import org.tinc4j.Broadcast;
import org.tinc4j.Device;
import org.tinc4j.Endpoint;
import org.tinc4j.Forwarding;
import org.tinc4j.config.TincConf.Assignment;

/**
 * What {@code tinc.conf} and the node's own host file come to.
 *
 * @param timing the intervals
 * @param routing how packets and mesh information are passed on
 * @param link how it talks to the outside world
 * @param listen where to listen; never empty
 * @param device where inner packets go; empty is a kernel interface named like the network where one may be opened
 */
record ServerSettings(Timing timing, RoutingOptions routing, LinkOptions link, List<ListenAddress> listen, Optional<Device> device) {

    /** C tinc's meaning of a PingInterval below 1. */
    private static final int ONE_DAY_SECONDS = 86400;

    /**
     * A line that says where to listen.
     *
     * @param place file and line, empty if there is no such line
     * @param host empty is every address
     * @param port 0 is any free port
     */
    record ListenAddress(String place, Optional<String> host, int port) {}

    static ServerSettings read(OptionValues values, HostFile own) {
        for (TincOption option : TincOption.values()) {
            if (option.treatment() == TincOption.Treatment.PARTLY_SUPPORTED && !idleBesideDummy(option, values)) {
                values.refuseUnsupported(option);
            }
        }
        return new ServerSettings(timing(values), routing(values), link(values, own), listen(values, own), device(values));
    }

    /** C tinc ignores the device file of a dummy device. */
    private static boolean idleBesideDummy(TincOption option, OptionValues values) {
        return option == TincOption.DEVICE && isDummy(values);
    }

    private static boolean isDummy(OptionValues values) {
        return values.all(TincOption.DEVICE_TYPE).stream().anyMatch(type -> type.value().equalsIgnoreCase("dummy"));
    }

    private static Timing timing(OptionValues values) {
        Timing base = Timing.DEFAULT;
        Duration pingInterval = pingInterval(values);
        return new Timing(
                pingInterval,
                pingTimeout(values, pingInterval),
                seconds(values, TincOption.KEY_EXPIRE, base.keyLifetime()),
                seconds(values, TincOption.MAX_TIMEOUT, base.maxReconnectDelay()),
                seconds(values, TincOption.UDP_DISCOVERY_INTERVAL, base.udpDiscoveryInterval()),
                seconds(values, TincOption.UDP_DISCOVERY_KEEPALIVE_INTERVAL, base.udpKeepaliveInterval()),
                seconds(values, TincOption.UDP_DISCOVERY_TIMEOUT, base.udpTimeout()),
                seconds(values, TincOption.UDP_INFO_INTERVAL, base.udpInfoInterval()),
                seconds(values, TincOption.MTU_INFO_INTERVAL, base.mtuInfoInterval()));
    }

    private static Duration seconds(OptionValues values, TincOption option, Duration otherwise) {
        OptionalInt seconds = values.integer(option, 1, Integer.MAX_VALUE);
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsInt()) : otherwise;
    }

    private static Duration pingInterval(OptionValues values) {
        OptionalInt seconds = values.integer(TincOption.PING_INTERVAL, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (seconds.isEmpty()) {
            return Timing.DEFAULT.pingInterval();
        }
        if (seconds.getAsInt() < 1) {
            values.first(TincOption.PING_INTERVAL)
                    .ifPresent(line -> values.remark(line, "below 1, taken as " + ONE_DAY_SECONDS + " seconds, as C tinc does"));
            return Duration.ofSeconds(ONE_DAY_SECONDS);
        }
        return Duration.ofSeconds(seconds.getAsInt());
    }

    private static Duration pingTimeout(OptionValues values, Duration interval) {
        OptionalInt seconds = values.integer(TincOption.PING_TIMEOUT, Integer.MIN_VALUE, Integer.MAX_VALUE);
        Duration timeout = seconds.isPresent() ? Duration.ofSeconds(seconds.getAsInt()) : Timing.DEFAULT.pingTimeout();
        if (timeout.isPositive() && timeout.compareTo(interval) <= 0) {
            return timeout;
        }
        values.first(TincOption.PING_TIMEOUT)
                .ifPresent(line -> values.remark(line, "outside 1..PingInterval, taken as PingInterval, as C tinc does"));
        return interval;
    }

    private static RoutingOptions routing(OptionValues values) {
        RoutingOptions base = RoutingOptions.DEFAULT;
        boolean tunnelServer = values.flag(TincOption.TUNNEL_SERVER).orElse(base.tunnelServer());
        boolean strictSubnets = values.flag(TincOption.STRICT_SUBNETS).orElse(base.strictSubnets());
        return new RoutingOptions(
                forwarding(values),
                values.choice(TincOption.BROADCAST, Map.of(
                                "no", Broadcast.NONE,
                                "mst", Broadcast.SPANNING_TREE,
                                "yes", Broadcast.SPANNING_TREE,
                                "direct", Broadcast.DIRECT))
                        .orElse(base.broadcast()),
                values.subnets(TincOption.BROADCAST_SUBNET),
                values.flag(TincOption.DECREMENT_TTL).orElse(base.decrementTtl()),
                values.flag(TincOption.DIRECT_ONLY).orElse(base.directOnly()),
                RoutingOptions.DEFAULT.verifySource(),
                strictSubnets || tunnelServer,
                tunnelServer,
                values.flag(TincOption.PRIORITY_INHERITANCE).orElse(base.priorityInheritance()));
    }

    /** Any other value was refused by the table of options. */
    private static Forwarding forwarding(OptionValues values) {
        List<Assignment> lines = values.all(TincOption.FORWARDING);
        return !lines.isEmpty() && lines.getFirst().value().equalsIgnoreCase("off") ? Forwarding.OFF : Forwarding.INTERNAL;
    }

    private static LinkOptions link(OptionValues values, HostFile own) {
        LinkOptions base = LinkOptions.DEFAULT;
        return new LinkOptions(
                values.choice(TincOption.ADDRESS_FAMILY, Map.of(
                                "any", AddressFamily.ANY, "ipv4", AddressFamily.IPV4, "ipv6", AddressFamily.IPV6))
                        .orElse(base.addressFamily()),
                own.indirectData() || own.tcpOnly(),
                own.tcpOnly(),
                own.pmtuDiscovery().orElse(!own.tcpOnly()),
                own.clampMss().orElse(base.clampMss()),
                values.flag(TincOption.UDP_DISCOVERY).orElse(base.udpDiscovery()),
                values.flag(TincOption.LOCAL_DISCOVERY).orElse(base.localDiscovery()),
                own.pmtuBytes(),
                own.weight(),
                values.integer(TincOption.REPLAY_WINDOW, 0, 1 << 16).orElse(base.replayWindowBytes()),
                values.integer(TincOption.MAX_OUTPUT_BUFFER_SIZE, 1518, 1 << 26).orElse(base.maxOutputBufferBytes()),
                values.integer(TincOption.MAX_CONNECTION_BURST, 1, 1 << 16).orElse(base.maxConnectionBurst()),
                values.integer(TincOption.UDP_RCV_BUF, 0, 1 << 28).orElse(base.udpReceiveBufferBytes()),
                values.integer(TincOption.UDP_SND_BUF, 0, 1 << 28).orElse(base.udpSendBufferBytes()));
    }

    private static List<ListenAddress> listen(OptionValues values, HostFile own) {
        int port = own.port().orElse(Endpoint.DEFAULT_PORT);
        List<ListenAddress> listen = new ArrayList<>();
        for (Assignment line : values.all(TincOption.LISTEN_ADDRESS)) {
            listenAddress(values, line, port).ifPresent(listen::add);
        }
        for (Assignment line : values.all(TincOption.BIND_TO_ADDRESS)) {
            listenAddress(values, line, port).ifPresent(listen::add);
            values.remark(line, "listens there, but outgoing connections take the address the system chooses");
        }
        return listen.isEmpty() ? List.of(new ListenAddress("", Optional.empty(), port)) : listen;
    }

    private static Optional<ListenAddress> listenAddress(OptionValues values, Assignment line, int defaultPort) {
        String[] words = line.value().split("\\s+");
        String port = words.length == 1 ? String.valueOf(defaultPort) : words[1];
        if (words.length > 2 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            values.problem(line, "is no address with a port in 0..65535; write \"address port\" or \"* port\"");
            return Optional.empty();
        }
        Optional<String> host = Optional.of(words[0]).filter(text -> !text.equals("*"));
        return Optional.of(new ListenAddress(line.place(), host, Integer.parseInt(port)));
    }

    private static Optional<Device> device(OptionValues values) {
        if (isDummy(values)) {
            return Optional.of(Device.none());
        }
        Optional<Assignment> line = values.first(TincOption.INTERFACE);
        if (line.isPresent()) {
            try {
                return Optional.of(Device.kernel().name(line.get().value()));
            } catch (IllegalArgumentException e) {
                values.problem(line.get(), "is no interface name; write 1 to 15 characters without blank or slash");
            }
        }
        return values.all(TincOption.DEVICE_TYPE).isEmpty() ? Optional.empty() : Optional.of(Device.kernel());
    }
}
