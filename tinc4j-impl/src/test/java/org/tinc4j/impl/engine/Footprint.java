package org.tinc4j.impl.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What this process holds, of the things a closed node must have given back. */
final class Footprint {

    private Footprint() {}

    /** Open sockets of this process; -1 where the system does not show them. */
    static long sockets() {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return -1;
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.filter(Footprint::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // Closed since it was listed.
        }
    }

    /** Platform threads with "tinc4j" in their name. */
    static List<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.contains("tinc4j")).toList();
    }

    /** Looks at once and then often: what these tests wait for takes milliseconds, mostly none. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(10));
    }

    /** Waits until no more sockets are open than there were. */
    static void awaitSockets(long before) {
        await().until(() -> sockets() <= before);
    }
}
