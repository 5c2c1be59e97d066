package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeKeyTest {

    private static final JsonNode FILE = Vectors.read("ed25519.json").get("private_key_file");
    private static final String TEXT = FILE.get("pem").asText();
    private static final byte[] CONTENT = Vectors.bytes(FILE.get("content96"));

    @TempDir
    Path directory;

    @Test
    void readsAndPrintsTheKeyFileOfTinc() {
        NodeKey key = NodeKey.parse(TEXT);

        assertThat(key.expanded()).isEqualTo(Arrays.copyOf(CONTENT, 64));
        assertThat(key.publicKey().encoded()).isEqualTo(Arrays.copyOfRange(CONTENT, 64, 96));
        assertThat(key.text()).isEqualTo(TEXT);
    }

    @Test
    void passesOverOldKeysThatWereCommentedOut() {
        String old = TEXT.lines().map(line -> "#" + line + "\n").reduce("", String::concat);

        assertThat(NodeKey.parse(old + TEXT).text()).isEqualTo(TEXT);
    }

    @Test
    void readsWindowsLineEndsAndTextAround() {
        assertThat(NodeKey.parse("made on a Monday\n" + TEXT.replace("\n", "\r\n") + "\nbye\n").text()).isEqualTo(TEXT);
    }

    @Test
    void makesKeysThatDifferAndAreClamped() {
        NodeKey key = NodeKey.generate();

        byte[] expanded = key.expanded();
        assertThat(expanded[0] & 7).isZero();
        assertThat(expanded[31] & 0xc0).isEqualTo(0x40);
        assertThat(key.publicKey()).isNotEqualTo(NodeKey.generate().publicKey());
        assertThat(NodeKey.parse(key.text()).publicKey()).isEqualTo(key.publicKey());
    }

    @Test
    void writesAFileOnlyItsOwnerMayRead() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "needs a POSIX file system");
        Path file = directory.resolve("ed25519_key.priv");

        NodeKey.parse(TEXT).write(file);

        assertThat(file).hasContent(TEXT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(NodeKey.read(file).text()).isEqualTo(TEXT);
    }

    @Test
    void neverOverwritesNorFollowsALink() throws IOException {
        Path file = directory.resolve("ed25519_key.priv");
        NodeKey.parse(TEXT).write(file);
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));

        NodeKey other = NodeKey.generate();

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> other.write(file))
                .withMessageContaining("will not overwrite a private key");
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> other.write(link));
        assertThat(file).hasContent(TEXT);
        assertThat(directory.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void leavesNoFileBehindIfThereIsNothingToWriteOrNowhere() {
        NodeKey key = NodeKey.generate();
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> key.write(directory.resolve("no/such/key")));

        key.destroy();

        assertThatIllegalStateException().isThrownBy(() -> key.write(directory.resolve("key")));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesFileAndRemedyIfThereIsNoKeyInIt() throws IOException {
        Path missing = directory.resolve("missing");
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> NodeKey.read(missing))
                .withMessageContainingAll(missing.toString(), "NoSuchFileException", "NodeKey.generate()");

        Path cut = Files.writeString(directory.resolve("cut"), TEXT.substring(0, 100));
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> NodeKey.read(cut))
                .withMessageContainingAll(cut.toString(), "48 bytes of key", "96 are expected", "restore it")
                .satisfies(NodeKeyTest::showsNoKey);
    }

    @Test
    void saysWhichOtherKindOfKeyItFound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeKey.parse(Vectors.read("ed25519.json").get("public_key_file").get("pem").asText()))
                .withMessageContaining("\"ED25519 PUBLIC KEY\" where an ED25519 PRIVATE KEY is expected");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeKey.parse("-----BEGIN PRIVATE KEY-----\n"))
                .withMessageContaining("\"PRIVATE KEY\"");
    }

    @Test
    void showsNoKeyIfTheFileLostItsLineEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeKey.parse(TEXT.replace("\n", "")))
                .withMessageContaining("a damaged BEGIN line")
                .satisfies(NodeKeyTest::showsNoKey);
    }

    @Test
    void readsOrRefusesAnyDamagedFileWithoutShowingTheKey() {
        for (long seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String text = RandomText.damaged(random, random.nextBoolean() ? TEXT : TEXT.replace("\n", " "), "AZaz09+/\n\n- #");
            try {
                NodeKey key = NodeKey.parse(text);
                assertThat(key.expanded()).as("seed %d", seed).hasSize(64);
            } catch (IllegalArgumentException e) {
                showsNoKey(e);
            }
        }
    }

    @Test
    void forgetsThePrivatePartOnly() {
        NodeKey key = NodeKey.parse(TEXT);

        key.destroy();

        assertThat(key.isDestroyed()).isTrue();
        assertThatIllegalStateException().isThrownBy(key::expanded).withMessageContaining("destroyed");
        assertThatIllegalStateException().isThrownBy(key::text);
        assertThat(key.publicKey().encoded()).isEqualTo(Arrays.copyOfRange(CONTENT, 64, 96));
    }

    @Test
    void copiesWhatItIsMadeOf() {
        byte[] expanded = Arrays.copyOf(CONTENT, 64);
        NodeKey key = NodeKey.of(expanded, NodeKey.parse(TEXT).publicKey());

        expanded[0] = 0;
        key.expanded()[1] = 0;

        assertThat(key.text()).isEqualTo(TEXT);
        assertThatIllegalArgumentException().isThrownBy(() -> NodeKey.of(new byte[32], key.publicKey()));
    }

    @Test
    void printsThePublicKeyOnly() {
        assertThat(NodeKey.parse(TEXT)).hasToString("NodeKey[DE6B/OvzQ4bHw1NGnvEwZeG5WDzml2wXdwthkJRVxgL]");
    }

    /** No eight characters in a row of the key's text, in the message or a cause's. */
    private static void showsNoKey(Throwable thrown) {
        String secret = TEXT.lines().skip(1).limit(2).reduce("", String::concat);
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            for (int i = 0; i + 8 <= secret.length(); i++) {
                assertThat(t.getMessage()).doesNotContain(secret.substring(i, i + 8));
            }
        }
    }
}
