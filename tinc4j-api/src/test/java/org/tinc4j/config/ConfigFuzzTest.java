package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tinc4j.NodeName;

/** Whatever stands in the files, reading them ends in a value or in a {@link ConfigException}. */
class ConfigFuzzTest {

    private static final int ROUNDS = 1500;
    private static final List<String> FILES =
            List.of("tinc.conf", "conf.d/intervals.conf", "hosts/alice", "hosts/bob", "ed25519_key.priv");

    @TempDir
    Path directory;

    @Test
    void mutatedDirectoriesAreReadOrRefused() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Path golden = Path.of(ConfigFuzzTest.class.getResource("/directories/large").toURI());
        Files.createDirectories(directory.resolve("conf.d"));
        Files.createDirectories(directory.resolve("hosts"));
        for (String file : FILES) {
            Files.copy(golden.resolve(file), directory.resolve(file));
        }
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String mutated = FILES.get(random.nextInt(FILES.size()));
            byte[] original = Files.readAllBytes(golden.resolve(mutated));
            replace(mutated, mutate(original, random));
            try {
                TincDirectory.read(directory, List.of(), variable -> Optional.empty());
            } catch (ConfigException e) {
                refused++;
                assertThat(e.problems()).isNotEmpty().allSatisfy(ConfigFuzzTest::isOneLine);
            } catch (RuntimeException | IOException e) {
                throw new AssertionError("seed " + seed + ", round " + round + ", file " + mutated, e);
            }
            replace(mutated, original);
        }
        assertThat(refused).as("seed %d", seed).isBetween(ROUNDS / 10, ROUNDS - 1);
    }

    /** By a new file: to cut one short waits for the disk on some file systems. */
    private void replace(String file, byte[] bytes) throws IOException {
        Files.delete(directory.resolve(file));
        Files.write(directory.resolve(file), bytes);
    }

    @Test
    void arbitraryBytesAreAHostFileOrRefused() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            try {
                HostFile.parse(new String(bytes, StandardCharsets.ISO_8859_1), new NodeName("bob"));
            } catch (ConfigException e) {
                assertThat(e.problems()).as("seed %d", seed).isNotEmpty().allSatisfy(ConfigFuzzTest::isOneLine);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    private static void isOneLine(String problem) {
        assertThat(problem).doesNotContain("\n", "\r", "\0", "\u001b").contains(";");
    }

    /** One to four changes: a byte, a piece repeated, a piece gone, or a line of another file's kind. */
    private static byte[] mutate(byte[] original, SplittableRandom random) {
        StringBuilder text = new StringBuilder(new String(original, StandardCharsets.ISO_8859_1));
        for (int change = random.nextInt(1, 5); change > 0; change--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, text.substring(at, end).repeat(random.nextInt(1, 60)));
                case 2 -> text.delete(at, end);
                default -> text.insert(at, "\n" + anyAssignment(random) + "\n");
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String anyAssignment(SplittableRandom random) {
        List<String> values = List.of("yes", "no", "-1", "0", "655", "99999999999", "10.0.0.0/8", "::/0", "bob", "alice", "$HOME", "../x", "*");
        TincOption option = TincOption.values()[random.nextInt(TincOption.values().length)];
        return option.text() + " = " + values.get(random.nextInt(values.size()));
    }
}
