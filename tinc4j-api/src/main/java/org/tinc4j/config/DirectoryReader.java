package org.tinc4j.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.tinc4j.AuthenticationException;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.config.TincConf.Assignment;
import org.tinc4j.config.TincOption.Scope;

/**
 * Reads one tinc directory, once, in these steps; problems are gathered to the end.
 *
 * <ol>
 *   <li>overrides, {@code tinc.conf}, {@code conf.d}
 *   <li>the name from these, and so the own host file; together they hold for the node itself
 *   <li>the key file
 *   <li>the other host files and {@code ConnectTo} are its peers
 * </ol>
 */
final class DirectoryReader {

    private static final TincConf NOTHING = new TincConf(List.of(), List.of(), List.of());

    /** Stands in where the name is missing, so that the rest is checked too. The missing name is a problem, so it is never returned. */
    private static final NodeName NAMELESS = new NodeName("_");

    private final Path directory;
    private final Function<String, Optional<String>> environment;
    private final List<String> problems = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    /** By node; those for the node itself under the empty text. */
    private final Map<String, List<Assignment>> overrides = new LinkedHashMap<>();

    private DirectoryReader(Path directory, Function<String, Optional<String>> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    static DirectoryContents read(Path directory, List<String> overrides, Function<String, Optional<String>> environment)
            throws IOException {
        return new DirectoryReader(directory, environment).read(overrides);
    }

    private DirectoryContents read(List<String> overrideTexts) throws IOException {
        Path tincConf = directory.resolve("tinc.conf");
        if (!Files.exists(tincConf)) {
            throw new ConfigException(List.of(tincConf + ": there is no such file, so " + directory
                    + " is no tinc directory; make one with \"tinc init\", or correct the path"));
        }
        readOverrides(overrideTexts);
        List<Assignment> serverLines = new ArrayList<>(overridesOf(""));
        serverLines.addAll(conf(tincConf).assignments());
        for (Path file : filesIn(directory.resolve("conf.d"))) {
            if (file.getFileName().toString().endsWith(".conf")) {
                serverLines.addAll(conf(file).assignments());
            }
        }
        Optional<NodeName> givenName = ownName(serverLines);
        TincConf ownFile = givenName.map(this::ownFile).orElse(NOTHING);
        NodeName name = givenName.orElse(NAMELESS);
        List<Assignment> ownLines = new ArrayList<>(overridesOf(name.value()));
        ownLines.addAll(serverLines);
        ownFile.assignments().stream().filter(line -> !line.names(TincOption.NAME.text())).forEach(ownLines::add);

        OptionValues own = values(ownLines);
        HostFile ownHost = new HostFileReader(name, ownLines, ownFile, PublicKeyFiles.in(directory), problems, remarks).read();
        ServerSettings server = ServerSettings.read(own, ownHost);
        own.remarkOnIdle(EnumSet.allOf(Scope.class));
        remarkOnAutoConnect(own, tincConf);
        remarkOnOwnCipher(own);
        Optional<NodeKey> key = key(own, ownHost);

        Map<NodeName, HostFile> hosts = new TreeMap<>(otherHosts(name));
        List<PeerSettings> peers = peers(hosts, dialled(own, name, hosts), server.routing());
        hosts.put(name, ownHost);
        overrides.keySet().stream()
                .filter(host -> !host.isEmpty() && !hosts.containsKey(new NodeName(host)))
                .forEach(host -> problems.add(OptionValues.OVERRIDE + ": node \"" + host + "\" has no host file; make hosts/" + host
                        + " or correct the name"));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new DirectoryContents(
                name, key.orElseThrow(), List.copyOf(ownLines), server, Collections.unmodifiableMap(hosts), peers, List.copyOf(remarks));
    }

    private void readOverrides(List<String> texts) {
        int number = 0;
        for (String text : texts) {
            TincConf conf = TincConf.parseLine(text, OptionValues.OVERRIDE, ++number);
            problems.addAll(conf.problems());
            for (Assignment line : conf.assignments()) {
                int dot = line.name().indexOf('.');
                String host = dot < 0 ? "" : line.name().substring(0, dot);
                String variable = line.name().substring(dot + 1);
                if (variable.isEmpty() || dot >= 0 && !NodeName.isValid(host)) {
                    problems.add(line.place() + ": \"" + TincConf.printable(line.name())
                            + "\" is neither a variable nor a node and a variable; write KEY=VALUE or HOST.KEY=VALUE");
                } else {
                    overrides.computeIfAbsent(host, any -> new ArrayList<>())
                            .add(new Assignment(variable, line.value(), line.file(), line.line()));
                }
            }
        }
    }

    private List<Assignment> overridesOf(String host) {
        return overrides.getOrDefault(host, List.of());
    }

    private OptionValues values(List<Assignment> lines) {
        return new OptionValues(lines, problems, remarks);
    }

    private Optional<NodeName> ownName(List<Assignment> serverLines) {
        OptionValues values = values(serverLines);
        if (values.all(TincOption.NAME).isEmpty()) {
            problems.add(directory.resolve("tinc.conf") + ": there is no Name; add the line \"Name = \" and the node's name");
            return Optional.empty();
        }
        Optional<Assignment> line = values.first(TincOption.NAME);
        return line.flatMap(given -> {
            Optional<String> text = given.value().startsWith("$") ? fromEnvironment(values, given) : Optional.of(given.value());
            try {
                return text.map(NodeName::new);
            } catch (IllegalArgumentException e) {
                values.problem(given, e.getMessage());
                return Optional.empty();
            }
        });
    }

    private Optional<String> fromEnvironment(OptionValues values, Assignment line) {
        String variable = line.value().substring(1);
        Optional<String> value = variable.isEmpty() ? Optional.empty() : environment.apply(variable);
        if (value.isEmpty()) {
            values.problem(line, "the environment has no such variable; set it, or write the name itself");
        }
        return value.map(text -> text.replaceAll("[^A-Za-z0-9_]", "_"));
    }

    private TincConf ownFile(NodeName name) {
        Path file = hostFile(name);
        if (!Files.exists(file)) {
            remarks.add(file + ": there is no such file; the node has the subnets and port of tinc.conf only");
            return NOTHING;
        }
        TincConf conf = conf(file);
        values(conf.assignments()).all(TincOption.NAME).stream()
                .filter(line -> !line.value().equals(name.value()))
                .forEach(line -> remarks.add(line.place() + ": Name belongs in tinc.conf, ignored here"));
        return conf;
    }

    private void remarkOnAutoConnect(OptionValues own, Path tincConf) {
        if (own.all(TincOption.AUTO_CONNECT).isEmpty()) {
            remarks.add(tincConf + ": AutoConnect is not given; unlike C tinc, only ConnectTo nodes are dialled");
        }
    }

    /** Host files are handed around whole, so such a line is easily taken for an order to this node. */
    private static void remarkOnOwnCipher(OptionValues own) {
        own.first(TincOption.SPTPS_CIPHER).ifPresent(line ->
                own.remark(line, "is for those who read it about this node, ignored here; write it into the host files of the others"));
    }

    private Optional<NodeKey> key(OptionValues own, HostFile ownHost) {
        Optional<Assignment> line = own.first(TincOption.ED25519_PRIVATE_KEY_FILE);
        try {
            Path file = directory.resolve(line.map(Assignment::value).orElse("ed25519_key.priv"));
            NodeKey key = NodeKey.read(file);
            if (ownHost.publicKey().filter(shown -> !shown.equals(key.publicKey())).isPresent()) {
                problems.add(hostFile(ownHost.name()) + ": its public key " + ownHost.publicKey().get() + " does not belong to " + file + ", whose public key is " + key.publicKey()
                        + "; write that into the host file and give it to the peers");
            }
            return Optional.of(key);
        } catch (InvalidPathException e) {
            line.ifPresent(given -> own.problem(given, "is no path; correct it"));
        } catch (AuthenticationException e) {
            problems.add(line.map(given -> given.place() + ": ").orElse("") + e.getMessage());
        }
        return Optional.empty();
    }

    private Map<NodeName, HostFile> otherHosts(NodeName own) throws IOException {
        Map<NodeName, HostFile> hosts = new LinkedHashMap<>();
        for (Path file : filesIn(directory.resolve("hosts"))) {
            String fileName = file.getFileName().toString();
            if (fileName.equals(own.value())) {
                continue;
            }
            if (NodeName.isValid(fileName)) {
                hosts.put(new NodeName(fileName), host(new NodeName(fileName), file));
            } else if (!fileName.matches("\\w+-(up|down)(\\..*)?")) {
                remarks.add(file + ": its name is no node's and no script's, ignored");
            }
        }
        return hosts;
    }

    private HostFile host(NodeName name, Path file) {
        TincConf conf = conf(file);
        List<Assignment> lines = new ArrayList<>(overridesOf(name.value()));
        lines.addAll(conf.assignments());
        values(lines).remarkOnIdle(Set.of(Scope.HOST, Scope.BOTH));
        return new HostFileReader(name, lines, conf, PublicKeyFiles.in(directory), problems, remarks).read();
    }

    private Set<NodeName> dialled(OptionValues own, NodeName name, Map<NodeName, HostFile> hosts) {
        Set<NodeName> dialled = new LinkedHashSet<>();
        for (Assignment line : own.all(TincOption.CONNECT_TO)) {
            if (!NodeName.isValid(line.value())) {
                own.problem(line, "is no node name; use only A-Z a-z 0-9 _");
                continue;
            }
            NodeName peer = new NodeName(line.value());
            if (peer.equals(name)) {
                own.remark(line, "is this node itself, ignored");
            } else if (!hosts.containsKey(peer)) {
                own.problem(line, "there is no host file " + hostFile(peer)
                        + "; get it from that node (\"tinc export\") or delete the line");
            } else if (hosts.get(peer).publicKey().isEmpty()) {
                own.problem(line, "host file " + hostFile(peer)
                        + " has no Ed25519PublicKey, and tinc 1.0 is not spoken; add that node's key or delete the line");
            } else if (!dialled.add(peer)) {
                own.remark(line, "is given twice");
            }
        }
        return dialled;
    }

    private static List<PeerSettings> peers(Map<NodeName, HostFile> hosts, Set<NodeName> dialled, RoutingOptions routing) {
        return hosts.values().stream()
                .map(host -> new PeerSettings(
                        host.name(),
                        host.publicKey(),
                        host.addresses(),
                        dialled.contains(host.name()),
                        routing.strictSubnets() ? host.subnets() : List.of(),
                        host.indirectData() || host.tcpOnly(),
                        host.tcpOnly(),
                        host.clampMss(),
                        host.pmtuDiscovery(),
                        host.pmtuBytes(),
                        host.weight(),
                        host.cipher()))
                .toList();
    }

    private Path hostFile(NodeName name) {
        return directory.resolve("hosts").resolve(name.value());
    }

    private TincConf conf(Path file) {
        try {
            TincConf conf = TincConf.parse(Files.readAllBytes(file), file.toString());
            problems.addAll(conf.problems());
            return conf;
        } catch (IOException e) {
            problems.add(file + ": cannot be read (" + e.getClass().getSimpleName()
                    + "); check that it is a file this process may read");
            return NOTHING;
        }
    }

    /** Regular files, by name: the order of a directory differs from host to host. */
    private static List<Path> filesIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            entries.forEach(files::add);
        }
        Collections.sort(files);
        return files;
    }
}
