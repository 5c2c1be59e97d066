package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tinc4j.CipherSuite;

class ChaChaPolyTest {

    private static final int OFFSET = 9;

    private final Aead engine = new ChaChaPoly();
    private final AeadKey key = new AeadKey(CipherSuite.CHACHA20_POLY1305, new byte[32]);

    @TestFactory
    Stream<DynamicTest> sealsAndOpensWhatTincSeals() {
        return StreamSupport.stream(Vectors.read("chacha20-poly1305.json").get("cases").spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest("seqno " + vector.get("seqno"), () -> {
                    check(vector, ByteBuffer.allocate(2000));
                    check(vector, ByteBuffer.allocateDirect(2000).order(ByteOrder.LITTLE_ENDIAN));
                }));
    }

    private void check(JsonNode vector, ByteBuffer memory) {
        AeadKey vectorKey = new AeadKey(CipherSuite.CHACHA20_POLY1305, Arrays.copyOf(Vectors.bytes(vector, "key64"), 32));
        int seqno = (int) vector.get("seqno").longValue();
        byte[] plain = Vectors.bytes(vector, "plaintext");
        byte[] sealed = Vectors.bytes(vector, "sealed");
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
        assertThat(engine.open(new AeadKey(CipherSuite.CHACHA20_POLY1305, sealed32()), 5, memory, 0, 40)).as("another key").isFalse();
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
        key.destroy();
        assertThatThrownBy(() -> engine.seal(key, 1, memory, 0, 10)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(key::encoded).isInstanceOf(IllegalStateException.class);
        assertThat(key).hasToString("AeadKey[destroyed]");
    }

    private static byte[] sealed32() {
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
