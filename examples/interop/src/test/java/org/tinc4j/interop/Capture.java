package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;

/** What passes the interface of a node, recorded by dumpcap and judged by tshark. */
final class Capture implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** The pattern of an echo request, and of its answer: 16 bytes, behind the 16 where ping puts the time. */
    private static final String MARK = "that was it, all";

    private static final int TAIL_BYTES = 1 << 16;

    private static final List<String> FIELDS = List.of(
            "frame.number", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport",
            "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status", "tcp.seq", "tcp.len",
            "tcp.options.timestamp.tsval", "_ws.expert.severity", "_ws.expert.message");

    /** Between values of one field. */
    private static final String AND = "|";

    // As tshark prints them.
    private static final String CHAT = "2097152";
    private static final String GOOD = "1";

    private final MeshNode node;
    private final Path file;
    private final ChildProcess process;

    /**
     * A packet.
     *
     * @param number in the file
     * @param source its address
     * @param sourcePort 0 unless TCP or UDP
     * @param destinationPort 0 unless TCP or UDP
     * @param verified whether the checksum of its TCP, UDP or ICMP was verified
     * @param seq number of its first byte in the stream; 0 unless TCP
     * @param length of what it carries; 0 unless TCP
     * @param stamp its timestamp, in milliseconds of its sender's; -1 without
     * @param notes remarks of the expert, chat aside
     */
    record Packet(
            int number, String source, int sourcePort, int destinationPort, boolean verified, long seq, int length, long stamp,
            List<String> notes) {}

    private Capture(MeshNode node, String device) {
        if (!Command.run(List.of("tshark", "--version")).succeeded()) {
            throw new IllegalStateException("tshark is missing; apt-get install tshark");
        }
        this.node = node;
        this.file = node.site().directory().resolve("capture.pcapng");
        Path log = node.site().directory().resolve("dumpcap.log");
        this.process = ChildProcess.start(
                node.site().netns().wrap(List.of("dumpcap", "-q", "-i", device, "-B", "64", "-w", file.toString())), log);
        await("dumpcap").atMost(LIMIT).until(() -> process.logText().contains("File: "));
    }

    /** Records what passes an interface from now on. */
    static Capture start(MeshNode node, String device) {
        return new Capture(node, device);
    }

    /**
     * Ends it and lets tshark judge.
     *
     * @param beyond an address beyond the interface
     * @return the packets of TCP, UDP and ICMP, and whatever else the expert has something to say about
     */
    List<Packet> stop(String beyond) {
        // The recorder writes by blocks; what has passed is in the file when what passed behind it is.
        String pattern = MARK.chars().mapToObj(Integer::toHexString).collect(Collectors.joining());
        node.site().netns().require("ping", "-n", "-c", "1", "-s", Integer.toString(2 * MARK.length()), "-p", pattern, beyond);
        await("the last packets in " + file).atMost(LIMIT).until(() -> tail().indexOf(MARK) < tail().lastIndexOf(MARK));
        process.terminate();
        assertThat(process.logText()).as("dropped by the recorder").contains("pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0");
        return read();
    }

    private String tail() {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, in.length())];
            in.seek(in.length() - bytes.length);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Packet> read() {
        List<String> words = new ArrayList<>(List.of(
                "tshark", "-n", "-r", file.toString(), "-Y", "tcp || udp || icmp || icmpv6 || _ws.expert",
                "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
                // Not what is usual at these ports.
                "-d", "tcp.port==" + Flow.PORTS + ",data", "-d", "udp.port==" + Flow.PORTS + ",data",
                "-T", "fields", "-E", "separator=/t", "-E", "aggregator=" + AND));
        FIELDS.forEach(field -> words.addAll(List.of("-e", field)));
        return Command.require(words).lines().filter(line -> line.contains("\t")).map(line -> packet(line.split("\t", -1))).toList();
    }

    private static Packet packet(String[] values) {
        String[] severities = field(values, "_ws.expert.severity").split(Pattern.quote(AND));
        String[] messages = field(values, "_ws.expert.message").split(Pattern.quote(AND));
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < messages.length; i++) {
            if (!messages[i].isEmpty() && !severities[i].equals(CHAT)) {
                notes.add(messages[i]);
            }
        }
        String stamp = field(values, "tcp.options.timestamp.tsval");
        return new Packet(
                Integer.parseInt(values[0]),
                field(values, "ip.src") + field(values, "ipv6.src"),
                number(field(values, "tcp.srcport") + field(values, "udp.srcport")),
                number(field(values, "tcp.dstport") + field(values, "udp.dstport")),
                (field(values, "tcp.checksum.status") + field(values, "udp.checksum.status") + field(values, "icmp.checksum.status")
                        + field(values, "icmpv6.checksum.status")).equals(GOOD),
                number(field(values, "tcp.seq")),
                number(field(values, "tcp.len")),
                stamp.isEmpty() ? -1 : Long.parseLong(stamp),
                notes);
    }

    private static int number(String text) {
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    private static String field(String[] values, String name) {
        return values[FIELDS.indexOf(name)];
    }

    @Override
    public void close() {
        process.close();
    }
}
