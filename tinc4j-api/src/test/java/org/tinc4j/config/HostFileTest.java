package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;

class HostFileTest {

    private static final NodeName BOB = new NodeName("bob");
    private static final NodePublicKey KEY = NodePublicKey.parse("ndDxkbLUtdQABbiuQU4ewxwIBFvk7/JwWt03ZboahAK");

    @TempDir
    Path directory;

    @Test
    void readsEveryVariable() {
        HostFile host = HostFile.parse(
                """
                Ed25519PublicKey = %s
                Address = bob.example.net
                address = 2001:db8::2 700
                PORT = 2655
                Subnet = 10.7.0.2
                Subnet = fd00:7::/64#20
                IndirectData = yes
                TCPOnly = Yes
                ClampMSS = no
                PMTUDiscovery = no
                PMTU = 1400
                Weight = 7
                SPTPSCipher = AES-256-GCM
                Compression = 11
                """.formatted(KEY), BOB);

        assertThat(host).isEqualTo(new HostFile(
                BOB,
                Optional.of(KEY),
                List.of(new Endpoint("bob.example.net", 2655), new Endpoint("2001:db8::2", 700)),
                OptionalInt.of(2655),
                List.of(Subnet.parse("10.7.0.2"), Subnet.parse("fd00:7::/64#20")),
                true,
                true,
                Optional.of(false),
                Optional.of(false),
                OptionalInt.of(1400),
                OptionalInt.of(7),
                Optional.of(CipherSuite.AES_256_GCM),
                OptionalInt.of(11),
                List.of()));
    }

    @Test
    void takesPort655WhereNeitherLineNorFileHasOne() {
        assertThat(HostFile.parse("Address = hub", BOB).addresses()).containsExactly(new Endpoint("hub", 655));
    }

    @Test
    void readsTheKeyFromABlock() {
        HostFile host = HostFile.parse("-----BEGIN ED25519 PUBLIC KEY-----\n" + KEY + "\n-----END ED25519 PUBLIC KEY-----\n", BOB);

        assertThat(host.publicKey()).contains(KEY);
    }

    @Test
    void prefersTheLineToTheBlock() {
        String other = NodeKey.generate().publicKey().toString();

        HostFile host = HostFile.parse("-----BEGIN ED25519 PUBLIC KEY-----\n" + other + "\n-----END ED25519 PUBLIC KEY-----\n"
                + "Ed25519PublicKey = " + KEY, BOB);

        assertThat(host.publicKey()).contains(KEY);
    }

    @Test
    void readsTheKeyFromTheFileItNames() throws IOException {
        Files.createDirectory(directory.resolve("hosts"));
        Files.writeString(directory.resolve("bob.pem"), "-----BEGIN ED25519 PUBLIC KEY-----\n" + KEY + "\n-----END ED25519 PUBLIC KEY-----\n");
        Path file = Files.writeString(directory.resolve("hosts/bob"), "Ed25519PublicKeyFile = bob.pem\n");

        assertThat(HostFile.read(file).publicKey()).contains(KEY);
    }

    @Test
    void reportsAKeyFileThatIsMissingOrHoldsNoKey() throws IOException {
        Files.createDirectory(directory.resolve("hosts"));
        Path file = Files.writeString(directory.resolve("hosts/bob"), "Ed25519PublicKeyFile = bob.pem\n");

        assertThatThrownBy(() -> HostFile.read(file)).isInstanceOf(ConfigException.class).hasMessageContaining("bob:1: Ed25519PublicKeyFile = bob.pem");
        Files.writeString(directory.resolve("bob.pem"), "nothing here\n");
        assertThatThrownBy(() -> HostFile.read(file)).isInstanceOf(ConfigException.class).hasMessageContaining("holds no block");
        assertThatThrownBy(() -> HostFile.parse("Ed25519PublicKeyFile = bob.pem", BOB)).isInstanceOf(ConfigException.class);
    }

    @Test
    void namesAllProblemsAtOnce() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> HostFile.parse(
                        "Ed25519PublicKey = short\nSubnet = 10.7.0.1/8\nPort = 70000\nTCPOnly = maybe\nAddress = a 0\nWeight\n", BOB));

        assertThat(e.problems()).hasSize(6);
        assertThat(e.problems()).anySatisfy(line -> assertThat(line).startsWith("bob:2: Subnet = 10.7.0.1/8: ").contains("10.0.0.0/8"));
        assertThat(e.problems()).anySatisfy(line -> assertThat(line).startsWith("bob:4: TCPOnly = maybe: ").contains("no, yes"));
    }

    @Test
    void namesTheCiphersItKnowsWhereItRefusesOne() {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> HostFile.parse("SPTPSCipher = aes-128-gcm\n", BOB));

        assertThat(e.problems())
                .containsExactly("bob:1: SPTPSCipher = aes-128-gcm: is none of aes-256-gcm, chacha20-poly1305; write one of these");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Address = hub:655", "Address = [2001:db8::1]", "Address = [2001:db8::1]:655", "Address = hub 655 # home", "Address = hub https",
        "Address = hub 65536", "Address = hub 0", "Address = hub -1", "Port = 0\nAddress = hub", "Port = https", "Port = -1", "Port = 65536",
        "Port = 99999999999999999999", "Port = 1\nPort = 2", "PMTU = 511", "PMTU = 1519", "Weight = -1", "Compression = 13",
        "Subnet = 10.0.0.0/8\nSubnet = 10.0.0.0/8", "Subnet = nonsense", "ClampMSS = on", "SPTPSCipher = aes"
    })
    void refuses(String text) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> HostFile.parse(text, BOB));

        assertThat(e.problems()).singleElement().asString().matches("bob:[12]: (?s).*[:;] .*");
    }

    @Test
    void keepsLinesOfTinc10AndUnknownOnes() {
        String text = "Cipher = aes-256-cbc\nFrobnicate = 1\n-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----\n";

        HostFile host = HostFile.parse(text, BOB);

        assertThat(host.text()).isEqualTo(text);
    }

    @Test
    void writesAFileForANewNode() throws IOException {
        HostFile host = HostFile.of(BOB, KEY).port(1655).address("bob.example.net", 1655).address("192.0.2.1", 700).subnet("10.7.0.2/32");
        Path file = directory.resolve("bob");

        host.write(file);

        assertThat(file).hasContent("Port = 1655\nAddress = bob.example.net\nAddress = 192.0.2.1 700\nSubnet = 10.7.0.2\nEd25519PublicKey = " + KEY + "\n");
        assertThat(HostFile.read(file)).isEqualTo(host);
    }

    @Test
    void readsWhatTincExported() throws Exception {
        String text = Files.readString(Path.of(HostFileTest.class.getResource("/directories/export-all.txt").toURI()));

        List<HostFile> hosts = HostFile.parseExport(text);

        assertThat(hosts).extracting(host -> host.name().value()).containsExactlyInAnyOrder("alice", "bob");
        assertThat(hosts).filteredOn(host -> host.name().equals(BOB)).singleElement().satisfies(bob -> {
            assertThat(bob.publicKey()).contains(KEY);
            assertThat(bob.addresses()).containsExactly(new Endpoint("bob.example.net", 2655), new Endpoint("2001:db8::2", 700));
        });
        assertThat(HostFile.parseExport(HostFile.export(hosts))).isEqualTo(hosts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Port = 1\nName = a\n", "Name = a b\n", "Name = a\nName = a\n", "Name = ../a\n", "Name = a\nPort\n"})
    void refusesAnExportWithout(String text) {
        assertThatThrownBy(() -> HostFile.parseExport(text)).isInstanceOf(ConfigException.class);
    }

    @Test
    void readsBackWhateverItPrints() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            HostFile host = any(random);
            assertThat(HostFile.parse(host.text(), host.name())).as("seed %d, round %d", seed, i).isEqualTo(host);
            assertThat(HostFile.parseExport(host.export())).as("seed %d, round %d", seed, i).containsExactly(host);
        }
    }

    private static HostFile any(SplittableRandom random) {
        byte[] key = new byte[NodePublicKey.BYTES];
        random.nextBytes(key);
        HostFile host = new HostFile(
                new NodeName("n" + random.nextInt(1000)),
                random.nextBoolean() ? Optional.of(NodePublicKey.of(key)) : Optional.empty(),
                List.of(),
                random.nextBoolean() ? OptionalInt.of(random.nextInt(65536)) : OptionalInt.empty(),
                List.of(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean() ? Optional.of(random.nextBoolean()) : Optional.empty(),
                random.nextBoolean() ? Optional.of(random.nextBoolean()) : Optional.empty(),
                random.nextBoolean() ? OptionalInt.of(random.nextInt(512, 1519)) : OptionalInt.empty(),
                random.nextBoolean() ? OptionalInt.of(random.nextInt(1 << 20)) : OptionalInt.empty(),
                random.nextBoolean() ? Optional.of(CipherSuite.values()[random.nextInt(2)]) : Optional.empty(),
                random.nextBoolean() ? OptionalInt.of(random.nextInt(13)) : OptionalInt.empty(),
                random.nextBoolean() ? List.of("Digest = sha256", "-----BEGIN RSA PUBLIC KEY-----", "x", "-----END RSA PUBLIC KEY-----") : List.of());
        for (int i = random.nextInt(4); i > 0; i--) {
            host = host.address(random.nextBoolean() ? "h" + i + ".example.net" : "2001:db8::" + i, random.nextInt(1, 65536));
            host = host.subnet("10." + i + ".0.0/16#" + random.nextInt(-5, 100));
        }
        return host;
    }
}
