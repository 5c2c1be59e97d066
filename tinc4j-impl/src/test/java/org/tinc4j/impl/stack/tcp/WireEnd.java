package org.tinc4j.impl.stack.tcp;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One end of a {@link WireSimulation}: a connection and an application that writes random bytes and reads all that comes. */
final class WireEnd implements SegmentSink {

    private static final int KEPT_BYTES = 500_000;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final ByteArrayOutputStream keptWritten = new ByteArrayOutputStream();
    private final WireSimulation simulation;
    private final Consumer<WirePacket> wire;
    private final MessageDigest written = sha256();
    private final MessageDigest read = sha256();
    private final byte[] chunk = new byte[32 << 10];
    private final byte[] readBuffer = new byte[64 << 10];
    private TcpSettings settings;
    private Flow flow;
    private int isn;
    private SplittableRandom content = new SplittableRandom(1);
    private int chunkAt = chunk.length;
    private long toWrite;
    private long wakeNanos = TcpConnection.NEVER;
    private boolean reading = true;
    private boolean closing;
    TcpConnection connection;
    long readBytes;
    long writtenBytes;
    long lastReadNanos;
    long longestPauseNanos;
    long maxMemoryBytes;
    long largestPayload;
    long segmentsSent;

    WireEnd(WireSimulation simulation, Consumer<WirePacket> wire) {
        this.simulation = simulation;
        this.wire = wire;
    }

    void connect(TcpSettings with, Flow on, int sequence) {
        connection = TcpConnection.connect(with, on, sequence, simulation.now, this);
        schedule();
    }

    void listen(TcpSettings with, Flow on, int sequence) {
        settings = with;
        flow = on;
        isn = sequence;
    }

    /** Writes so many random bytes, then closes. */
    void send(long bytes, long seed) {
        toWrite = bytes;
        content = new SplittableRandom(seed);
        closing = true;
        work();
    }

    /** Closes once the peer has. */
    void closeAfterPeer() {
        closing = true;
    }

    void reading(boolean on) {
        reading = on;
        work();
    }

    void receive(WirePacket packet) {
        receive(packet.bytes());
    }

    void receive(byte[] bytes) {
        TcpSegment segment = WirePacket.segment(bytes);
        if (segment == null) {
            return;
        }
        if (connection == null) {
            if (segment.flags() == TcpFlags.SYN) {
                connection = TcpConnection.accept(settings, flow, isn, segment, simulation.now, this);
            }
        } else {
            connection.onSegment(segment, simulation.now, this);
        }
        work();
    }

    void pathMtu(int bytes, int seq) {
        connection.onPathMtu(bytes, seq, simulation.now, this);
        work();
    }

    String writtenHash() {
        return HexFormat.of().formatHex(written.digest());
    }

    String readHash() {
        return HexFormat.of().formatHex(read.digest());
    }

    /** Whether all that was read here is what the other end wrote first. */
    boolean isPrefixOfWhat(WireEnd other) {
        return other.writtenBytes >= readBytes
                && Arrays.equals(kept.toByteArray(), 0, (int) readBytes, other.keptWritten.toByteArray(), 0, (int) readBytes);
    }

    boolean ended() {
        return connection != null && (connection.state() == TcpState.CLOSED || connection.state() == TcpState.TIME_WAIT);
    }

    /** What the application does whenever something happened. */
    private void work() {
        if (connection == null) {
            return;
        }
        writeAll();
        if (reading) {
            readAll();
        }
        boolean done = toWrite == 0 && closing && (writtenBytes > 0 || connection.readEnded());
        if (done && connection.state() != TcpState.CLOSED) {
            connection.shutdownOutput(simulation.now, this);
        }
        maxMemoryBytes = Math.max(maxMemoryBytes, connection.statistics().memoryBytes());
        schedule();
    }

    private void writeAll() {
        boolean woken = toWrite > 0 && connection.writeReady();
        while (woken && toWrite > 0 && connection.state().mayWrite() && connection.writable() > 0) {
            if (chunkAt == chunk.length) {
                content.nextBytes(chunk);
                chunkAt = 0;
            }
            int most = (int) Math.min(chunk.length - chunkAt, toWrite);
            int taken = connection.write(chunk, chunkAt, most, simulation.now, this);
            written.update(chunk, chunkAt, taken);
            keep(keptWritten, chunk, chunkAt, taken);
            chunkAt += taken;
            toWrite -= taken;
            writtenBytes += taken;
        }
    }

    private void readAll() {
        int count;
        while ((count = connection.read(readBuffer, 0, readBuffer.length, simulation.now, this)) > 0) {
            read.update(readBuffer, 0, count);
            keep(kept, readBuffer, 0, count);
            if (readBytes > 0) {
                longestPauseNanos = Math.max(longestPauseNanos, simulation.now - lastReadNanos);
            }
            readBytes += count;
            lastReadNanos = simulation.now;
        }
    }

    /** Of long transfers the hash will do. */
    private static void keep(ByteArrayOutputStream to, byte[] bytes, int offset, int count) {
        if (to.size() < KEPT_BYTES) {
            to.write(bytes, offset, count);
        }
    }

    private void schedule() {
        long next = connection.nextDeadlineNanos();
        if (next != wakeNanos) {
            wakeNanos = next;
            if (next != TcpConnection.NEVER) {
                simulation.at(Math.max(next, simulation.now), () -> wake(next));
            }
        }
    }

    private void wake(long planned) {
        if (planned == wakeNanos) {
            wakeNanos = TcpConnection.NEVER;
            connection.onDeadline(simulation.now, this);
            work();
        }
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
        WirePacket whole = WirePacket.of(seq, ack, flags, window, options, optionsLength, payload, payloadLength);
        segmentsSent++;
        largestPayload = Math.max(largestPayload, payloadLength);
        int at = 0;
        do {
            int length = Math.min(mssBytes, payloadLength - at);
            wire.accept(whole.piece(at, length));
            at += length;
        } while (at < payloadLength);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
