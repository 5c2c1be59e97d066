package org.tinc4j.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tinc4j.Offload;
import org.tinc4j.testkit.ChildProcess;

/** A Java node with a kernel TUN, in a JVM of its own inside a namespace. Talks to {@link NodeProcess} line by line. */
final class JavaNode implements MeshNode {

    private final Site site;
    private final NodeFiles files;
    private final List<String> more = new ArrayList<>();
    private boolean inProcess;
    private ChildProcess process;
    private BufferedReader answers;

    JavaNode(NodeFiles files) {
        this.site = files.site();
        this.files = files;
    }

    @Override
    public Site site() {
        return site;
    }

    /** Forces these offloads off from its next start on, and all others on, also those that are off by default. */
    JavaNode without(Collection<Offload> disabled) {
        for (Offload offload : Offload.values()) {
            more.add((disabled.contains(offload) ? "-" : "+") + offload);
        }
        return this;
    }

    /** Is refused something by its kernel from its next start on. */
    JavaNode refused(Refusal refusal) {
        more.add("!" + refusal);
        return this;
    }

    /** Has no interface and no privilege from its next start on: an ordinary user without any capability. */
    JavaNode inProcess() {
        inProcess = true;
        // As container engines set it: port 655 is then anybody's.
        site.netns().kernelSetting("net/ipv4/ip_unprivileged_port_start", 0);
        return this;
    }

    @Override
    public void start() {
        files.write();
        process = ChildProcess.start(
                site.netns().wrap(inProcess ? OrdinaryUser.command(NodeProcess.class, site.directory()) : withInterface()), site.log());
        answers = process.process().inputReader(StandardCharsets.UTF_8);
        String first = readLine();
        if (!NodeProcess.READY.equals(first)) {
            process.kill();
            throw new IllegalStateException("Java node " + name() + " did not start: " + ChildProcess.read(site.log()));
        }
    }

    private List<String> withInterface() {
        List<String> arguments = new ArrayList<>(List.of(site.directory().toString(), site.overlay4() + "/24", site.overlay6() + "/64"));
        arguments.addAll(more);
        return JavaProgram.command(NodeProcess.class, arguments.toArray(String[]::new));
    }

    /** Sends a request; the answer is everything up to the closing line. */
    synchronized List<String> ask(String request) {
        try {
            var out = process.process().outputWriter(StandardCharsets.UTF_8);
            out.write(request + "\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Java node " + name() + " is gone; see " + site.log(), e);
        }
        List<String> lines = new ArrayList<>();
        for (String line = readLine(); !line.equals(NodeProcess.END); line = readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private String readLine() {
        try {
            return Optional.ofNullable(answers.readLine()).orElseThrow(
                    () -> new IllegalStateException("Java node " + name() + " is gone: " + ChildProcess.read(site.log())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<NodeView> nodes() {
        return ask("nodes").stream().map(JavaNode::view).toList();
    }

    private static NodeView view(String line) {
        String[] words = line.split(" ");
        return new NodeView(
                words[0],
                Boolean.parseBoolean(words[1]),
                words[2],
                words[3],
                Boolean.parseBoolean(words[4]),
                Integer.parseInt(words[5]),
                Boolean.parseBoolean(words[6]),
                words[7]);
    }

    @Override
    public int keyRenewals(String peer) {
        return Integer.parseInt(ask("renewals " + peer).get(0));
    }

    /** Whether the node itself, not its kernel, gets an answer from another one to an echo request. */
    boolean pings(MeshNode other) {
        return ask("ping " + other.name()).get(0).startsWith("pong");
    }

    /** Every offload it knows, with {@link NodeProcess#ACTIVE} or why it is off. */
    Map<Offload, String> capabilities() {
        return ask("capabilities").stream()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(words -> Offload.valueOf(words[0]), words -> words[1]));
    }

    /** What it has dropped: reasons and how many packets. */
    List<String> drops() {
        return ask("drops");
    }

    /** How many packets it has sealed for another node. */
    long packetsTo(MeshNode other) {
        return Long.parseLong(ask("packets " + other.name()).getFirst().split(" ")[0]);
    }

    /** How many packets it has opened from another node. */
    long packetsFrom(MeshNode other) {
        return Long.parseLong(ask("packets " + other.name()).getFirst().split(" ")[1]);
    }

    @Override
    public void terminate() {
        process.terminate();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
