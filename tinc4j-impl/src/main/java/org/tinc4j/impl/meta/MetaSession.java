package org.tinc4j.impl.meta;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.meta.MetaState.Active;
import org.tinc4j.impl.meta.MetaState.AwaitingAck;
import org.tinc4j.impl.meta.MetaState.AwaitingId;
import org.tinc4j.impl.meta.MetaState.Closed;
import org.tinc4j.impl.meta.MetaState.Handshaking;
import org.tinc4j.impl.sptps.Role;
import org.tinc4j.impl.sptps.SptpsLabels;
import org.tinc4j.impl.sptps.SptpsSink;
import org.tinc4j.impl.sptps.StreamSession;
import org.tinc4j.impl.wire.MetaRequest;
import org.tinc4j.impl.wire.MetaRequestParser;

/**
 * One meta connection from ID to close.
 *
 * <pre>
 * clear text   ID line "0 name 17.7\n" in each direction
 * then         SPTPS records; each application record is one request
 *              after "17 len"  the next record is an Ethernet frame
 *              after "21 len"  len raw bytes outside of SPTPS, then records again
 * </pre>
 *
 * <p><b>Threads.</b> Machine; confined to the control thread.
 */
public final class MetaSession {

    /** Who made the TCP connection; it is the SPTPS initiator and speaks first. */
    public enum Origin {
        DIALLED,
        ACCEPTED
    }

    /** Protocol version spoken: 17.7. */
    static final int MAJOR = 17;

    /** See {@link #MAJOR}. */
    public static final int MINOR = 7;

    /** From this minor version on a node speaks SPTPS. */
    private static final int FIRST_SPTPS_MINOR = 2;

    /** "Each text field is read with at most 2048 characters"; a longer ID line is no ID line. */
    private static final int MAX_ID_LINE = 2048;


    /** "tinc formats requests in a 2176 byte buffer": what is longer, with its newline, cannot be passed on. */
    public static final int MAX_TEXT = 2175;

    /**
     * Records sealed on one connection before it is made anew: the sequence number has 32 bits and is not reset by anything else. Each
     * direction counts for itself, and the margin is for what is sent meanwhile.
     */
    private static final long MAX_SEALED = 0xffff_0000L;

    /** Frames longer than this are no frames: MTU 1518 and the expansion that compression may add. */
    private static final int MAX_FRAME = 1673;

    private final int id;
    private final Origin origin;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final NodeName self;
    private final NodeKey key;
    private final EntropySource entropy;
    private final NodeName expected;
    private final long openedNanos;
    private final MetaEvents events;

    private MetaState state = new AwaitingId();
    private byte[] input = new byte[256];
    private int inputStart;
    private int inputEnd;
    private int frameBytes = -1;
    private int rawBytes = -1;
    private int peerMinor;
    private long sealed;

    /**
     * A connection just made.
     *
     * @param id the shell's number for the TCP connection
     * @param expected whom we dialled; null when accepted
     */
    public MetaSession(
            int id,
            Origin origin,
            NodeName expected,
            InetSocketAddress remote,
            InetSocketAddress local,
            NodeName self,
            NodeKey key,
            EntropySource entropy,
            long nowNanos,
            MetaEvents events) {
        this.id = id;
        this.origin = origin;
        this.expected = expected;
        this.remote = remote;
        this.local = local;
        this.self = self;
        this.key = key;
        this.entropy = entropy;
        this.openedNanos = nowNanos;
        this.events = events;
    }

    /** Says hello, when it is on us to speak first. */
    public void start() {
        if (origin == Origin.DIALLED) {
            writeId();
        }
    }

    public int id() {
        return id;
    }

    public Origin origin() {
        return origin;
    }

    public InetSocketAddress remote() {
        return remote;
    }

    public InetSocketAddress local() {
        return local;
    }

    public long openedNanos() {
        return openedNanos;
    }

    /** Whom it is with, or was dialled for; null while an accepted connection has not said. */
    public NodeName peer() {
        return switch (state) {
            case AwaitingId s -> expected;
            case Handshaking s -> s.peer();
            case AwaitingAck s -> s.peer();
            case Active s -> s.peer();
            case Closed s -> expected;
        };
    }

    public boolean active() {
        return state instanceof Active;
    }

    /** Whether the peer said its name and has not proved it yet. */
    public boolean handshaking() {
        return state instanceof Handshaking;
    }

    public boolean closed() {
        return state instanceof Closed;
    }

    /** The peer's protocol minor version; 0 before its ID. */
    public int peerMinor() {
        return peerMinor;
    }

    /** Sends a request; only once authenticated. */
    public void send(MetaRequest request) {
        sendText(request.encode());
    }

    /** Sends a request that is already text, as floods are passed on unchanged. */
    public void sendText(String request) {
        byte[] text = (request + "\n").getBytes(StandardCharsets.ISO_8859_1);
        sealAndWrite(text);
    }

    /** Sends an Ethernet frame as PACKET. */
    public void sendFrame(byte[] frame) {
        send(new MetaRequest.PacketHeader(frame.length));
        sealAndWrite(frame);
    }

    /** Sends destination id, source id and datagram as SPTPS_PACKET: the bytes lie outside of SPTPS. */
    public void sendSealedPacket(byte[] packet) {
        send(new MetaRequest.SptpsPacketHeader(packet.length));
        events.write(this, packet);
    }

    private void sealAndWrite(byte[] data) {
        StreamSession sptps =
                switch (state) {
                    case AwaitingAck s -> s.sptps();
                    case Active s -> s.sptps();
                    case Handshaking s -> throw new IllegalStateException("the handshake with " + s.peer() + " is not complete");
                    case AwaitingId s -> throw new IllegalStateException("the connection has not been identified");
                    case Closed s -> null;
                };
        if (sptps != null) {
            events.write(this, sptps.seal(0, data));
            sealed++;
        }
    }

    /** Ends it from our side; nothing is told. */
    public void close() {
        StreamSession sptps =
                switch (state) {
                    case Handshaking s -> s.sptps();
                    case AwaitingAck s -> s.sptps();
                    case Active s -> s.sptps();
                    case AwaitingId s -> null;
                    case Closed s -> null;
                };
        if (sptps != null) {
            sptps.destroy();
        }
        state = new Closed();
        input = new byte[0];
        inputStart = 0;
        inputEnd = 0;
    }

    private void fail(String reason) {
        if (!(state instanceof Closed)) {
            // The mesh still sees whom it was with, and closes it.
            events.failed(this, reason);
            close();
        }
    }

    /** Bytes from the TCP connection, in pieces of any size. */
    public void received(byte[] bytes, int length) {
        if (state instanceof Closed) {
            return;
        }
        if (sealed > MAX_SEALED) {
            fail("its sequence numbers are used up; it is made anew");
            return;
        }
        append(bytes, length);
        int before;
        do {
            before = inputStart;
            step();
        } while (inputStart != before && inputStart < inputEnd && !(state instanceof Closed));
        if (inputStart == inputEnd) {
            inputStart = 0;
            inputEnd = 0;
        }
    }

    private void append(byte[] bytes, int length) {
        if (inputEnd + length > input.length) {
            int used = inputEnd - inputStart;
            byte[] target = used + length > input.length ? new byte[Integer.highestOneBit(used + length) * 2] : input;
            System.arraycopy(input, inputStart, target, 0, used);
            input = target;
            inputStart = 0;
            inputEnd = used;
        }
        System.arraycopy(bytes, 0, input, inputEnd, length);
        inputEnd += length;
    }

    private void step() {
        switch (state) {
            case AwaitingId s -> readIdLine();
            case Handshaking s -> readRecord(s.sptps());
            case AwaitingAck s -> readRecord(s.sptps());
            case Active s -> {
                if (rawBytes >= 0) {
                    readRaw(s.peer());
                } else {
                    readRecord(s.sptps());
                }
            }
            case Closed s -> {}
        }
    }

    private void readIdLine() {
        int limit = Math.min(inputEnd, inputStart + MAX_ID_LINE);
        for (int i = inputStart; i < limit; i++) {
            if (input[i] == '\n') {
                String line = new String(input, inputStart, i - inputStart, StandardCharsets.ISO_8859_1);
                inputStart = i + 1;
                identify(line);
                return;
            }
        }
        if (inputEnd - inputStart >= MAX_ID_LINE) {
            fail("no ID line within " + MAX_ID_LINE + " bytes");
        }
    }

    private void identify(String line) {
        if (!(MetaRequestParser.parse(line) instanceof MetaRequestParser.Result.Parsed parsed)
                || !(parsed.request() instanceof MetaRequest.Id hello)) {
            fail("the first line is no ID");
            return;
        }
        if (!NodeName.isValid(hello.name())) {
            fail(hello.name().startsWith("?") || hello.name().startsWith("^")
                    ? "invitation and control connections are not served"
                    : "the peer's name is illegal");
            return;
        }
        NodeName peer = new NodeName(hello.name());
        if (peer.equals(self)) {
            fail("the peer uses our own name " + self);
            return;
        }
        if (expected != null && !expected.equals(peer)) {
            fail("the peer calls itself " + peer + ", but we dialled " + expected);
            return;
        }
        if (hello.major() != MAJOR) {
            fail(peer + " speaks protocol " + hello.major() + "." + hello.minor() + ", we speak " + MAJOR + "." + MINOR);
            return;
        }
        Optional<NodePublicKey> peerKey = events.keyOf(peer);
        if (peerKey.isEmpty()) {
            fail("no public key of " + peer + " is configured");
            return;
        }
        if (hello.minor() < FIRST_SPTPS_MINOR) {
            fail(peer + " wants the protocol of tinc 1.0 (17." + hello.minor()
                    + "), which is not spoken; give it our public key");
            return;
        }
        peerMinor = hello.minor();
        if (origin == Origin.ACCEPTED) {
            writeId();
        }
        Role role = origin == Origin.DIALLED ? Role.INITIATOR : Role.RESPONDER;
        byte[] label = origin == Origin.DIALLED ? SptpsLabels.tcp(self, peer) : SptpsLabels.tcp(peer, self);
        StreamSession sptps = new StreamSession(role, key, peerKey.get(), label, events.suiteOf(peer), entropy);
        state = new Handshaking(peer, sptps);
        sptps.start(sink);
    }

    private void writeId() {
        byte[] line = (new MetaRequest.Id(self.value(), MAJOR, MINOR).encode() + "\n").getBytes(StandardCharsets.ISO_8859_1);
        events.write(this, line);
    }

    private void readRecord(StreamSession sptps) {
        int consumed = sptps.receive(input, inputStart, inputEnd - inputStart, sink);
        if (consumed < 0) {
            fail(sptps.failure());
        } else if (!(state instanceof Closed)) {
            inputStart += consumed;
        }
    }

    private void readRaw(NodeName peer) {
        if (inputEnd - inputStart >= rawBytes) {
            byte[] packet = Arrays.copyOfRange(input, inputStart, inputStart + rawBytes);
            inputStart += rawBytes;
            rawBytes = -1;
            events.sealedPacket(this, peer, packet);
        }
    }

    private final SptpsSink sink = new SptpsSink() {
        @Override
        public void send(byte[] wire) {
            events.write(MetaSession.this, wire);
        }

        @Override
        public void established(boolean renewal) {
            if (state instanceof Handshaking s) {
                state = new AwaitingAck(s.peer(), s.sptps());
                events.authenticated(MetaSession.this, s.peer())
                        .ifPresentOrElse(
                                MetaSession.this::send,
                                () -> fail("another connection with " + s.peer() + " is kept instead"));
            }
        }

        @Override
        public void record(int type, byte[] data) {
            switch (state) {
                case AwaitingAck s -> onAck(s, data);
                case Active s -> onRecord(s, data);
                case AwaitingId s -> fail("a record before the ID");
                case Handshaking s -> fail("a record before the end of the handshake");
                case Closed s -> {}
            }
        }
    };

    private void onAck(AwaitingAck awaiting, byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        if (MetaRequestParser.parse(text) instanceof MetaRequestParser.Result.Parsed parsed
                && parsed.request() instanceof MetaRequest.Ack ack) {
            state = new Active(awaiting.peer(), awaiting.sptps());
            events.activated(this, awaiting.peer(), ack);
        } else {
            fail("the first request is no ACK");
        }
    }

    private void onRecord(Active active, byte[] data) {
        if (frameBytes >= 0) {
            if (data.length != frameBytes) {
                fail("PACKET announced " + frameBytes + " bytes, " + data.length + " came");
                return;
            }
            frameBytes = -1;
            if (data.length <= MAX_FRAME) {
                events.packet(this, active.peer(), data);
            }
            return;
        }
        String text = firstLine(data);
        if (text.length() > MAX_TEXT) {
            fail("a request of " + text.length() + " characters, at most " + MAX_TEXT + " are allowed");
            return;
        }
        switch (MetaRequestParser.parse(text)) {
            case MetaRequestParser.Result.Malformed bad -> fail("malformed request: " + bad.reason());
            case MetaRequestParser.Result.Parsed parsed -> onRequest(active, parsed.request(), text);
        }
    }

    /** "Two requests in one record: only the first is handled." */
    private static String firstLine(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != '\n') {
            end++;
        }
        return new String(data, 0, end, StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private void onRequest(Active active, MetaRequest request, String text) {
        switch (request) {
            case MetaRequest.Ping ping -> send(new MetaRequest.Pong());
            case MetaRequest.Termreq end -> fail("the peer asked to end the connection");
            case MetaRequest.Id again -> fail("ID on an active connection");
            // "An implementation must treat a second ACK as a failure."
            case MetaRequest.Ack again -> fail("a second ACK");
            case MetaRequest.PacketHeader header -> frameBytes = header.length() == 0 ? -1 : header.length();
            case MetaRequest.SptpsPacketHeader header -> rawBytes = header.length();
            default -> events.request(this, active.peer(), request, text);
        }
    }
}
