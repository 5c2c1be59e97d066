package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.tinc4j.NodeKey;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.crypto.Vectors;

/**
 * A recorded session of tinc, seen from one of its sides: what that side received, and what it then said, byte for byte.
 */
final class Transcript {

    private final JsonNode root;
    private final Role role;

    Transcript(String file, Role role) {
        this.root = Vectors.read(file);
        this.role = role;
    }

    byte[] label() {
        return Vectors.bytes(root, "label");
    }

    NodeKey localKey() {
        JsonNode identity = root.get(nameOf(role) + "_identity");
        return NodeKey.of(Vectors.bytes(identity, "private64"), publicKeyOf(role));
    }

    NodePublicKey remoteKey() {
        return publicKeyOf(role.opposite());
    }

    private NodePublicKey publicKeyOf(Role of) {
        return NodePublicKey.of(Vectors.bytes(root.get(nameOf(of) + "_identity"), "public"));
    }

    /** The nonces and seeds this side used, in the order of use. */
    EntropySource entropy() {
        List<byte[]> chunks = new ArrayList<>();
        for (JsonNode ephemeral : root.get("ephemerals")) {
            if (ephemeral.get("use").textValue().endsWith(" " + nameOf(role))) {
                chunks.add(Vectors.bytes(ephemeral, "nonce"));
                chunks.add(Vectors.bytes(ephemeral, "ecdh_seed"));
            }
        }
        return out -> {
            byte[] chunk = chunks.removeFirst();
            System.arraycopy(chunk, 0, out, 0, out.length);
        };
    }

    /** A session under test. */
    interface Side {
        void start(SptpsSink sink);

        void receive(byte[] wire, SptpsSink sink);

        byte[] seal(int type, byte[] data);

        void rekey(SptpsSink sink);
    }

    /** Plays the other side from the record, and checks that the session says and reports exactly what was recorded. */
    void replay(Side side) {
        Recorder recorder = new Recorder();
        side.start(recorder);
        JsonNode events = root.get("transcript");
        for (int i = 0; i < events.size(); i++) {
            JsonNode event = events.get(i);
            boolean here = nameOf(role).equals(event.path("at").asText()) || nameOf(role).equals(event.path("from").asText());
            switch (event.get("event").textValue()) {
                case "wire" -> {
                    byte[] wire = Vectors.bytes(event, "bytes");
                    int type = event.get("record_type").intValue();
                    if (!here) {
                        side.receive(wire, recorder);
                    } else if (type == RecordType.HANDSHAKE) {
                        assertThat(recorder.sent).as("event %d", i).isNotEmpty();
                        assertThat(recorder.sent.removeFirst()).as("event %d", i).isEqualTo(wire);
                    } else {
                        assertThat(side.seal(type, deliveredNext(events, i))).as("event %d", i).isEqualTo(wire);
                    }
                }
                case "record_delivered" -> {
                    if (here) {
                        assertThat(recorder.said.removeFirst()).as("event %d", i)
                                .isEqualTo(event.get("type").intValue() + ":" + event.get("data").textValue());
                    }
                }
                case "handshake_complete" -> {
                    if (here) {
                        assertThat(recorder.said.removeFirst()).as("event %d", i).startsWith("established");
                    }
                }
                case "rekey_forced_by" -> {
                    if (here) {
                        side.rekey(recorder);
                    }
                }
                default -> throw new AssertionError("unknown event " + event);
            }
        }
        assertThat(recorder.sent).isEmpty();
        assertThat(recorder.said).isEmpty();
        assertThat(recorder.rounds).containsExactly(false, true, true);
    }

    private static byte[] deliveredNext(JsonNode events, int i) {
        return Vectors.bytes(events.get(i + 1), "data");
    }

    private static String nameOf(Role role) {
        return role == Role.INITIATOR ? "initiator" : "responder";
    }

    /** Keeps what a session hands out. */
    static final class Recorder implements SptpsSink {
        final List<byte[]> sent = new ArrayList<>();
        final List<String> said = new ArrayList<>();
        final List<Boolean> rounds = new ArrayList<>();

        @Override
        public void send(byte[] wire) {
            sent.add(wire);
        }

        @Override
        public void record(int type, byte[] data) {
            said.add(type + ":" + HexFormat.of().formatHex(data));
        }

        @Override
        public void established(boolean renewal) {
            said.add("established");
            rounds.add(renewal);
        }
    }
}
