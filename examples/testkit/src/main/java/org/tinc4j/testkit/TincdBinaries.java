package org.tinc4j.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The C programs. They are looked for where the system property {@code tinc4j.tincd} says, which names the daemon and expects the control
 * program beside it; without it, in the folder that {@code .ci/fetch-tinc} fills, then where a package puts them.
 *
 * @param tincd the daemon
 * @param tinc the control program
 */
public record TincdBinaries(Path tincd, Path tinc) {

    /** Finds tinc 1.1. */
    public static Optional<TincdBinaries> find() {
        return candidates().stream().filter(TincdBinaries::isVersion11).findFirst();
    }

    /** Finds tinc 1.1, which must be there. */
    public static TincdBinaries require() {
        return find().orElseThrow(() -> new IllegalStateException(absence()));
    }

    /** Why there is none, and what helps. */
    public static String absence() {
        return "no tincd 1.1 among " + candidates().stream().map(TincdBinaries::tincd).toList()
                + "; run .ci/fetch-tinc, or name one with -Dtinc4j.tincd=/path/to/tincd";
    }

    private static List<TincdBinaries> candidates() {
        String named = System.getProperty("tinc4j.tincd", "");
        return named.isEmpty()
                ? List.of(inFolder(fetched()), inFolder(Path.of("/usr/sbin")))
                : List.of(inFolder(Path.of(named).toAbsolutePath().getParent()));
    }

    private static TincdBinaries inFolder(Path folder) {
        return new TincdBinaries(folder.resolve("tincd"), folder.resolve("tinc"));
    }

    /** The same folder that the script uses. */
    private static Path fetched() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("tinc4j/tinc-1.1/bin");
    }

    private boolean isVersion11() {
        return Files.isExecutable(tincd)
                && Files.isExecutable(tinc)
                && Command.run(List.of(tincd.toString(), "--version")).output().startsWith("tinc version 1.1");
    }
}
