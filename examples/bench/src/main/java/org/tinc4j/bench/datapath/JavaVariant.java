package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tinc4j.NodeKey;

/**
 * tinc4j at both ends, each node in a JVM of its own.
 *
 * @param name with the options, see {@link Variants}
 * @param jvm more arguments of the JVMs
 */
record JavaVariant(String name, List<String> jvm) implements Variant {

    private static final int PORT = 655;

    @Override
    public Tunnel start(Wire wire, Path directory) throws IOException {
        Map<String, NodeKey> keys = new TreeMap<>();
        for (Wire.End end : wire.ends()) {
            NodeKey key = NodeKey.generate();
            key.write(directory.resolve(end.name() + ".key"));
            keys.put(end.name(), key);
        }
        List<NodeProcess> nodes = new ArrayList<>();
        try {
            for (Wire.End end : wire.ends()) {
                Wire.End other = wire.other(end);
                nodes.add(NodeProcess.start(end, directory, jvm, List.of(
                        name,
                        end.name(),
                        directory.resolve(end.name() + ".key").toString(),
                        end.underlay(),
                        Integer.toString(PORT),
                        end.overlay(),
                        other.name(),
                        keys.get(other.name()).publicKey().toString(),
                        end == wire.left() ? other.underlay() : BenchNode.ACCEPT_ONLY)));
            }
            for (NodeProcess node : nodes) {
                node.awaitReady();
            }
            return new Nodes(name, nodes);
        } catch (IOException | RuntimeException e) {
            nodes.forEach(NodeProcess::close);
            throw e;
        } finally {
            for (Wire.End end : wire.ends()) {
                Files.deleteIfExists(directory.resolve(end.name() + ".key"));
            }
        }
    }

    private record Nodes(String variant, List<NodeProcess> nodes) implements Tunnel {

        @Override
        public String address(Wire.End end) {
            return end.overlay();
        }

        @Override
        public boolean hasInterface(Wire.End end) {
            return !Variants.inProcess(variant, end.name());
        }

        @Override
        public List<Long> processes() {
            return nodes.stream().map(NodeProcess::pid).toList();
        }

        @Override
        public void close() {
            nodes.forEach(NodeProcess::close);
        }
    }
}
