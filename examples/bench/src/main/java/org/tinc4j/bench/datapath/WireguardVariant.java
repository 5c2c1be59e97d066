package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;

/**
 * wireguard-go at both ends, with its own MTU of 1420. Looked for in the folder that {@code .ci/fetch-wireguard-go} fills, or where the
 * system property {@code tinc4j.wireguard} says: a folder with {@code wireguard-go} and {@code wg}.
 */
record WireguardVariant() implements Variant {

    static final String NAME = "wireguard-go";

    private static final int PORT = 51820;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public String name() {
        return NAME;
    }

    static Path binaries() throws IOException {
        String named = System.getProperty("tinc4j.wireguard", "");
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        Path folder = named.isEmpty() ? base.resolve("tinc4j/wireguard-go/bin") : Path.of(named);
        if (!Files.isExecutable(folder.resolve("wireguard-go")) || !Files.isExecutable(folder.resolve("wg"))) {
            throw new IOException("no wireguard-go and wg in " + folder + "; run .ci/fetch-wireguard-go, or leave the variant out");
        }
        return folder;
    }

    @Override
    public Tunnel start(Wire wire, Path directory) throws IOException, InterruptedException {
        Path binaries = binaries();
        String wg = binaries.resolve("wg").toString();
        Map<String, String> publicKeys = new TreeMap<>();
        for (Wire.End end : wire.ends()) {
            Path key = key(directory, end);
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, Command.require(List.of(wg, "genkey")));
            publicKeys.put(end.name(), Command.require(List.of("sh", "-c", "exec \"$0\" pubkey <\"$1\"", wg, key.toString())).strip());
        }
        DaemonTunnel tunnel = new DaemonTunnel();
        try {
            for (Wire.End end : wire.ends()) {
                Path log = directory.resolve(end.name() + ".log");
                tunnel.add(ChildProcess.start(
                        end.netns().wrap(List.of(binaries.resolve("wireguard-go").toString(), "-f", device(end))), log));
            }
            for (Wire.End end : wire.ends()) {
                Wire.End other = wire.other(end);
                Poll.until("wireguard-go's interface, log in " + directory, PATIENCE, () -> end.netns()
                        .run(wg, "show", device(end))
                        .succeeded());
                end.netns().require(
                        wg, "set", device(end),
                        "listen-port", Integer.toString(PORT),
                        "private-key", key(directory, end).toString(),
                        "peer", publicKeys.get(other.name()),
                        "allowed-ips", other.overlay() + "/32",
                        "endpoint", other.underlay() + ":" + PORT);
                end.netns().require("ip", "addr", "add", end.overlayWithPrefix(), "dev", device(end));
                end.netns().require("ip", "link", "set", device(end), "up");
            }
            Poll.until("an answer through wireguard-go, log in " + directory, PATIENCE, () -> wire.left().netns()
                    .run("ping", "-c", "1", "-W", "1", wire.right().overlay())
                    .succeeded());
            return tunnel;
        } catch (IOException | InterruptedException | RuntimeException e) {
            tunnel.close();
            throw e;
        }
    }

    private static Path key(Path directory, Wire.End end) {
        return directory.resolve(end.name() + ".key");
    }

    /** Its control socket is named for it, outside any network namespace. */
    private static String device(Wire.End end) {
        return "tjwg-" + end.name();
    }
}
