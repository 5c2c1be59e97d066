package org.tinc4j.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.tinc4j.CipherSuite;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.config.TincConf.Assignment;
import org.tinc4j.config.TincConf.Block;

/** Makes a {@link HostFile} of assignments, once. */
final class HostFileReader {

    private static final String KEY_LABEL = "ED25519 PUBLIC KEY";

    /** What becomes a component of {@link HostFile}; every other line is kept as it is. */
    private static final Set<TincOption> MODELLED = EnumSet.of(
            TincOption.NAME,
            TincOption.ED25519_PUBLIC_KEY,
            TincOption.ED25519_PUBLIC_KEY_FILE,
            TincOption.ADDRESS,
            TincOption.PORT,
            TincOption.SUBNET,
            TincOption.INDIRECT_DATA,
            TincOption.TCP_ONLY,
            TincOption.CLAMP_MSS,
            TincOption.PMTU_DISCOVERY,
            TincOption.PMTU,
            TincOption.WEIGHT,
            TincOption.SPTPS_CIPHER,
            TincOption.COMPRESSION);

    private static final Map<String, CipherSuite> CIPHERS =
            Arrays.stream(CipherSuite.values()).collect(Collectors.toMap(CipherSuite::label, suite -> suite));

    private final NodeName name;
    private final OptionValues values;
    private final TincConf file;
    private final PublicKeyFiles keyFiles;
    private final List<String> problems;

    /**
     * For one node.
     *
     * @param assignments what holds for the node: those of its file, and for the node itself those of the server's files too
     * @param file the file itself, for its blocks and the lines to keep
     */
    HostFileReader(
            NodeName name,
            List<Assignment> assignments,
            TincConf file,
            PublicKeyFiles keyFiles,
            List<String> problems,
            List<String> remarks) {
        this.name = name;
        this.values = new OptionValues(assignments, problems, remarks);
        this.file = file;
        this.keyFiles = keyFiles;
        this.problems = problems;
    }

    HostFile read() {
        OptionalInt port = values.integer(TincOption.PORT, 0, 65535);
        return new HostFile(
                name,
                publicKey(),
                addresses(port.orElse(Endpoint.DEFAULT_PORT)),
                port,
                values.subnets(TincOption.SUBNET),
                values.flag(TincOption.INDIRECT_DATA).orElse(false),
                values.flag(TincOption.TCP_ONLY).orElse(false),
                values.flag(TincOption.CLAMP_MSS),
                values.flag(TincOption.PMTU_DISCOVERY),
                values.integer(TincOption.PMTU, 512, 1518),
                values.integer(TincOption.WEIGHT, 0, Integer.MAX_VALUE),
                values.choice(TincOption.SPTPS_CIPHER, CIPHERS),
                values.integer(TincOption.COMPRESSION, 0, 12),
                otherLines());
    }

    private List<Endpoint> addresses(int defaultPort) {
        Set<Endpoint> addresses = new LinkedHashSet<>();
        for (Assignment assignment : values.all(TincOption.ADDRESS)) {
            String[] words = assignment.value().split("\\s+");
            if (words.length > 2) {
                values.problem(assignment, "has more than host and port; write \"Address = host port\"");
            } else if (words.length == 1 && words[0].matches("[^:]+:[0-9]+|\\[.*\\](:[0-9]+)?")) {
                values.problem(assignment,
                        "is neither a host name nor a numeric address; write \"Address = host port\" without brackets or colon");
            } else if (words.length == 1 && defaultPort == 0) {
                values.problem(assignment, "has no port while Port = 0; write the port behind the host");
            } else {
                String port = words.length == 1 ? String.valueOf(defaultPort) : words[1];
                endpoint(assignment, words[0], port).ifPresent(addresses::add);
            }
        }
        return List.copyOf(addresses);
    }

    private Optional<Endpoint> endpoint(Assignment assignment, String host, String port) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            values.problem(assignment, "its port is no number in 1..65535; write the port as a number");
            return Optional.empty();
        }
        try {
            return Optional.of(new Endpoint(host, Integer.parseInt(port)));
        } catch (IllegalArgumentException e) {
            values.problem(assignment, e.getMessage());
            return Optional.empty();
        }
    }

    /** The line wins over the block, the block in another file over the one here. */
    private Optional<NodePublicKey> publicKey() {
        Optional<Assignment> line = values.first(TincOption.ED25519_PUBLIC_KEY);
        if (line.isPresent()) {
            return keyOf(line.get(), line.get().value());
        }
        Optional<Assignment> elsewhere = values.first(TincOption.ED25519_PUBLIC_KEY_FILE);
        if (elsewhere.isPresent()) {
            return keyInFile(elsewhere.get());
        }
        return keyBlock(file).flatMap(block -> keyOf(block, block.file() + ":" + block.line()));
    }

    private Optional<NodePublicKey> keyInFile(Assignment assignment) {
        try {
            Optional<Block> block = keyBlock(keyFiles.read(assignment.value()));
            if (block.isEmpty()) {
                values.problem(assignment,
                        "the file holds no block of " + KEY_LABEL + "; write the key into the host file as Ed25519PublicKey");
            }
            return block.flatMap(found -> keyOf(found, assignment.place() + ": " + TincOption.shown(assignment)));
        } catch (IOException | InvalidPathException e) {
            values.problem(assignment, "cannot be read (" + e.getClass().getSimpleName()
                    + "); write the key into the host file as Ed25519PublicKey");
            return Optional.empty();
        }
    }

    private static Optional<Block> keyBlock(TincConf conf) {
        return conf.blocks().stream().filter(block -> block.label().equals(KEY_LABEL)).findFirst();
    }

    private Optional<NodePublicKey> keyOf(Assignment assignment, String text) {
        try {
            return Optional.of(NodePublicKey.parse(text));
        } catch (IllegalArgumentException e) {
            values.problem(assignment, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<NodePublicKey> keyOf(Block block, String place) {
        try {
            return Optional.of(NodePublicKey.parse(String.join("", block.lines().subList(1, block.lines().size() - 1))));
        } catch (IllegalArgumentException e) {
            problems.add(place + ": block of " + KEY_LABEL + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<String> otherLines() {
        List<String> lines = new ArrayList<>();
        for (Assignment assignment : file.assignments()) {
            if (TincOption.of(assignment.name()).filter(MODELLED::contains).isEmpty()) {
                lines.add(assignment.toString());
            }
        }
        for (Block block : file.blocks()) {
            if (!block.label().equals(KEY_LABEL)) {
                lines.addAll(block.lines());
            }
        }
        return lines;
    }

    /** Splits at the {@code Name} lines; the separators between hosts are comments. */
    static List<HostFile> readExport(String text) {
        List<String> problems = new ArrayList<>();
        Map<String, StringBuilder> parts = new LinkedHashMap<>();
        StringBuilder part = null;
        for (String line : text.lines().toList()) {
            if (line.startsWith("Name = ")) {
                String name = line.substring("Name = ".length()).strip();
                part = new StringBuilder();
                if (!NodeName.isValid(name)) {
                    problems.add("\"" + TincConf.printable(name) + "\" is no node name; use only A-Z a-z 0-9 _");
                } else if (parts.putIfAbsent(name, part) != null) {
                    problems.add("node " + name + " is given twice; delete one of them");
                }
            } else if (part != null) {
                part.append(line).append('\n');
            } else if (!line.isBlank() && !line.startsWith("#")) {
                problems.add("the text does not begin with \"Name = \"; give the whole output of \"tinc export\"");
                break;
            }
        }
        List<HostFile> hosts = new ArrayList<>();
        parts.forEach((name, lines) -> {
            TincConf conf = TincConf.parse(lines.toString(), name);
            problems.addAll(conf.problems());
            hosts.add(new HostFileReader(
                            new NodeName(name), conf.assignments(), conf, PublicKeyFiles.NONE, problems, new ArrayList<>())
                    .read());
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return hosts;
    }
}
