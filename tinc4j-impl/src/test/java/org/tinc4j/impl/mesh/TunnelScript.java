package org.tinc4j.impl.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tinc4j.CipherSuite;
import org.tinc4j.TincBase64;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.sptps.DatagramSession;
import org.tinc4j.impl.sptps.Role;
import org.tinc4j.impl.sptps.SptpsLabels;
import org.tinc4j.impl.sptps.SptpsSink;

/** One tunnel session of a scripted neighbour: it makes keys with a node as tincd does, or with words and numbers of its own. */
final class TunnelScript implements SptpsSink {

    final DatagramSession session;

    /** Words behind its REQ_KEY. */
    String words = "";

    /** The field "cipher" of its first ANS_KEY. */
    int cipher = -1;

    private final MeshHarness harness;
    private final Neighbour neighbour;
    private final String names;
    private final Role role;
    private boolean spoke;

    /**
     * One that has not begun.
     *
     * @param role of the neighbour
     * @param suites what the neighbour may use
     */
    TunnelScript(MeshHarness harness, Neighbour neighbour, MeshTestNode node, Role role, List<CipherSuite> suites) {
        this.harness = harness;
        this.neighbour = neighbour;
        this.names = neighbour.name + " " + node.name;
        this.role = role;
        byte[] label = role == Role.INITIATOR ? SptpsLabels.udp(neighbour.name, node.name) : SptpsLabels.udp(node.name, neighbour.name);
        this.session = new DatagramSession(
                role, neighbour.key, node.key.publicKey(), label, suites, new Random(9)::nextBytes, new DatagramCipher(16),
                new AeadEngines(Optional.empty()).newEngine());
    }

    @Override
    public void send(byte[] wire) {
        String text = TincBase64.encode(wire);
        if (spoke || role == Role.RESPONDER) {
            neighbour.say("16 " + names + " " + text + " " + (spoke ? -1 : cipher) + " -1 -1 0");
        } else {
            neighbour.say("15 " + names + " 15 " + text + words);
        }
        spoke = true;
    }

    @Override
    public void record(int type, byte[] data) {}

    @Override
    public void established(boolean renewal) {}

    /** Starts, and answers all it hears for a while. */
    List<String> run() {
        session.start(this);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (String line : List.copyOf(neighbour.heard)) {
                String[] fields = line.split(" ");
                if (fields[0].equals("16") || fields[0].equals("15") && fields[3].equals("15")) {
                    answers.add(line);
                    session.receiveHandshake(TincBase64.decode(fields[fields[0].equals("16") ? 3 : 4]), this);
                }
            }
            neighbour.heard.clear();
            harness.run(Duration.ofMillis(5));
        }
        return answers;
    }
}
