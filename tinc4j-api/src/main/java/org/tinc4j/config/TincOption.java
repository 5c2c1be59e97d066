package org.tinc4j.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every variable of tinc's configuration files, and what this library does with it: the one table to look at. {@code SPTPSCipher} is none of
 * C tinc's.
 *
 * <p><b>Source.</b> tinc manual, "Main configuration variables" and "Host configuration variables".
 */
enum TincOption {
    // Who we are, who the others are.
    NAME("Name", Scope.SERVER),
    CONNECT_TO("ConnectTo", Scope.SERVER, Occurrence.REPEATED),
    ED25519_PRIVATE_KEY_FILE("Ed25519PrivateKeyFile", Scope.SERVER),
    ED25519_PUBLIC_KEY("Ed25519PublicKey", Scope.HOST),
    ED25519_PUBLIC_KEY_FILE("Ed25519PublicKeyFile", Scope.HOST),
    ADDRESS("Address", Scope.HOST, Occurrence.REPEATED),
    PORT("Port", Scope.HOST),
    SUBNET("Subnet", Scope.HOST, Occurrence.REPEATED),

    // Sockets and links.
    LISTEN_ADDRESS("ListenAddress", Scope.SERVER, Occurrence.REPEATED),
    BIND_TO_ADDRESS("BindToAddress", Scope.SERVER, Occurrence.REPEATED),
    ADDRESS_FAMILY("AddressFamily", Scope.SERVER),
    INDIRECT_DATA("IndirectData", Scope.BOTH),
    TCP_ONLY("TCPOnly", Scope.BOTH),
    CLAMP_MSS("ClampMSS", Scope.BOTH),
    PMTU("PMTU", Scope.BOTH),
    PMTU_DISCOVERY("PMTUDiscovery", Scope.BOTH),
    WEIGHT("Weight", Scope.BOTH),
    SPTPS_CIPHER("SPTPSCipher", Scope.HOST),
    UDP_DISCOVERY("UDPDiscovery", Scope.SERVER),
    LOCAL_DISCOVERY("LocalDiscovery", Scope.SERVER),
    REPLAY_WINDOW("ReplayWindow", Scope.SERVER),
    MAX_CONNECTION_BURST("MaxConnectionBurst", Scope.SERVER),
    MAX_OUTPUT_BUFFER_SIZE("MaxOutputBufferSize", Scope.SERVER),
    UDP_RCV_BUF("UDPRcvBuf", Scope.SERVER),
    UDP_SND_BUF("UDPSndBuf", Scope.SERVER),

    // Intervals, in seconds.
    KEY_EXPIRE("KeyExpire", Scope.SERVER),
    MAX_TIMEOUT("MaxTimeout", Scope.SERVER),
    MTU_INFO_INTERVAL("MTUInfoInterval", Scope.SERVER),
    PING_INTERVAL("PingInterval", Scope.SERVER),
    PING_TIMEOUT("PingTimeout", Scope.SERVER),
    UDP_DISCOVERY_INTERVAL("UDPDiscoveryInterval", Scope.SERVER),
    UDP_DISCOVERY_KEEPALIVE_INTERVAL("UDPDiscoveryKeepaliveInterval", Scope.SERVER),
    UDP_DISCOVERY_TIMEOUT("UDPDiscoveryTimeout", Scope.SERVER),
    UDP_INFO_INTERVAL("UDPInfoInterval", Scope.SERVER),

    // Routing.
    BROADCAST("Broadcast", Scope.SERVER),
    BROADCAST_SUBNET("BroadcastSubnet", Scope.SERVER, Occurrence.REPEATED),
    DECREMENT_TTL("DecrementTTL", Scope.SERVER),
    DIRECT_ONLY("DirectOnly", Scope.SERVER),
    STRICT_SUBNETS("StrictSubnets", Scope.SERVER),
    TUNNEL_SERVER("TunnelServer", Scope.SERVER),
    PRIORITY_INHERITANCE("PriorityInheritance", Scope.SERVER),
    INTERFACE("Interface", Scope.SERVER),

    // Only some values are taken; the others are refused by name.
    AUTO_CONNECT("AutoConnect", Scope.SERVER, List.of("no"), "name the nodes to dial in ConnectTo and write AutoConnect = no"),
    BIND_TO_INTERFACE("BindToInterface", Scope.SERVER, List.of(), "write ListenAddress with the addresses of that interface"),
    COMPRESSION("Compression", Scope.BOTH, List.of("0"), "this node receives uncompressed packets only; write Compression = 0"),
    DEVICE("Device", Scope.SERVER, List.of("/dev/net/tun"), "delete the line, or give a device of your own with Builder.device"),
    DEVICE_TYPE("DeviceType", Scope.SERVER, List.of("tun", "dummy"),
            "write DeviceType = tun or dummy, or give a device of your own with Builder.device"),
    EXPERIMENTAL_PROTOCOL("ExperimentalProtocol", Scope.SERVER, List.of("yes"),
            "the protocol of tinc 1.0 is not spoken; delete the line and give every node an Ed25519 key"),
    FORWARDING("Forwarding", Scope.SERVER, List.of("off", "internal"), "write Forwarding = internal or off"),
    FW_MARK("FWMark", Scope.SERVER, List.of("0"), "sockets are not marked; delete the line and route by address instead"),
    MODE("Mode", Scope.SERVER, List.of("router"), "the mesh carries IP packets only; write Mode = router on every node"),
    PROXY("Proxy", Scope.SERVER, List.of("none"), "peers are dialled directly; delete the line"),
    SANDBOX("Sandbox", Scope.SERVER, List.of("off", "normal"),
            "a library cannot confine its process; delete the line and confine the service instead"),
    UPNP("UPnP", Scope.SERVER, List.of("no"), "no port is mapped on a gateway; delete the line and map the port there by hand"),

    // For the program that runs the node: TincDirectory.value gives them.
    DEVICE_STANDBY("DeviceStandby", Scope.SERVER, Treatment.LEFT_TO_CALLER),
    HOSTNAMES("Hostnames", Scope.SERVER, Treatment.LEFT_TO_CALLER),
    INVITATION_EXPIRE("InvitationExpire", Scope.SERVER, Treatment.LEFT_TO_CALLER),
    LOG_LEVEL("LogLevel", Scope.SERVER, Treatment.LEFT_TO_CALLER),
    PROCESS_PRIORITY("ProcessPriority", Scope.SERVER, Treatment.LEFT_TO_CALLER),
    SCRIPTS_EXTENSION("ScriptsExtension", Scope.SERVER, Treatment.LEFT_TO_CALLER),
    SCRIPTS_INTERPRETER("ScriptsInterpreter", Scope.SERVER, Treatment.LEFT_TO_CALLER),

    // Without effect on a node that routes IP packets and speaks tinc 1.1 only.
    CIPHER("Cipher", Scope.BOTH, "belongs to the protocol of tinc 1.0"),
    DIGEST("Digest", Scope.BOTH, "belongs to the protocol of tinc 1.0"),
    MAC_LENGTH("MACLength", Scope.BOTH, "belongs to the protocol of tinc 1.0"),
    PRIVATE_KEY("PrivateKey", Scope.SERVER, "belongs to the protocol of tinc 1.0"),
    PRIVATE_KEY_FILE("PrivateKeyFile", Scope.SERVER, "belongs to the protocol of tinc 1.0"),
    PUBLIC_KEY("PublicKey", Scope.HOST, "belongs to the protocol of tinc 1.0"),
    PUBLIC_KEY_FILE("PublicKeyFile", Scope.HOST, "belongs to the protocol of tinc 1.0"),
    DISABLE_BUGGY_PEERS("DisableBuggyPeers", Scope.SERVER, "belongs to the protocol of tinc 1.0"),
    GRAPH_DUMP_FILE("GraphDumpFile", Scope.SERVER, "obsolete, C tinc ignores it too"),
    IFF_ONE_QUEUE("IffOneQueue", Scope.SERVER, "Linux ignores it since 3.7"),
    MAC_EXPIRE("MACExpire", Scope.SERVER, "belongs to Mode = switch"),
    UPNP_DISCOVER_WAIT("UPnPDiscoverWait", Scope.SERVER, "belongs to UPnP = yes"),
    UPNP_REFRESH_PERIOD("UPnPRefreshPeriod", Scope.SERVER, "belongs to UPnP = yes"),
    VDE_GROUP("VDEGroup", Scope.SERVER, "belongs to DeviceType = vde"),
    VDE_PORT("VDEPort", Scope.SERVER, "belongs to DeviceType = vde");

    /** What is done with a variable. */
    enum Treatment {
        /** It becomes a setting of the node. */
        SUPPORTED,
        /** Some values are taken as they are; every other is refused by name, with a remedy. */
        PARTLY_SUPPORTED,
        /** The library does nothing with it; {@link TincDirectory#value(String)} gives it to the program around it. */
        LEFT_TO_CALLER,
        /** It has no effect here and its absence harms nobody; named in {@link TincDirectory#ignored()}. */
        IGNORED
    }

    /** Which file a variable belongs to. */
    enum Scope {
        /** {@code tinc.conf}. */
        SERVER,
        /** {@code hosts/NAME}; for the node itself also {@code tinc.conf}. */
        HOST,
        /** Either. */
        BOTH
    }

    /** How often a variable may be given. */
    enum Occurrence {
        /** Once. */
        ONCE,
        /** Any number of times. */
        REPEATED
    }

    /** Their values may be or hold a secret, and so appear in no message. */
    private static final Set<TincOption> SECRET = EnumSet.of(PRIVATE_KEY, PROXY, ED25519_PUBLIC_KEY);

    /** Most letters a mistyped variable may be away from the one that was meant. */
    private static final int NEAR_MISS_EDITS = 2;

    private final String text;
    private final Scope scope;
    private final Occurrence occurrence;
    private final Treatment treatment;
    private final List<String> acceptedValues;
    private final String explanation;

    TincOption(String text, Scope scope) {
        this(text, scope, Occurrence.ONCE);
    }

    TincOption(String text, Scope scope, Occurrence occurrence) {
        this(text, scope, occurrence, Treatment.SUPPORTED, List.of(), "");
    }

    TincOption(String text, Scope scope, List<String> acceptedValues, String remedy) {
        this(text, scope, Occurrence.ONCE, Treatment.PARTLY_SUPPORTED, acceptedValues, remedy);
    }

    TincOption(String text, Scope scope, Treatment treatment) {
        this(text, scope, Occurrence.ONCE, treatment, List.of(), "");
    }

    TincOption(String text, Scope scope, String whyIgnored) {
        this(text, scope, Occurrence.ONCE, Treatment.IGNORED, List.of(), whyIgnored);
    }

    TincOption(
            String text, Scope scope, Occurrence occurrence, Treatment treatment, List<String> acceptedValues, String explanation) {
        this.text = text;
        this.scope = scope;
        this.occurrence = occurrence;
        this.treatment = treatment;
        this.acceptedValues = acceptedValues;
        this.explanation = explanation;
    }

    /**
     * The variable's name in a file.
     *
     * @return as the manual spells it; files may use any case
     */
    String text() {
        return text;
    }

    /**
     * Which file it belongs to.
     *
     * @return tinc.conf, host file or both
     */
    Scope scope() {
        return scope;
    }

    /**
     * How often it may be given.
     *
     * @return once or repeatedly
     */
    Occurrence occurrence() {
        return occurrence;
    }

    /**
     * What is done with it.
     *
     * @return see {@link Treatment}
     */
    Treatment treatment() {
        return treatment;
    }

    /**
     * The values that are taken if it is {@link Treatment#PARTLY_SUPPORTED}.
     *
     * @return compared without regard to case; empty for every other treatment
     */
    List<String> acceptedValues() {
        return acceptedValues;
    }

    /**
     * Why it is ignored, or what to do about a value that is refused.
     *
     * @return empty where there is nothing to explain
     */
    String explanation() {
        return explanation;
    }

    /**
     * The variable of a name.
     *
     * @param name in any case
     * @return empty if tinc has none of that name
     */
    static Optional<TincOption> of(String name) {
        return Arrays.stream(values()).filter(option -> option.text.equalsIgnoreCase(name)).findFirst();
    }

    /** The variable most likely meant by a name that is none. */
    static Optional<TincOption> nearest(String name) {
        TincOption nearest = null;
        int least = NEAR_MISS_EDITS + 1;
        for (TincOption option : values()) {
            int edits = edits(option.text.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            // A short name is within two letters of anything.
            if (edits < least && edits * 3 <= option.text.length()) {
                nearest = option;
                least = edits;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Least number of letters to insert, delete or replace; NEAR_MISS_EDITS + 1 stands for any greater number. */
    private static int edits(String a, String b) {
        if (Math.abs(a.length() - b.length()) > NEAR_MISS_EDITS) {
            return NEAR_MISS_EDITS + 1;
        }
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    boolean belongsToHost() {
        return scope != Scope.SERVER;
    }

    /** The assignment as a message may show it. */
    static String shown(TincConf.Assignment assignment) {
        Optional<TincOption> option = of(assignment.name());
        boolean open = option.isPresent() && !SECRET.contains(option.get());
        return open ? option.get().text + " = " + TincConf.printable(assignment.value()) : TincConf.printableName(assignment.name());
    }
}
