package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.crypto.ChaChaPoly;

class DatagramCipherTest {

    private static final int DATA = 0;

    private final Aead engine = new ChaChaPoly();
    private final DatagramCipher sender = new DatagramCipher(16);
    private final DatagramCipher receiver = new DatagramCipher(16);

    @Test
    void sealsNothingAndOpensNothingWithoutAKey() {
        ByteBuffer memory = ByteBuffer.allocate(100);
        assertThat(sender.canSeal()).isFalse();
        assertThat(sender.canOpen()).isFalse();
        assertThat(sender.seal(engine, DATA, memory, 5, 10)).isEqualTo(DatagramCipher.NOT_SEALED);
        assertThat(sender.open(engine, memory, 0, 31, 0)).isEqualTo(DatagramCipher.NO_KEY);
    }

    @Test
    void sealsAndOpensInPlaceInMemoryOfEitherByteOrder() {
        useKey(1);
        ByteBuffer memory = ByteBuffer.allocateDirect(200).order(ByteOrder.LITTLE_ENDIAN);
        byte[] data = "some data".getBytes();
        memory.put(30, data);
        assertThat(sender.seal(engine, 3, memory, 30, data.length)).isEqualTo(data.length + 21);
        assertThat(memory.get(28)).as("big-endian 2").isEqualTo((byte) 2);

        long opened = receiver.open(engine, memory, 25, data.length + 21, 0);
        assertThat(DatagramCipher.typeOf(opened)).isEqualTo(3);
        assertThat(DatagramCipher.dataLengthOf(opened)).isEqualTo(data.length);
        byte[] out = new byte[data.length];
        memory.get(30, out);
        assertThat(out).isEqualTo(data);
        assertThat(memory.position()).isZero();
    }

    @Test
    void refusesWhatItCannotOpenByItsReason() {
        useKey(1);
        byte[] first = seal(DATA);
        assertThat(open(Arrays.copyOf(first, 20))).isEqualTo(DatagramCipher.MALFORMED);
        assertThat(open(new byte[65536 + 21])).isEqualTo(DatagramCipher.MALFORMED);
        byte[] damaged = first.clone();
        damaged[10] ^= 1;
        assertThat(open(damaged)).isEqualTo(DatagramCipher.BAD_TAG);
        assertThat(open(first)).isNotNegative();
        assertThat(open(first)).isEqualTo(DatagramCipher.REPLAYED);
        assertThat(open(seal(129))).isEqualTo(DatagramCipher.MALFORMED);
        byte[] late = seal(DATA);
        for (int i = 0; i < 127; i++) {
            assertThat(open(seal(DATA))).isNotNegative();
        }
        assertThat(open(late)).as("the last one in the window").isNotNegative();
        byte[] later = seal(DATA);
        for (int i = 0; i < 128; i++) {
            assertThat(open(seal(DATA))).isNotNegative();
        }
        assertThat(open(later)).isEqualTo(DatagramCipher.TOO_LATE);
        for (int i = 0; i < 200; i++) {
            seal(DATA);
        }
        assertThat(open(seal(DATA))).isEqualTo(DatagramCipher.FAR_FUTURE);
        for (long code = DatagramCipher.MALFORMED; code < 0; code++) {
            assertThat(DatagramCipher.describe(code)).isNotBlank();
        }
    }

    @Test
    void isNotMovedByADatagramThatIsNotAuthentic() {
        useKey(1);
        byte[] forged = new byte[60];
        for (int i = 0; i < 100; i++) {
            forged[0] = (byte) i;
            assertThat(open(forged)).isIn(DatagramCipher.BAD_TAG, DatagramCipher.TOO_LATE, DatagramCipher.REPLAYED);
        }
        assertThat(open(seal(DATA))).isNotNegative();
    }

    @Test
    void opensUnderTheNextTheCurrentAndThePreviousKey() {
        useKey(1);
        byte[] underFirst = seal(DATA);
        byte[] alsoUnderFirst = seal(DATA);
        byte[] lastUnderFirst = seal(DATA);
        sender.outgoing(key(2));
        byte[] underSecond = seal(DATA);
        byte[] alsoUnderSecond = seal(DATA);

        assertThat(open(underSecond)).isEqualTo(DatagramCipher.BAD_TAG);
        receiver.incomingNext(key(2));
        assertThat(open(underSecond)).as("before the ACK").isNotNegative();
        assertThat(open(underFirst)).isNotNegative();
        receiver.promoteIncoming();
        assertThat(open(alsoUnderFirst)).as("after the ACK").isNotNegative();
        assertThat(open(alsoUnderSecond)).isNotNegative();
        receiver.forgetPreviousIncoming();
        assertThat(open(lastUnderFirst)).isEqualTo(DatagramCipher.BAD_TAG);
        assertThatThrownBy(receiver::promoteIncoming).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void opensALateHandshakeRecordThatCameInOrderButNotAReplayedOne() {
        useKey(1);
        byte[] first = seal(RecordType.HANDSHAKE);
        byte[] second = seal(RecordType.HANDSHAKE);
        byte[] lateData = seal(DATA);
        for (int i = 0; i < 300; i++) {
            assertThat(open(seal(DATA))).isNotNegative();
        }
        assertThat(open(first)).as("by the data path").isEqualTo(DatagramCipher.TOO_LATE);
        assertThat(openInOrder(first)).isNotNegative();
        assertThat(openInOrder(first)).isEqualTo(DatagramCipher.REPLAYED);
        assertThat(openInOrder(second)).isNotNegative();
        assertThat(openInOrder(first)).isEqualTo(DatagramCipher.REPLAYED);
        assertThat(openInOrder(lateData)).isEqualTo(DatagramCipher.TOO_LATE);
    }

    @Test
    void goesOnAtOnceAfterAGap() {
        useKey(1);
        assertThat(open(seal(DATA), 1_000_000)).isNotNegative();
        for (int i = 0; i < 300; i++) {
            seal(DATA);
        }
        assertThat(open(seal(DATA), 5_999_999)).as("while others may still be under way").isEqualTo(DatagramCipher.FAR_FUTURE);
        assertThat(open(seal(DATA), 6_000_000)).as("after a silence of 5 ms").isNotNegative();
        assertThat(open(seal(DATA), 6_000_000)).isNotNegative();
    }

    @Test
    void opensAHandshakeRecordAfterALossThatCameInOrderOnce() {
        useKey(1);
        for (int i = 0; i < 300; i++) {
            seal(DATA);
        }
        byte[] record = seal(RecordType.HANDSHAKE);
        assertThat(open(record)).isEqualTo(DatagramCipher.FAR_FUTURE);
        assertThat(openInOrder(record)).isNotNegative();
        // The window itself does not know its number, and must not let it in again after a jump.
        for (int i = 0; i < 10; i++) {
            open(seal(DATA));
        }
        assertThat(open(record)).isEqualTo(DatagramCipher.REPLAYED);
        assertThat(openInOrder(record)).isEqualTo(DatagramCipher.REPLAYED);
    }

    @Test
    void neitherSealsNorOpensOnceDestroyed() {
        useKey(1);
        byte[] datagram = seal(DATA);
        receiver.destroy();
        sender.destroy();
        assertThat(open(datagram)).isEqualTo(DatagramCipher.NO_KEY);
        assertThat(sender.canSeal()).isFalse();
        assertThat(sender.seal(engine, DATA, ByteBuffer.allocate(50), 5, 10)).isEqualTo(DatagramCipher.NOT_SEALED);
    }

    @Test
    void asksForANewSessionAtHalfOfTheNumbersAndStopsBeforeTheirEnd() {
        DatagramCipher half = new DatagramCipher(16, (1L << 31) - 1);
        half.outgoing(key(1));
        assertThat(half.renewalDue()).isFalse();
        assertThat(half.seal(engine, DATA, ByteBuffer.allocate(50), 5, 10)).isPositive();
        assertThat(half.renewalDue()).isTrue();
        assertThat(half.canSeal()).isTrue();

        DatagramCipher full = new DatagramCipher(16, (1L << 32) - (1L << 20) - 1);
        full.outgoing(key(1));
        assertThat(full.seal(engine, DATA, ByteBuffer.allocate(50), 5, 10)).isPositive();
        assertThat(full.seal(engine, DATA, ByteBuffer.allocate(50), 5, 10)).isEqualTo(DatagramCipher.NOT_SEALED);
        assertThat(full.canSeal()).isFalse();
    }

    @Test
    void asksForANewSessionWhenThePeersNumbersAreHalfUsed() {
        DatagramCipher peer = new DatagramCipher(16, 1L << 31);
        peer.outgoing(key(1));
        useKey(1);
        ByteBuffer memory = ByteBuffer.allocate(50);
        for (int i = 0; i < 5; i++) {
            int length = peer.seal(engine, DATA, memory, 5, 10);
            receiver.open(engine, memory, 0, length, 0);
        }
        assertThat(receiver.renewalDue()).isTrue();
    }

    @Test
    void neverUsesANumberTwiceWhenThreadsSealAtOnce() throws Exception {
        useKey(1);
        int perThread = 20_000;
        Callable<BitSet> sealing = () -> {
            Aead ownEngine = new ChaChaPoly();
            ByteBuffer memory = ByteBuffer.allocate(50);
            BitSet used = new BitSet();
            for (int i = 0; i < perThread; i++) {
                assertThat(sender.seal(ownEngine, DATA, memory, 5, 10)).isEqualTo(31);
                used.set(memory.getInt(0));
            }
            return used;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<BitSet> one = threads.submit(sealing);
            Future<BitSet> other = threads.submit(sealing);
            BitSet all = one.get();
            assertThat(all.intersects(other.get())).isFalse();
            all.or(other.get());
            assertThat(all.cardinality()).isEqualTo(2 * perThread);
            assertThat(all.nextClearBit(2)).isEqualTo(2 + 2 * perThread);
        }
    }

    @Test
    void deliversEachDatagramOnceWhenThreadsOpenTheSameOnes() throws Exception {
        useKey(1);
        byte[][] datagrams = new byte[5_000][];
        for (int i = 0; i < datagrams.length; i++) {
            datagrams[i] = seal(DATA);
        }
        DatagramCipher wide = new DatagramCipher(1024);
        wide.incomingNext(key(1));
        wide.promoteIncoming();
        Callable<Integer> opening = () -> {
            Aead ownEngine = new ChaChaPoly();
            int delivered = 0;
            for (byte[] datagram : datagrams) {
                ByteBuffer copy = ByteBuffer.wrap(datagram.clone());
                delivered += wide.open(ownEngine, copy, 0, datagram.length, 0) >= 0 ? 1 : 0;
            }
            return delivered;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> one = threads.submit(opening);
            Future<Integer> other = threads.submit(opening);
            assertThat(one.get() + other.get()).isEqualTo(datagrams.length);
        }
    }

    @Test
    void opensEverythingThatIsSealedWhileKeysChange() throws Exception {
        int rekeys = 200;
        useKey(0);
        AtomicInteger opened = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<?> sealing = threads.submit(() -> {
                Aead ownEngine = new ChaChaPoly();
                ByteBuffer memory = ByteBuffer.allocate(50);
                int length;
                while ((length = sender.seal(ownEngine, DATA, memory, 5, 10)) != DatagramCipher.NOT_SEALED) {
                    assertThat(receiver.open(ownEngine, memory, 0, length, 0)).isEqualTo(10);
                    opened.incrementAndGet();
                }
            });
            for (int i = 1; i <= rekeys && !sealing.isDone(); i++) {
                // One rekey at a time may overtake a datagram: two would wipe the key it was sealed with.
                int before = opened.get();
                while (opened.get() == before && !sealing.isDone()) {
                    Thread.onSpinWait();
                }
                receiver.incomingNext(key(i));
                sender.outgoing(key(i));
                receiver.promoteIncoming();
            }
            sender.destroy();
            sealing.get();
        }
        assertThat(opened).hasValueGreaterThanOrEqualTo(rekeys);
    }

    private void useKey(int number) {
        sender.outgoing(key(number));
        receiver.incomingNext(key(number));
        receiver.promoteIncoming();
    }

    private static AeadKey key(int number) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) number;
        return new AeadKey(CipherSuite.CHACHA20_POLY1305, bytes);
    }

    private byte[] seal(int type) {
        ByteBuffer memory = ByteBuffer.allocate(31);
        assertThat(sender.seal(engine, type, memory, 5, 10)).isEqualTo(31);
        return memory.array();
    }

    private long open(byte[] datagram) {
        return open(datagram, 0);
    }

    private long open(byte[] datagram, long nowNanos) {
        return receiver.open(engine, ByteBuffer.wrap(datagram.clone()), 0, datagram.length, nowNanos);
    }

    private long openInOrder(byte[] datagram) {
        return receiver.openInOrder(engine, ByteBuffer.wrap(datagram.clone()), 0, datagram.length);
    }
}
