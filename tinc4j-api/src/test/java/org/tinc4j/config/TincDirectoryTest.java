package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.AddressFamily;
import org.tinc4j.Broadcast;
import org.tinc4j.CipherSuite;
import org.tinc4j.Device;
import org.tinc4j.Endpoint;
import org.tinc4j.Forwarding;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.Tinc;

class TincDirectoryTest {

    private static final NodeKey KEY = NodeKey.generate();
    private static final NodeKey BOBS_KEY = NodeKey.generate();
    private static final NodeName ALICE = new NodeName("alice");
    private static final NodeName BOB = new NodeName("bob");

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeTheLeastDirectory() throws IOException {
        directory = Files.createDirectories(temporary.resolve("corp"));
        Files.createDirectory(directory.resolve("hosts"));
        KEY.write(directory.resolve("ed25519_key.priv"));
        tincConf("");
        host("alice", "Ed25519PublicKey = " + KEY.publicKey() + "\nSubnet = 10.7.0.1\nPort = 1655\n");
        host("bob", "Ed25519PublicKey = " + BOBS_KEY.publicKey() + "\nSubnet = 10.7.0.2\nAddress = bob.example.net\n");
    }

    private void tincConf(String more) throws IOException {
        Files.writeString(directory.resolve("tinc.conf"), "Name = alice\nAutoConnect = no\n" + more);
    }

    private void host(String name, String text) throws IOException {
        Files.writeString(directory.resolve("hosts").resolve(name), text);
    }

    private NodeSettings settings(String... overrides) throws IOException {
        return TincDirectory.read(directory, List.of(overrides)).builder().settings();
    }

    private List<String> problems(String... overrides) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> settings(overrides));
        assertThat(e).isNotNull();
        return e.problems();
    }

    private PeerSettings peer(NodeSettings settings, NodeName name) {
        return settings.peers().stream().filter(peer -> peer.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void readsADirectoryMadeByCTinc() throws Exception {
        Path made = Path.of(TincDirectoryTest.class.getResource("/directories/made-by-tinc").toURI());

        TincDirectory read = TincDirectory.read(made);
        NodeSettings settings = read.builder().settings();

        assertThat(read.ignored()).isEmpty();
        assertThat(settings.network()).isEqualTo("made-by-tinc");
        assertThat(settings.name()).isEqualTo(ALICE);
        assertThat(settings.key().publicKey()).isEqualTo(read.hosts().get(ALICE).publicKey().orElseThrow());
        assertThat(settings.subnets()).containsExactlyInAnyOrder(Subnet.parse("10.7.0.1"), Subnet.parse("fd00:7::1#20"));
        assertThat(settings.listen()).containsExactly(new InetSocketAddress(1655));
        assertThat(settings.device()).isEqualTo(Device.none());
        assertThat(settings.timing()).isEqualTo(Timing.DEFAULT.withKeyLifetime(Duration.ofMinutes(30)));
        PeerSettings bob = peer(settings, BOB);
        assertThat(bob.dial()).isTrue();
        assertThat(bob.endpoints()).containsExactly(new Endpoint("bob.example.net", 2655), new Endpoint("2001:db8::2", 700));
        assertThat(bob.pinnedSubnets()).isEmpty();
    }

    @Test
    void theCipherInAHostFileIsForThatNode() throws IOException {
        host("bob", "Ed25519PublicKey = " + BOBS_KEY.publicKey() + "\nSPTPSCipher = aes-256-gcm\n");

        assertThat(peer(settings(), BOB).cipher()).contains(CipherSuite.AES_256_GCM);
        assertThat(peer(settings("bob.sptpscipher=ChaCha20-Poly1305"), BOB).cipher()).contains(CipherSuite.CHACHA20_POLY1305);
    }

    @Test
    void theCipherInTheOwnHostFileIsForOthersOnly() throws IOException {
        host("alice", "SPTPSCipher = aes-256-gcm\n");

        assertThat(peer(settings(), BOB).cipher()).isEmpty();
        assertThat(TincDirectory.read(directory).ignored()).singleElement().asString()
                .contains("alice:1: SPTPSCipher = aes-256-gcm", "write it into the host files of the others");
    }

    @Test
    void readsTheLargeGoldenDirectory() throws Exception {
        Path large = Path.of(TincDirectoryTest.class.getResource("/directories/large").toURI());

        TincDirectory read = TincDirectory.read(large);
        NodeSettings settings = read.builder("mesh").settings();

        assertThat(settings.network()).isEqualTo("mesh");
        assertThat(settings.timing())
                .isEqualTo(new Timing(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(1800),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7)));
        RoutingOptions routing = settings.routing();
        assertThat(routing.forwarding()).isEqualTo(Forwarding.OFF);
        assertThat(routing.broadcast()).isEqualTo(Broadcast.DIRECT);
        assertThat(routing.broadcastSubnets()).containsExactly(Subnet.parse("10.7.255.255"));
        assertThat(List.of(routing.decrementTtl(), routing.directOnly(), routing.strictSubnets(), routing.tunnelServer()))
                .containsOnly(true);
        LinkOptions link = settings.link();
        assertThat(link.addressFamily()).isEqualTo(AddressFamily.IPV4);
        assertThat(link.indirectData()).isTrue();
        assertThat(List.of(link.tcpOnly(), link.pmtuDiscovery(), link.clampMss(), link.udpDiscovery(), link.localDiscovery()))
                .containsOnly(false);
        assertThat(link.pmtuBytes()).hasValue(1400);
        assertThat(link.weight()).hasValue(5);
        assertThat(link.replayWindowBytes()).isEqualTo(64);
        assertThat(link.maxOutputBufferBytes()).isEqualTo(20000);
        assertThat(link.maxConnectionBurst()).isEqualTo(20);
        assertThat(link.udpReceiveBufferBytes()).isEqualTo(65536);
        assertThat(link.udpSendBufferBytes()).isZero();
        assertThat(settings.listen())
                .containsExactly(new InetSocketAddress("127.0.0.1", 700), new InetSocketAddress(701), new InetSocketAddress("127.0.0.2", 1655));
        assertThat(settings.device()).isEqualTo(Device.kernel().name("tinc.corp"));
        assertThat(peer(settings, BOB).pinnedSubnets()).containsExactly(Subnet.parse("0.0.0.0/0"));
        assertThat(read.value("scriptsinterpreter")).contains("/bin/sh");
        assertThat(read.value("LogLevel")).contains("3");
        assertThat(read.ignored()).anySatisfy(line -> assertThat(line).contains("GraphDumpFile", "obsolete"));
        assertThat(read.ignored()).anySatisfy(line -> assertThat(line).contains("KeyExpyre", "did you mean KeyExpire?"));
        assertThat(read.ignored()).anySatisfy(line -> assertThat(line).contains("BindToAddress", "outgoing"));
        assertThat(read.ignored()).anySatisfy(line -> assertThat(line).contains("bob:", "ConnectTo", "belongs in tinc.conf"));
    }

    @Test
    void usesCTincsDefaultsForWhatIsNotGiven() throws IOException {
        NodeSettings settings = settings();

        assertThat(settings.network()).isEqualTo("corp");
        assertThat(settings.timing()).isEqualTo(Timing.DEFAULT);
        assertThat(settings.routing()).isEqualTo(RoutingOptions.DEFAULT);
        assertThat(settings.link()).isEqualTo(LinkOptions.DEFAULT);
        assertThat(settings.device()).isEqualTo(new Device.Auto(Device.kernel().name("corp")));
    }

    @Test
    void listensAtPort655WhereTheOwnHostFileHasNone() throws IOException {
        host("alice", "Subnet = 10.7.0.1\n");

        assertThat(settings().listen()).containsExactly(new InetSocketAddress(655));
    }

    @Test
    void dialsOnlyWhatConnectToNames() throws IOException {
        assertThat(peer(settings(), BOB).dial()).isFalse();

        tincConf("ConnectTo = bob\nConnectTo = alice\nConnectTo = bob\n");

        assertThat(peer(settings(), BOB).dial()).isTrue();
        assertThat(TincDirectory.read(directory).ignored()).hasSize(2).anySatisfy(line -> assertThat(line).contains("is this node itself"));
    }

    @Test
    void refusesConnectToWithoutHostFileOrKey() throws IOException {
        tincConf("ConnectTo = carol\nConnectTo = dave\nConnectTo = no/name\n");
        host("dave", "Address = dave.example.net\n-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----\n");

        assertThat(problems())
                .satisfiesExactly(
                        carol -> assertThat(carol).contains("tinc.conf:3: ConnectTo = carol: ", "no host file"),
                        dave -> assertThat(dave).contains("tinc.conf:4: ConnectTo = dave: ", "no Ed25519PublicKey"),
                        illegal -> assertThat(illegal).contains("tinc.conf:5: ConnectTo = no/name: "));
    }

    @Test
    void knowsAPeerWithoutKeyAsLongAsNobodyDialsIt() throws IOException {
        host("dave", "Address = dave.example.net\nCompression = 9\n");

        PeerSettings dave = peer(settings(), new NodeName("dave"));

        assertThat(dave.publicKey()).isEmpty();
        assertThat(dave.dial()).isFalse();
    }

    @Test
    void takesConfDInOrderOfNames() throws IOException {
        Path confD = Files.createDirectory(directory.resolve("conf.d"));
        Files.writeString(confD.resolve("20.conf"), "ConnectTo = carol\n");
        Files.writeString(confD.resolve("10.conf"), "ConnectTo = bob\n");
        Files.writeString(confD.resolve("30.conf~"), "Mode = hub\n");
        host("carol", "Ed25519PublicKey = " + NodeKey.generate().publicKey() + "\n");

        assertThat(TincDirectory.read(directory).values("ConnectTo")).containsExactly("bob", "carol");
    }

    @Test
    void takesHostVariablesFromTincConfToo() throws IOException {
        host("alice", "");
        tincConf("Subnet = 10.9.0.0/16\nPort = 0\nWeight = 3\n");

        NodeSettings settings = settings();

        assertThat(settings.subnets()).containsExactly(Subnet.parse("10.9.0.0/16"));
        assertThat(settings.listen()).containsExactly(new InetSocketAddress(0));
        assertThat(settings.link().weight()).hasValue(3);
    }

    @Test
    void startsWithoutAnOwnHostFileAndSaysSo() throws IOException {
        Files.delete(directory.resolve("hosts/alice"));

        assertThat(settings().subnets()).isEmpty();
        assertThat(TincDirectory.read(directory).ignored()).singleElement().asString().contains("no such file");
    }

    @Test
    void letsOverridesWin() throws IOException {
        tincConf("PingInterval = 60\n");

        NodeSettings settings = settings("pinginterval=30", "ConnectTo = bob", "bob.Address=192.0.2.1 700", "alice.Port=7000", "bob.Weight=9");

        assertThat(settings.timing().pingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.listen()).containsExactly(new InetSocketAddress(7000));
        assertThat(peer(settings, BOB).dial()).isTrue();
        assertThat(peer(settings, BOB).endpoints()).containsExactly(new Endpoint("192.0.2.1", 700), new Endpoint("bob.example.net", 655));
        assertThat(peer(settings, BOB).weight()).hasValue(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Compression=", "Compression", "=0", "carol.Port=1", "b/b.Port=1", "bob.=1", ".Port=1", "Mode=switch", "Port=1\nMode=hub"})
    void refusesTheOverride(String override) {
        assertThat(problems(override)).singleElement().asString().startsWith("-o");
    }

    @ParameterizedTest
    @CsvSource({"$NODE, orders_7", "$HOST, vm_example_net"})
    void takesItsNameFromTheEnvironment(String name, String expected) throws IOException {
        Files.writeString(directory.resolve("tinc.conf"), "Name = " + name + "\nAutoConnect = no\n");

        TincDirectory read = TincDirectory.read(directory, List.of(), variable -> switch (variable) {
            case "NODE" -> Optional.of("orders-7");
            case "HOST" -> Optional.of("vm.example.net");
            default -> Optional.empty();
        });

        assertThat(read.name().value()).isEqualTo(expected);
    }

    @Test
    void refusesANameFromAnUnsetVariable() throws IOException {
        Files.writeString(directory.resolve("tinc.conf"), "Name = $NODE\n");

        assertThatThrownBy(() -> TincDirectory.read(directory, List.of(), variable -> Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tinc.conf:1: Name = $NODE: ");
    }

    @Test
    void refusesAMissingAndAnIllegalName() throws IOException {
        Files.writeString(directory.resolve("tinc.conf"), "Port = 1\n");
        assertThat(problems()).singleElement().asString().contains("tinc.conf: there is no Name");

        Files.writeString(directory.resolve("tinc.conf"), "Name = al ice\n");
        assertThat(problems()).singleElement().asString().contains("tinc.conf:1: Name = al ice: ");
    }

    @Test
    void refusesADirectoryThatIsNone() {
        assertThatThrownBy(() -> Tinc.load(temporary.resolve("nowhere")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nowhere is no tinc directory");
    }

    @Test
    void refusesAMissingOrBrokenKey() throws IOException {
        Files.writeString(directory.resolve("ed25519_key.priv"), "garbage");
        assertThat(problems()).singleElement().asString().contains("ed25519_key.priv is no key");

        Files.delete(directory.resolve("ed25519_key.priv"));
        assertThat(problems()).singleElement().asString().contains("cannot read private key file");

        tincConf("Ed25519PrivateKeyFile = other.priv\n");
        assertThat(problems()).singleElement().asString().contains("tinc.conf:3: cannot read private key file", "other.priv");
    }

    @Test
    void refusesAHostFileWithAnotherKeyThanItsOwn() throws IOException {
        host("alice", "Ed25519PublicKey = " + BOBS_KEY.publicKey() + "\n");

        assertThat(problems()).singleElement().asString().contains("does not belong to", KEY.publicKey().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Mode = switch", "Mode = hub", "Mode = bogus", "DeviceType = tap", "DeviceType = multicast", "Device = /dev/tap0", "Proxy = socks5 h 1",
        "UPnP = yes", "UPnP = udponly", "Compression = 9", "Sandbox = high", "ExperimentalProtocol = no", "Forwarding = kernel",
        "PriorityInheritance = maybe", "FWMark = 7", "BindToInterface = eth0", "KeyExpire = 0", "KeyExpire = soon",
        "PingInterval = 99999999999", "StrictSubnets = maybe", "Broadcast = all", "AddressFamily = ipx", "BroadcastSubnet = 1.2.3.4/8",
        "ListenAddress = 127.0.0.1 https", "ListenAddress = 127.0.0.1 1 2", "Interface = a/b", "ReplayWindow = -1", "MaxTimeout = 0",
        "UDPRcvBuf = -1", "Subnet = 10.7.0.1", "Name = bob", "MaxConnectionBurst = 0", "MaxOutputBufferSize = 1"
    })
    void refusesByNameWithPlaceAndRemedy(String line) throws IOException {
        tincConf(line + "\n");

        assertThat(problems()).singleElement().asString()
                .matches("(?s).*(tinc.conf:3|alice:2): " + line.split(" ")[0] + "( = .*)?: .*; .*");
    }

    @Test
    void refusesAutoConnectByNameAndMentionsItsAbsence() throws IOException {
        Files.writeString(directory.resolve("tinc.conf"), "Name = alice\nAutoConnect = yes\n");
        assertThat(problems()).singleElement().asString().contains("AutoConnect = yes: is not supported", "ConnectTo");

        Files.writeString(directory.resolve("tinc.conf"), "Name = alice\n");
        assertThat(TincDirectory.read(directory).ignored()).singleElement().asString().contains("AutoConnect is not given");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Mode = Router", "DeviceType = tun", "Device = /dev/net/tun", "Proxy = none", "UPnP = no", "Compression = 0", "Sandbox = normal",
        "Sandbox = off", "ExperimentalProtocol = yes", "Forwarding = internal", "PriorityInheritance = no", "FWMark = 0",
        "DeviceType = dummy\nDevice = whatever", "LogLevel = 5", "Hostnames = yes", "DeviceStandby = yes"
    })
    void acceptsWithoutRemark(String line) throws IOException {
        tincConf(line + "\n");

        assertThat(TincDirectory.read(directory).ignored()).isEmpty();
    }

    @Test
    void namesAllProblemsOfAllFilesAtOnce() throws IOException {
        tincConf("Mode = switch\nConnectTo = carol\nPort\n");
        host("bob", "Subnet = nonsense\n");
        Files.delete(directory.resolve("ed25519_key.priv"));

        assertThat(problems()).hasSize(5);
    }

    @Test
    void refusesFilesThatContradictEachOtherAndTakesEqualOnes() throws IOException {
        tincConf("PMTU = 1400\n");
        host("alice", "PMTU = 1400\n");
        assertThat(settings().link().pmtuBytes()).hasValue(1400);

        host("alice", "PMTU = 1300\n");
        assertThat(problems()).singleElement().asString().contains("alice:1: PMTU = 1300: is also given in", "tinc.conf:3");
    }

    @Test
    void takesPingTimesAsCTincDoes() throws IOException {
        tincConf("PingInterval = 0\nPingTimeout = 0\n");

        assertThat(settings().timing().pingInterval()).isEqualTo(Duration.ofDays(1));
        assertThat(settings().timing().pingTimeout()).isEqualTo(Duration.ofDays(1));
        assertThat(TincDirectory.read(directory).ignored()).hasSize(2);

        tincConf("PingInterval = 3\n");
        assertThat(settings().timing().pingTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void takesTheDigitsANumberBeginsWithAndSaysSo() throws IOException {
        tincConf("KeyExpire = 1800 # half an hour\n");

        assertThat(settings().timing().keyLifetime()).isEqualTo(Duration.ofMinutes(30));
        assertThat(TincDirectory.read(directory).ignored()).singleElement().asString().contains("what follows the number is ignored");
    }

    @Test
    void switchesStrictSubnetsOnWithTunnelServer() throws IOException {
        tincConf("TunnelServer = yes\n");

        assertThat(settings().routing().strictSubnets()).isTrue();
        assertThat(peer(settings(), BOB).pinnedSubnets()).containsExactly(Subnet.parse("10.7.0.2"));
    }

    @Test
    void switchesUdpOffWithTcpOnly() throws IOException {
        tincConf("TCPOnly = yes\n");
        host("bob", "TCPOnly = yes\n");

        NodeSettings settings = settings();

        assertThat(settings.link().tcpOnly()).isTrue();
        assertThat(settings.link().indirectData()).isTrue();
        assertThat(settings.link().pmtuDiscovery()).isFalse();
        assertThat(peer(settings, BOB).indirectData()).isTrue();
    }

    @Test
    void leavesScriptsBesideHostFilesAlone() throws IOException {
        host("bob-up", "#!/bin/sh\necho up\n");
        host("bob-down.sh", "#!/bin/sh\necho down\n");
        host("bob.orig", "\0");

        assertThat(settings().peers()).hasSize(1);
        assertThat(TincDirectory.read(directory).ignored()).singleElement().asString().contains("bob.orig");
    }

    @Test
    void showsNoSecretInMessages() throws IOException {
        tincConf("Proxy = socks5 proxy 1080 user pa55word\nPrivateKey = 5ec7e7\n" + KEY.text().lines().toList().get(1) + "\n");

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> settings());

        assertThat(e.getMessage()).doesNotContain("pa55word", "5ec7e7", KEY.text().substring(40, 60));
        tincConf("PrivateKey = 5ec7e7\nPrivateKye = 5ec7e7\n");
        assertThat(TincDirectory.read(directory).ignored()).hasSize(2).allSatisfy(line -> assertThat(line).doesNotContain("5ec7e7"));
    }

    @Test
    void refusesAListenAddressThatIsNone() throws IOException {
        tincConf("ListenAddress = 1.2.3.4.5.6.invalid\n");

        TincDirectory read = TincDirectory.read(directory);

        assertThatThrownBy(read::builder).isInstanceOf(ConfigException.class).hasMessageContaining("tinc.conf:3");
    }

    @Test
    void acceptsANodeWhoseNameIsOneUnderscore() throws IOException {
        Files.writeString(directory.resolve("tinc.conf"), "Name = _\nAutoConnect = no\n");
        host("_", "Subnet = 10.7.0.9\n");

        assertThat(settings().subnets()).containsExactly(Subnet.parse("10.7.0.9"));
    }

    @Test
    void namesTheKernelInterfaceLikeTheNetworkOnlyWhereThatIsAName() throws IOException {
        TincDirectory read = TincDirectory.read(directory);

        assertThat(read.device("a network with blanks")).isEqualTo(new Device.Auto(Device.kernel()));
        tincConf("DeviceType = tun\n");
        assertThat(TincDirectory.read(directory).device("corp")).isEqualTo(Device.kernel().name("corp"));
    }
}
