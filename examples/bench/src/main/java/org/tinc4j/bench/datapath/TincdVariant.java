package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tinc4j.NodeKey;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;
import org.tinc4j.testkit.TincdBinaries;

/** C tinc 1.1 at both ends, with the MTU that tinc4j finds by itself; C tinc would leave the kernel's 1500 and fragment. */
record TincdVariant() implements Variant {

    static final String NAME = "c-tinc";

    /** The largest record of a 1500-byte wire; packets travel that are 14 bytes shorter. */
    private static final int RECORD_BYTES = 1439;
    private static final int MTU_BYTES = RECORD_BYTES - 14;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Tunnel start(Wire wire, Path directory) throws IOException, InterruptedException {
        TincdBinaries binaries = TincdBinaries.require();
        Map<String, NodeKey> keys = new TreeMap<>();
        wire.ends().forEach(end -> keys.put(end.name(), NodeKey.generate()));
        // The control socket lies beside the pid file, and its path must be shorter than 108 characters.
        Path runtime = Files.createTempDirectory("tj");
        DaemonTunnel tunnel = new DaemonTunnel();
        try {
            for (Wire.End end : wire.ends()) {
                Path files = directory.resolve(end.name());
                write(wire, end, files, keys);
                Path log = directory.resolve(end.name() + ".log");
                tunnel.add(ChildProcess.start(
                        end.netns().wrap(List.of(
                                binaries.tincd().toString(), "-c", files.toString(), "--pidfile=" + runtime.resolve(end.name()), "-D", "-d0")),
                        log));
            }
            for (Wire.End end : wire.ends()) {
                List<String> dump = List.of(
                        binaries.tinc().toString(),
                        "-c",
                        directory.resolve(end.name()).toString(),
                        "--pidfile=" + runtime.resolve(end.name()),
                        "dump",
                        "nodes");
                // "min" is what probes have confirmed. Until then larger packets go by TCP.
                String other = wire.other(end).name();
                Poll.until("tincd's path MTU of " + RECORD_BYTES + " bytes, log in " + directory, PATIENCE, () -> {
                    return Command.run(dump).output().lines().anyMatch(line -> line.startsWith(other + " ") && line.contains("(min " + RECORD_BYTES));
                });
            }
            return new WithRuntime(tunnel, runtime);
        } catch (IOException | InterruptedException | RuntimeException e) {
            new WithRuntime(tunnel, runtime).close();
            throw e;
        }
    }

    private static void write(Wire wire, Wire.End end, Path files, Map<String, NodeKey> keys) throws IOException {
        Files.createDirectories(files.resolve("hosts"));
        StringBuilder server = new StringBuilder("Name = " + end.name() + "\nInterface = tun0\nAutoConnect = no\n");
        if (end == wire.left()) {
            server.append("ConnectTo = ").append(wire.right().name()).append('\n');
        }
        Files.writeString(files.resolve("tinc.conf"), server);
        keys.get(end.name()).write(files.resolve("ed25519_key.priv"));
        for (Wire.End host : wire.ends()) {
            Files.writeString(files.resolve("hosts").resolve(host.name()), """
                    Address = %s
                    Port = 655
                    Ed25519PublicKey = %s
                    Subnet = %s/32
                    """.formatted(host.underlay(), keys.get(host.name()).publicKey(), host.overlay()));
        }
        Path script = files.resolve("tinc-up");
        Files.writeString(script, """
                #!/bin/sh
                ip link set "$INTERFACE" mtu %d up
                ip addr add %s dev "$INTERFACE"
                """.formatted(MTU_BYTES, end.overlayWithPrefix()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Removes the control sockets' folder, too. */
    private record WithRuntime(DaemonTunnel tunnel, Path runtime) implements Tunnel {

        @Override
        public String address(Wire.End end) {
            return tunnel.address(end);
        }

        @Override
        public List<Long> processes() {
            return tunnel.processes();
        }

        @Override
        public void close() {
            tunnel.close();
            Scratch.delete(runtime);
        }
    }
}
