package org.tinc4j.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tinc4j.Device;
import org.tinc4j.NodeName;
import org.tinc4j.Tinc;
import org.tinc4j.config.ServerSettings.ListenAddress;
import org.tinc4j.config.TincConf.Assignment;

/**
 * An existing tinc directory: {@code tinc.conf}, {@code conf.d/*.conf} in order of their names, {@code hosts/} and the key file.
 * Immutable: a snapshot of the moment it was read.
 *
 * <p>Every node in {@code hosts/} becomes known by its key and addresses; those in {@code ConnectTo} are dialled. With
 * {@code StrictSubnets} or {@code TunnelServer} their {@code Subnet} lines become the only ranges they may announce.
 *
 * <p>Variables are treated in one of four ways:
 * <ul>
 *   <li>What C tinc does with a routed, SPTPS-only mesh is a setting of the node.
 *   <li>{@code DeviceStandby}, {@code Hostnames}, {@code InvitationExpire}, {@code LogLevel}, {@code ProcessPriority},
 *       {@code ScriptsExtension} and {@code ScriptsInterpreter} are for the program around the node: {@link #value(String)}.
 *   <li>What has no effect (obsolete, of tinc 1.0, unknown) is named by {@link #ignored()}.
 *   <li>What is not supported is refused by name, unless its value switches it off: {@code Mode}, {@code Device}, {@code DeviceType},
 *       {@code Proxy}, {@code UPnP}, {@code Compression}, {@code Sandbox}, {@code ExperimentalProtocol}, {@code Forwarding = kernel},
 *       {@code FWMark}, {@code BindToInterface}, {@code AutoConnect}.
 * </ul>
 *
 * <p>Different from C tinc: without {@code AutoConnect} only {@code ConnectTo} nodes are dialled. A variable that two files give
 * different values is refused; C tinc takes the one with the lower line number, whichever file that is in. A bad value is refused where
 * C tinc takes the default.
 *
 * <p><b>Errors.</b> {@link ConfigException} with every problem of all files, each with file and line, value, and remedy. No message
 * shows a private key or a proxy's password.
 *
 * <p><b>Source.</b> tinc manual, chapter "Configuration".
 */
public final class TincDirectory {

    private static final int LONGEST_INTERFACE_NAME = 15;

    private final Path path;
    private final DirectoryContents contents;

    private TincDirectory(Path path, DirectoryContents contents) {
        this.path = path;
        this.contents = contents;
    }

    /**
     * Reads a directory.
     *
     * @param directory what C tinc calls its configuration base, for example {@code /etc/tinc/corp}
     * @return what it says
     * @throws IOException if a directory cannot be listed
     * @throws ConfigException with every problem found
     */
    public static TincDirectory read(Path directory) throws IOException {
        return read(directory, List.of());
    }

    /**
     * Reads a directory, with assignments that win over its files.
     *
     * @param directory what C tinc calls its configuration base
     * @param overrides each {@code KEY=VALUE} or {@code HOST.KEY=VALUE}, as after {@code tincd -o}
     * @return what they say
     * @throws IOException if a directory cannot be listed
     * @throws ConfigException with every problem found
     */
    public static TincDirectory read(Path directory, List<String> overrides) throws IOException {
        return read(directory, overrides, HostEnvironment::variable);
    }

    /**
     * Reads a directory in an environment of the caller's making, which {@code Name = $VARIABLE} refers to.
     *
     * @param directory what C tinc calls its configuration base
     * @param overrides each {@code KEY=VALUE} or {@code HOST.KEY=VALUE}
     * @param environment value of a variable; asked for {@code HOST} it may answer with the host's name
     * @return what they say
     * @throws IOException if a directory cannot be listed
     * @throws ConfigException with every problem found
     */
    public static TincDirectory read(Path directory, List<String> overrides, Function<String, Optional<String>> environment)
            throws IOException {
        return new TincDirectory(directory, DirectoryReader.read(directory, overrides, environment));
    }

    /**
     * The directory.
     *
     * @return as given
     */
    public Path path() {
        return path;
    }

    /**
     * The node's own name.
     *
     * @return with {@code $VARIABLE} replaced
     */
    public NodeName name() {
        return contents.name();
    }

    /**
     * What the files in {@code hosts/} say, in order of names. The node's own entry has what {@code tinc.conf} adds to it.
     *
     * @return by name; the node itself is among them
     */
    public Map<NodeName, HostFile> hosts() {
        return contents.hosts();
    }

    /**
     * What has no effect here, or another one than it seems: unknown, obsolete or misplaced variables, and values taken differently.
     *
     * @return one line each, for a log
     */
    public List<String> ignored() {
        return contents.remarks();
    }

    /**
     * The value of a variable of {@code tinc.conf} or the own host file, also of one the library does nothing with.
     *
     * @param option in any case, for example {@code ScriptsInterpreter}
     * @return the value that counts, as written
     */
    public Optional<String> value(String option) {
        return values(option).stream().findFirst();
    }

    /**
     * All values of a variable that may be given several times.
     *
     * @param option in any case
     * @return overrides first, then as in the files
     */
    public List<String> values(String option) {
        return contents.assignments().stream().filter(assignment -> assignment.names(option)).map(Assignment::value).toList();
    }

    /**
     * A builder with all of it, for a network named like the directory.
     *
     * @return a builder that further calls may change
     * @throws ConfigException if an address to listen on cannot be resolved
     */
    public Tinc.Builder builder() {
        Path directoryName = path.toAbsolutePath().normalize().getFileName();
        return builder(directoryName == null || directoryName.toString().isBlank() ? "tinc" : directoryName.toString());
    }

    /**
     * A builder with all of it.
     *
     * @param network the mesh's name; the kernel interface is called so unless {@code Interface} says otherwise
     * @return a builder that further calls may change
     * @throws ConfigException if an address to listen on cannot be resolved
     */
    public Tinc.Builder builder(String network) {
        ServerSettings server = contents.server();
        Tinc.Builder builder = Tinc.network(network)
                .name(name().value())
                .key(contents.key())
                .device(device(network))
                .timing(base -> server.timing())
                .routing(server.routing())
                .link(server.link());
        hosts().get(name()).subnets().forEach(builder::subnet);
        contents.peers().forEach(builder::peer);
        listen(builder);
        return builder;
    }

    /**
     * Where inner packets come from and go to, as the files have it: {@code DeviceType = dummy} is {@link Device#none()}; an
     * {@code Interface} or {@code DeviceType = tun} insists on the kernel; else it is the kernel where permitted.
     *
     * @param network names the kernel interface unless {@code Interface} does
     * @return for {@link Tinc.Builder#device}, perhaps after {@link Device.Kernel#unconfigured()} where a {@code tinc-up} script does
     *     the rest
     */
    public Device device(String network) {
        Device.Kernel named = network.length() <= LONGEST_INTERFACE_NAME && network.matches("[A-Za-z0-9_.-]+") && !network.matches("\\.+")
                ? Device.kernel().name(network)
                : Device.kernel();
        return switch (contents.server().device().orElse(null)) {
            case null -> new Device.Auto(named);
            case Device.Kernel kernel -> kernel.name().isPresent() ? kernel : named;
            case Device other -> other;
        };
    }

    private void listen(Tinc.Builder builder) {
        List<String> problems = new ArrayList<>();
        for (ListenAddress listen : contents.server().listen()) {
            if (listen.host().isEmpty()) {
                builder.port(listen.port());
                continue;
            }
            InetSocketAddress address = new InetSocketAddress(listen.host().get(), listen.port());
            if (address.isUnresolved()) {
                problems.add(listen.place() + ": listen address \"" + TincConf.printable(listen.host().get())
                        + "\" cannot be resolved; write a numeric address of this host, or *");
            } else {
                builder.listen(address);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Path and name only. */
    @Override
    public String toString() {
        return "TincDirectory[" + path + ", " + name() + "]";
    }
}
