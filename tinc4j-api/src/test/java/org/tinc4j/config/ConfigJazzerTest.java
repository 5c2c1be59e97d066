package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;

/** Files of a tinc directory: read, or refused with a {@link ConfigException} of printable problems. */
class ConfigJazzerTest {

    private static final NodeKey KEY = NodeKey.generate();

    static Stream<byte[]> files() {
        String host = HostFile.of(new NodeName("bob"), KEY.publicKey()).address("bob.example.net", 655).subnet("10.7.0.2").text();
        return Stream.of(
                        host,
                        "Name = alice\nConnectTo = bob\nMode = router\nDeviceType = dummy\n",
                        "# a comment\nPort 655\n\nPingInterval=10\nPMTU = 1400\nTCPOnly = yes\n",
                        "Address = 192.0.2.1 656\n-----BEGIN RSA PUBLIC KEY-----\nAQAB\n-----END RSA PUBLIC KEY-----\n",
                        "ConnectTo = bob\nSubnet = 10.7.0.1\n\0Address = 192.0.2.1\nSubnet = 10.7.0.2\n",
                        "Name = bob\nSubnet = 10.0.0.0/8\n#---------------------------------------------------------------#\nName = carol\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("files")
    @FuzzTest
    void tincConf(byte[] data) {
        TincConf conf = TincConf.parse(data, "tinc.conf");
        assertThat(conf.problems()).allSatisfy(ConfigJazzerTest::isOneLine);
    }

    @MethodSource("files")
    @FuzzTest
    void hostFile(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        try {
            HostFile host = HostFile.parse(text, new NodeName("bob"));
            Optional<NodePublicKey> key = HostFile.parse(host.text(), new NodeName("bob")).publicKey();
            assertThat(key).isEqualTo(host.publicKey());
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(ConfigJazzerTest::isOneLine);
        }
        try {
            HostFile.parseExport(text);
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(ConfigJazzerTest::isOneLine);
        }
    }

    /** Everything stands in one file after another: the configuration, and behind a zero byte the host file of bob. */
    @MethodSource("files")
    @FuzzTest
    void directory(byte[] data) throws IOException {
        String[] files = new String(data, StandardCharsets.ISO_8859_1).split("\0", 2);
        Path directory = Files.createTempDirectory("jazzer");
        List<Path> written = List.of(
                directory.resolve("tinc.conf"),
                Files.createDirectory(directory.resolve("hosts")).resolve("bob"),
                directory.resolve("ed25519_key.priv"));
        try {
            Files.writeString(written.get(0), files[0], StandardCharsets.ISO_8859_1);
            Files.writeString(written.get(1), files.length > 1 ? files[1] : "", StandardCharsets.ISO_8859_1);
            Files.writeString(written.get(2), KEY.text());
            TincDirectory.read(directory, List.of("Name=alice"), variable -> Optional.empty()).builder("fuzz");
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty().allSatisfy(ConfigJazzerTest::isOneLine);
        } finally {
            for (Path file : written) {
                Files.deleteIfExists(file);
            }
            Files.delete(directory.resolve("hosts"));
            Files.delete(directory);
        }
    }

    private static void isOneLine(String problem) {
        assertThat(problem).doesNotContain("\n", "\r", "\0", "\u001b");
    }
}
