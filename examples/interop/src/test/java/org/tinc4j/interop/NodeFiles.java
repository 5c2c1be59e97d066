package org.tinc4j.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of one node, as both programs read them: {@code tinc.conf}, {@code hosts/} and the key. Collects lines, writes once. */
final class NodeFiles {

    private final Site site;
    private final List<String> server = new ArrayList<>();
    private final Map<String, List<String>> hosts = new LinkedHashMap<>();

    NodeFiles(Site site) {
        this.site = site;
        server("Name = " + site.name());
        server("Interface = tun0");
        // Only the connections that a test asks for.
        server("AutoConnect = no");
        host(site.name(), "Port = " + site.port());
        host(site.name(), "Ed25519PublicKey = " + site.key().publicKey());
        host(site.name(), "Subnet = " + site.overlay4() + "/32");
        host(site.name(), "Subnet = " + site.overlay6() + "/128");
    }

    /** Whose files they are. */
    Site site() {
        return site;
    }

    /** Adds a line to {@code tinc.conf}. */
    void server(String line) {
        server.add(line);
    }

    /** Adds a line to a host file, the node's own or another's. */
    void host(String name, String line) {
        hosts.computeIfAbsent(name, unused -> new ArrayList<>()).add(line);
    }

    /** Writes everything that is not there yet, so that a node that is started again finds what it wrote itself. */
    void write() {
        try {
            Path directory = site.directory();
            Files.createDirectories(directory.resolve("hosts"));
            if (Files.exists(directory.resolve("tinc.conf"))) {
                return;
            }
            Files.write(directory.resolve("tinc.conf"), server);
            for (Map.Entry<String, List<String>> host : hosts.entrySet()) {
                Files.write(directory.resolve("hosts").resolve(host.getKey()), host.getValue());
            }
            site.key().write(directory.resolve("ed25519_key.priv"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the script that gives the interface the node's addresses. */
    void writeTincUp() {
        writeScript("tinc-up", """
                ip link set "$INTERFACE" up
                ip addr add %s/24 dev "$INTERFACE"
                ip addr add %s/64 dev "$INTERFACE" nodad
                """.formatted(site.overlay4(), site.overlay6()));
    }

    /** Writes a shell script. */
    void writeScript(String name, String commands) {
        try {
            Path script = site.directory().resolve(name);
            Files.writeString(script, "#!/bin/sh\n" + commands);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
