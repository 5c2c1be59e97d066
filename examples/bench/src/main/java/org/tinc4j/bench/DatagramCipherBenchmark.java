package org.tinc4j.bench;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tinc4j.CipherSuite;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.linux.crypto.LibcryptoProvider;
import org.tinc4j.spi.AeadProvider;

/** What sealing and opening one datagram costs, sequence number and replay window included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DatagramCipherBenchmark {

    /** Datagrams of one {@link #open} invocation; a new window per invocation is then no cost that shows. */
    private static final int RUN = 256;

    private static final int REPLAY_WINDOW_BYTES = 16;
    private static final int TYPE_PACKET = 0;
    /** The packet lies where the data path has it: behind the ids, the sequence number and the type, in a block with others. */
    private static final int OFFSET = 128;

    /** What seals, and where packets lie. */
    public enum Engine {
        /** Those in Java, on arrays. */
        JAVA_HEAP,
        /** Those in Java, on direct memory. */
        JAVA_DIRECT,
        /** Those of the system's libcrypto, on direct memory. */
        LIBCRYPTO
    }

    /** Bytes of the inner packet: an acknowledgement, the smallest packet every host takes, one that fills a datagram. */
    @Param({"64", "576", "1400"})
    int packetBytes;

    /** How they are sealed. */
    @Param
    CipherSuite suite;

    /** What seals them. */
    @Param
    Engine engineKind;

    private Aead engine;
    private final byte[] keyBytes = new byte[AeadKey.BYTES];
    private DatagramCipher sealing;
    private ByteBuffer packet;
    private ByteBuffer[] sealed;

    /** Makes the key, and the datagrams to open. */
    @Setup
    public void seal256() {
        Optional<AeadProvider> platform = engineKind == Engine.LIBCRYPTO ? Optional.of(new LibcryptoProvider()) : Optional.empty();
        if (!platform.map(AeadProvider::supported).orElse(true)) {
            throw new IllegalStateException("there is no libcrypto.so.3 here; leave the engine LIBCRYPTO out");
        }
        engine = new AeadEngines(platform).newEngine();
        new Random(1400).nextBytes(keyBytes);
        packet = buffer();
        sealing = new DatagramCipher(REPLAY_WINDOW_BYTES);
        sealing.outgoing(new AeadKey(suite, keyBytes));
        DatagramCipher sender = new DatagramCipher(REPLAY_WINDOW_BYTES);
        sender.outgoing(new AeadKey(suite, keyBytes));
        sealed = new ByteBuffer[RUN];
        for (int i = 0; i < RUN; i++) {
            sealed[i] = buffer();
            sender.seal(engine, TYPE_PACKET, sealed[i], OFFSET, packetBytes);
        }
    }

    private ByteBuffer buffer() {
        int bytes = OFFSET + packetBytes + Aead.TAG_BYTES;
        return engineKind == Engine.JAVA_HEAP ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    }

    /**
     * Seals in place.
     *
     * @return bytes of the datagram
     */
    @Benchmark
    public int seal() {
        int length = sealing.seal(engine, TYPE_PACKET, packet, OFFSET, packetBytes);
        if (length < 0) {
            throw new IllegalStateException("not sealed: all sequence numbers are used up; shorten the run");
        }
        return length;
    }

    /**
     * Opens in place, in order. The figure includes one copy of the datagram, since what was opened is gone.
     *
     * @return something of every result
     */
    @Benchmark
    @OperationsPerInvocation(RUN)
    public long open() {
        DatagramCipher opening = new DatagramCipher(REPLAY_WINDOW_BYTES);
        opening.incomingNext(new AeadKey(suite, keyBytes));
        opening.promoteIncoming();
        int start = OFFSET - DatagramCipher.HEADER_BYTES;
        int length = packetBytes + DatagramCipher.OVERHEAD_BYTES;
        long sum = 0;
        for (int i = 0; i < RUN; i++) {
            packet.put(start, sealed[i], start, length);
            long opened = opening.open(engine, packet, start, length, 0);
            if (opened < 0) {
                throw new IllegalStateException("datagram " + i + ": " + DatagramCipher.describe(opened));
            }
            sum += opened;
        }
        return sum;
    }
}
