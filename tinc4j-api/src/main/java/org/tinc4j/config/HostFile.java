package org.tinc4j.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.tinc4j.CipherSuite;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;

/**
 * What a {@code hosts/NAME} file says about one node. Immutable; the methods named like a component return a changed copy, so that a
 * file for a new node is {@code HostFile.of(name, key.publicKey()).address("hub.example.net", 655).subnet("10.7.0.1/32")}.
 *
 * <p><b>Errors.</b> Reading throws {@link ConfigException} with every problem of the file, each naming file and line.
 *
 * <p><b>Source.</b> tinc manual, "Host configuration variables".
 *
 * @param name the node
 * @param publicKey its Ed25519 key, from the line or else from the block
 * @param addresses where to dial it; a port the file leaves out is {@code port}, and that is 655 unless given
 * @param port the port the node listens on; 0 is assigned by its system
 * @param subnets ranges it owns
 * @param indirectData whether it is contacted only over meta connections; no
 * @param tcpOnly whether no UDP is used with it; no
 * @param clampMss whether TCP's MSS option is lowered to what the path takes; empty is as the reading node
 * @param pmtuDiscovery whether the path MTU to it is probed; empty is as the reading node
 * @param pmtuBytes upper limit of the path MTU, 512 to 1518
 * @param weight weight of the meta connection with it, from 0 on
 * @param cipher how everything is sealed between it and the reading node; empty is as they agree
 * @param compression how this node wants to receive packets: 0 none, 1 to 9 zlib, 10 and 11 LZO, 12 LZ4; it concerns the node itself
 * @param otherLines lines kept as they are: variables of tinc 1.0, unknown ones, and blocks such as an RSA key
 */
public record HostFile(
        NodeName name,
        Optional<NodePublicKey> publicKey,
        List<Endpoint> addresses,
        OptionalInt port,
        List<Subnet> subnets,
        boolean indirectData,
        boolean tcpOnly,
        Optional<Boolean> clampMss,
        Optional<Boolean> pmtuDiscovery,
        OptionalInt pmtuBytes,
        OptionalInt weight,
        Optional<CipherSuite> cipher,
        OptionalInt compression,
        List<String> otherLines) {

    private static final String SEPARATOR = "#" + "-".repeat(63) + "#";

    /** Copies the lists and checks that each other line is one line. */
    public HostFile {
        addresses = List.copyOf(addresses);
        subnets = List.copyOf(subnets);
        otherLines = List.copyOf(otherLines);
        for (String line : otherLines) {
            if (TincConf.hasControlCharacter(line)) {
                throw new IllegalArgumentException("a line of the host file of " + name + " has a control character");
            }
        }
    }

    /**
     * Of a node with nothing but a key.
     *
     * @param name the node
     * @param publicKey its key
     * @return a host file to add to
     */
    public static HostFile of(NodeName name, NodePublicKey publicKey) {
        return new HostFile(name, Optional.of(publicKey), List.of(), OptionalInt.empty(), List.of(), false, false, Optional.empty(),
                Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), List.of());
    }

    /**
     * Reads a host file; its name is the node's. An {@code Ed25519PublicKeyFile} that is no absolute path is looked for in the directory
     * above {@code hosts}.
     *
     * @param file for example {@code /etc/tinc/corp/hosts/hub}
     * @return what it says
     * @throws IOException if it cannot be read
     * @throws ConfigException with every problem found
     */
    public static HostFile read(Path file) throws IOException {
        String name = file.getFileName().toString();
        TincConf conf = TincConf.parse(Files.readAllBytes(file), file.toString());
        Path hosts = file.toAbsolutePath().normalize().getParent();
        Path base = hosts == null || hosts.getParent() == null ? Path.of("/") : hosts.getParent();
        return checked(new NodeName(name), conf, PublicKeyFiles.in(base));
    }

    /**
     * Reads a host file's text. The text must hold the key itself; one in another file is out of reach here.
     *
     * @param text all of it
     * @param name the node, and the file name in messages
     * @return what it says
     * @throws ConfigException with every problem found
     */
    public static HostFile parse(String text, NodeName name) {
        return checked(name, TincConf.parse(text, name.value()), PublicKeyFiles.NONE);
    }

    private static HostFile checked(NodeName name, TincConf conf, PublicKeyFiles keyFiles) {
        List<String> problems = new ArrayList<>(conf.problems());
        HostFile host = new HostFileReader(name, conf.assignments(), conf, keyFiles, problems, new ArrayList<>()).read();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return host;
    }

    /**
     * Reads what {@code tinc export} or {@code tinc export-all} printed: one or more host files, each after its {@code Name} line.
     *
     * @param text all of it
     * @return in the order of the text
     * @throws ConfigException with every problem found
     */
    public static List<HostFile> parseExport(String text) {
        return HostFileReader.readExport(text);
    }

    /**
     * Writes the file, replacing one that exists. Hosts are known to each other by these files, so give it a name others agree on.
     *
     * @param file for example {@code hosts/NAME}
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        Files.writeString(file, text(), StandardCharsets.UTF_8);
    }

    /**
     * The file's text.
     *
     * @return lines that {@link #parse} reads back to an equal value
     */
    public String text() {
        Stream.Builder<String> lines = Stream.builder();
        port.ifPresent(value -> lines.add("Port = " + value));
        addresses.forEach(address -> lines.add("Address = " + address.host()
                + (address.port() == port.orElse(Endpoint.DEFAULT_PORT) ? "" : " " + address.port())));
        subnets.forEach(subnet -> lines.add("Subnet = " + subnet));
        if (indirectData) {
            lines.add("IndirectData = yes");
        }
        if (tcpOnly) {
            lines.add("TCPOnly = yes");
        }
        clampMss.ifPresent(value -> lines.add("ClampMSS = " + word(value)));
        pmtuDiscovery.ifPresent(value -> lines.add("PMTUDiscovery = " + word(value)));
        pmtuBytes.ifPresent(value -> lines.add("PMTU = " + value));
        weight.ifPresent(value -> lines.add("Weight = " + value));
        cipher.ifPresent(value -> lines.add("SPTPSCipher = " + value.label()));
        compression.ifPresent(value -> lines.add("Compression = " + value));
        publicKey.ifPresent(key -> lines.add("Ed25519PublicKey = " + key));
        otherLines.forEach(lines::add);
        StringBuilder text = new StringBuilder();
        lines.build().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static String word(boolean value) {
        return value ? "yes" : "no";
    }

    /**
     * The file's text with the {@code Name} line in front that {@code tinc import} asks for.
     *
     * @return what to send to somebody
     */
    public String export() {
        return "Name = " + name + "\n" + text();
    }

    /**
     * Several host files as {@code tinc export-all} prints them.
     *
     * @param hosts in this order
     * @return what {@link #parseExport} and {@code tinc import} read
     */
    public static String export(List<HostFile> hosts) {
        return String.join(SEPARATOR + "\n", hosts.stream().map(HostFile::export).toList());
    }

    /**
     * With one more address to dial it at.
     *
     * @param host name or numeric address
     * @param addressPort 1 to 65535
     * @return a changed copy
     */
    public HostFile address(String host, int addressPort) {
        if (!host.equals(host.strip()) || host.split("\\s", 2).length > 1) {
            throw new IllegalArgumentException("address \"" + TincConf.printable(host) + "\" has a blank in it");
        }
        return new HostFile(name, publicKey, and(addresses, new Endpoint(host, addressPort)), port, subnets, indirectData, tcpOnly,
                clampMss, pmtuDiscovery, pmtuBytes, weight, cipher, compression, otherLines);
    }

    /**
     * With the port it listens on.
     *
     * @param listenPort 0 to 65535; 0 is assigned by its system
     * @return a changed copy
     */
    public HostFile port(int listenPort) {
        if (listenPort < 0 || listenPort > 65535) {
            throw new IllegalArgumentException("port " + listenPort + " of node " + name + " is outside 0..65535");
        }
        return new HostFile(name, publicKey, addresses, OptionalInt.of(listenPort), subnets, indirectData, tcpOnly, clampMss,
                pmtuDiscovery, pmtuBytes, weight, cipher, compression, otherLines);
    }

    /**
     * With one more range it owns.
     *
     * @param subnet for example {@code 10.7.3.0/24}
     * @return a changed copy
     */
    public HostFile subnet(String subnet) {
        return subnet(Subnet.parse(subnet));
    }

    /**
     * With one more range it owns.
     *
     * @param subnet the range
     * @return a changed copy
     */
    public HostFile subnet(Subnet subnet) {
        return new HostFile(name, publicKey, addresses, port, and(subnets, subnet), indirectData, tcpOnly, clampMss, pmtuDiscovery,
                pmtuBytes, weight, cipher, compression, otherLines);
    }

    private static <T> List<T> and(List<T> list, T more) {
        return Stream.concat(list.stream(), Stream.of(more)).toList();
    }
}
