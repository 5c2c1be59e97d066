package org.tinc4j.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Assumptions;

/**
 * Moves the calling platform thread into a new network namespace. A namespace belongs to a thread: devices and sockets opened on it,
 * and processes started from it, are inside; descriptors keep their namespace whatever thread uses them.
 */
public final class NetworkNamespace {

    private static final int CLONE_NEWNET = 0x40000000;

    /** unshare(2), which only tests need. */
    public interface Unshare {
        /** See the manual page. */
        int unshare(int flags);
    }

    private NetworkNamespace() {}

    /** Skips the test, or fails it if so demanded, where the right or the driver is missing. */
    public static void enterOrSkip() throws IOException, InterruptedException {
        String missing = missing();
        if (missing != null) {
            assertThat(Boolean.getBoolean("tinc4j.requirePrivileged"))
                    .as("tinc4j.requirePrivileged=true, but " + missing)
                    .isFalse();
            // The build's output does not show why a whole class was skipped.
            System.out.println("skipped: " + missing);
            Assumptions.abort(missing);
        }
        ip("link", "set", "lo", "up");
    }

    private static String missing() {
        if (!Files.isReadable(Path.of("/dev/net/tun"))) {
            return "/dev/net/tun is missing or not readable; run as root on a kernel with TUN";
        }
        return LibraryLoader.create(Unshare.class).load("c").unshare(CLONE_NEWNET) == 0
                ? null
                : "no network namespace can be made; run as root";
    }

    /** Runs ip(8) inside and gives what it printed. */
    public static String ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
        return output;
    }

    /** Runs {@code ip -j} inside. */
    public static JsonNode ipJson(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-j"));
        all.addAll(List.of(arguments));
        return new ObjectMapper().readTree(ip(all.toArray(String[]::new)));
    }
}
