package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tinc4j.CipherSuite;

/** What every {@link Aead} promises, whatever it is made of. */
abstract class AeadContract {

    private static final int OFFSET = 9;

    private final CipherSuite suite;
    private final Aead engine;
    private final AeadKey key;

    AeadContract(CipherSuite suite, Aead engine) {
        this.suite = suite;
        this.engine = engine;
        this.key = new AeadKey(suite, new byte[32]);
    }

    @AfterEach
    void closeEngine() {
        engine.close();
        engine.close();
    }

    @TestFactory
    Stream<DynamicTest> sealsAndOpensTheKnownAnswers() {
        return StreamSupport.stream(Vectors.read(suite.label() + ".json").get("cases").spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest("seqno " + vector.get("seqno"), () -> {
                    check(vector, ByteBuffer.allocate(2000));
                    check(vector, ByteBuffer.allocateDirect(2000).order(ByteOrder.LITTLE_ENDIAN));
                }));
    }

    private void check(JsonNode vector, ByteBuffer memory) {
        String keyField = suite == CipherSuite.CHACHA20_POLY1305 ? "key64" : "key";
        AeadKey vectorKey = new AeadKey(suite, Arrays.copyOf(Vectors.bytes(vector, keyField), 32));
        int seqno = (int) vector.get("seqno").longValue();
        byte[] plain = Vectors.bytes(vector, "plaintext");
        byte[] sealed = Vectors.bytes(vector, "sealed");
        // The JCA refuses to seal with a key and a number that it has just used, as it should; and vectors share some.
        engine.seal(vectorKey, seqno + 1, memory, OFFSET, 0);
        memory.put(OFFSET, plain).position(3);

        engine.seal(vectorKey, seqno, memory, OFFSET, plain.length);
        assertThat(part(memory, OFFSET, sealed.length)).isEqualTo(sealed);

        assertThat(engine.open(vectorKey, seqno, memory, OFFSET, plain.length)).isTrue();
        assertThat(part(memory, OFFSET, plain.length)).isEqualTo(plain);
        assertThat(memory.position()).isEqualTo(3);
        assertThat(memory.limit()).isEqualTo(memory.capacity());
    }

    @Test
    void leavesMemoryUnchangedWhenAnyByteIsWrong() {
        ByteBuffer memory = ByteBuffer.allocate(40 + Aead.TAG_BYTES);
        engine.seal(key, 5, memory, 0, 40);
        byte[] sealed = memory.array().clone();
        for (int i = 0; i < sealed.length; i++) {
            byte[] damaged = sealed.clone();
            damaged[i] ^= 4;
            memory.put(0, damaged);
            assertThat(engine.open(key, 5, memory, 0, 40)).as("byte %d", i).isFalse();
            assertThat(memory.array()).isEqualTo(damaged);
        }
        memory.put(0, sealed);
        assertThat(engine.open(key, 6, memory, 0, 40)).as("another number").isFalse();
        assertThat(engine.open(new AeadKey(suite, another32()), 5, memory, 0, 40)).as("another key").isFalse();
        assertThat(engine.open(key, 5, memory, 0, 40)).isTrue();
    }

    @Test
    void opensTheSameRecordAgain() {
        ByteBuffer memory = ByteBuffer.allocate(100);
        engine.seal(key, 7, memory, 0, 50);
        byte[] sealed = memory.array().clone();
        for (int i = 0; i < 3; i++) {
            memory.put(0, sealed);
            assertThat(engine.open(key, 7, memory, 0, 50)).isTrue();
        }
    }

    @Test
    void sealsWithTheNumberItHasJustOpened() {
        ByteBuffer memory = ByteBuffer.allocate(100);
        engine.seal(key, 7, memory, 0, 50);
        byte[] sealed = memory.array().clone();
        engine.seal(key, 8, memory, 0, 50);
        memory.put(0, sealed);
        assertThat(engine.open(key, 7, memory, 0, 50)).isTrue();
        engine.seal(key, 7, memory, 0, 50);
        assertThat(memory.array()).isEqualTo(sealed);
    }

    @Test
    void keepsToTheRangeAtEveryLength() {
        Random random = new Random(1400);
        byte[] bytes = new byte[400];
        for (int length = 0; length < 300; length++) {
            random.nextBytes(bytes);
            ByteBuffer memory = ByteBuffer.wrap(bytes.clone());
            engine.seal(key, length, memory, 50, length);
            assertThat(part(memory, 50 + length + Aead.TAG_BYTES, 334 - length)).isEqualTo(Arrays.copyOfRange(bytes, 66 + length, 400));
            assertThat(engine.open(key, length, memory, 50, length)).isTrue();
            assertThat(part(memory, 0, 50 + length)).isEqualTo(Arrays.copyOf(bytes, 50 + length));
        }
    }

    @Test
    void growsForALongRecord() {
        ByteBuffer memory = ByteBuffer.allocate(65536 + Aead.TAG_BYTES);
        engine.seal(key, 1, memory, 0, 65536);
        assertThat(engine.open(key, 1, memory, 0, 65536)).isTrue();
        assertThat(memory.array()).startsWith(new byte[65536]);
    }

    @Test
    void refusesARangeThatDoesNotFitBeforeItWrites() {
        ByteBuffer memory = ByteBuffer.allocate(30);
        assertThatThrownBy(() -> engine.seal(key, 0, memory, 0, 15)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.open(key, 0, memory, 20, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.seal(key, 0, memory, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.seal(key, 0, memory, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(memory.array()).containsOnly(0);
    }

    @Test
    void refusesADestroyedKeyEvenOneItHasUsed() {
        ByteBuffer memory = ByteBuffer.allocate(30);
        engine.seal(key, 0, memory, 0, 10);
        assertThat(engine.open(key, 0, memory, 0, 10)).isTrue();
        key.destroy();
        assertThatThrownBy(() -> engine.seal(key, 1, memory, 0, 10)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> engine.open(key, 1, memory, 0, 10)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(key::encoded).isInstanceOf(IllegalStateException.class);
        assertThat(key).hasToString("AeadKey[destroyed]");
    }

    private static byte[] another32() {
        byte[] other = new byte[32];
        other[31] = 1;
        return other;
    }

    private static byte[] part(ByteBuffer memory, int offset, int length) {
        byte[] bytes = new byte[length];
        memory.get(offset, bytes);
        return bytes;
    }
}
