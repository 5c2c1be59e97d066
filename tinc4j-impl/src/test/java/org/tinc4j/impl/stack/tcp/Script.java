package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One connection whose peer, network and clock are the test.
 *
 * <p>Sequence numbers in scripts are relative: 0 is the SYN, 1 the first byte, on both sides.
 */
final class Script implements SegmentSink {

    static final int MS = 1_000_000;
    static final int LOCAL_ISN = Integer.MAX_VALUE - 5_000;
    static final int REMOTE_ISN = -3_000;
    static final int MTU = 1500;
    static final int MSS = 1448;

    static final TcpSettings SETTINGS = TcpSettings.defaults(MTU);
    static final Flow FLOW = new Flow(address(1), 1111, address(2), 2222);

    final Deque<Sent> sent = new ArrayDeque<>();
    TcpConnection connection;
    long now = 1_000_000_000L;
    boolean timestamps;
    int peerTime = 70_000;
    int lastEcho;

    /** What the connection sent. */
    record Sent(WirePacket packet, int mss) {
        int seq() {
            return packet.seq() - LOCAL_ISN;
        }

        int ack() {
            return packet.ack() - REMOTE_ISN;
        }

        int length() {
            return packet.payload().length;
        }

        boolean has(int flag) {
            return packet.has(flag);
        }

        TcpOptions options() {
            return packet.segment().options();
        }

        String text() {
            return new String(packet.payload(), StandardCharsets.US_ASCII);
        }
    }

    static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Established by connecting; the peer has every option and a large window. */
    static Script established() {
        return established(SETTINGS, 65535);
    }

    static Script established(TcpSettings settings, int peerWindow) {
        return established(settings, peerWindow, 10 * MS);
    }

    static Script established(TcpSettings settings, int peerWindow, long roundTripNanos) {
        Script script = new Script();
        script.timestamps = true;
        script.connection = TcpConnection.connect(settings, FLOW, LOCAL_ISN, script.now, script);
        Sent syn = script.next();
        assertThat(syn.has(TcpFlags.SYN)).isTrue();
        script.lastEcho = syn.options().timestampValue();
        script.advance(roundTripNanos);
        script.peer().seq(0).ack(1).flags(TcpFlags.SYN | TcpFlags.ACK).window(Math.min(peerWindow, 65535)).synOptions(1460, 7, true).send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.ACK);
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        return script;
    }

    /** Established by connecting to a peer without any option but MSS. */
    static Script plain() {
        Script script = new Script();
        script.connection = TcpConnection.connect(SETTINGS, FLOW, LOCAL_ISN, script.now, script);
        script.next();
        script.advance(10 * MS);
        script.peer().seq(0).ack(1).flags(TcpFlags.SYN | TcpFlags.ACK).window(65535).options(new byte[] {2, 4, 5, (byte) 0xb4}).send();
        script.next();
        return script;
    }

    @Override
    public void segment(
            TcpConnection from,
            int seq,
            int ack,
            int flags,
            int window,
            byte[] options,
            int optionsLength,
            PayloadSource payload,
            int payloadLength,
            int mssBytes) {
        Sent segment = new Sent(WirePacket.of(seq, ack, flags, window, options, optionsLength, payload, payloadLength), mssBytes);
        sent.add(segment);
        if (segment.options().timestamps()) {
            lastEcho = segment.options().timestampValue();
        }
    }

    /** What was sent next. */
    Sent next() {
        assertThat(sent).as("something sent").isNotEmpty();
        return sent.poll();
    }

    Sent last() {
        Sent last = next();
        while (!sent.isEmpty()) {
            last = sent.poll();
        }
        return last;
    }

    void nothing() {
        assertThat(sent).as("nothing sent").isEmpty();
    }

    /** Lets time pass, and timers expire at their time. */
    void advance(long nanos) {
        long end = now + nanos;
        long next = connection.nextDeadlineNanos();
        while (next != TcpConnection.NEVER && next - end <= 0) {
            now = Math.max(now, next);
            connection.onDeadline(now, this);
            next = connection.nextDeadlineNanos();
        }
        now = end;
    }

    int write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return connection.write(bytes, 0, bytes.length, now, this);
    }

    int write(int bytes) {
        return connection.write(new byte[bytes], 0, bytes, now, this);
    }

    String read() {
        byte[] bytes = new byte[1 << 20];
        int count = connection.read(bytes, 0, bytes.length, now, this);
        return count < 0 ? null : new String(bytes, 0, count, StandardCharsets.US_ASCII);
    }

    Peer peer() {
        return new Peer();
    }

    /** A segment of the peer's. */
    final class Peer {
        private int seq = 1;
        private int ack = 1;
        private int flags = TcpFlags.ACK;
        private int window = 65535;
        private byte[] payload = {};
        private byte[] options;
        private int[] sack = {};
        private Integer time;
        private Integer echo;

        Peer seq(int relative) {
            seq = relative;
            return this;
        }

        Peer ack(int relative) {
            ack = relative;
            return this;
        }

        Peer flags(int bits) {
            flags = bits;
            return this;
        }

        Peer window(int field) {
            window = field;
            return this;
        }

        Peer data(String text) {
            payload = text.getBytes(StandardCharsets.US_ASCII);
            return this;
        }

        Peer data(int bytes) {
            payload = new byte[bytes];
            Arrays.fill(payload, (byte) 'x');
            return this;
        }

        Peer options(byte[] all) {
            options = all;
            return this;
        }

        Peer time(int value) {
            time = value;
            return this;
        }

        Peer echo(int value) {
            echo = value;
            return this;
        }

        /** SACK blocks: left, right, left, right, relative. */
        Peer sack(int... edges) {
            sack = edges;
            return this;
        }

        Peer synOptions(int mss, int shift, boolean permitted) {
            byte[] b = new byte[TcpOptions.MAX_BYTES];
            int at = TcpOptions.writeSyn(b, mss, permitted, shift);
            at = TcpOptions.writeTimestamps(b, at, peerTime, lastEcho);
            options = Arrays.copyOf(b, at);
            return this;
        }

        private byte[] ordinaryOptions() {
            byte[] b = new byte[TcpOptions.MAX_BYTES];
            int at = 0;
            if (timestamps) {
                at = TcpOptions.writeTimestamps(b, at, time != null ? time : ++peerTime, echo != null ? echo : lastEcho);
            }
            if (sack.length > 0) {
                at = TcpOptions.writeSackHead(b, at, sack.length / 2);
                for (int i = 0; i < sack.length; i += 2) {
                    at = TcpOptions.writeSackBlock(b, at, LOCAL_ISN + sack[i], LOCAL_ISN + sack[i + 1]);
                }
            }
            return Arrays.copyOf(b, at);
        }

        void send() {
            byte[] all = options != null ? options : ordinaryOptions();
            WirePacket packet = new WirePacket(REMOTE_ISN + seq, LOCAL_ISN + ack, flags, window, all, payload);
            connection.onSegment(packet.segment(), now, Script.this);
        }
    }

    /** The bytes of a payload source, for tests of parts. */
    static byte[] bytes(PayloadSource source, int length) {
        byte[] bytes = new byte[length];
        source.copyTo(0, length, ByteBuffer.wrap(bytes), 0);
        return bytes;
    }
}
