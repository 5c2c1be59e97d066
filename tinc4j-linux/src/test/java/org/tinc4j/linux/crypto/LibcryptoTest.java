package org.tinc4j.linux.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.KeyedAead;

/** Needs {@code libcrypto.so.3}, which every Linux of these years has. */
@EnabledOnOs(OS.LINUX)
class LibcryptoTest {

    /** At the start of the buffer, near it, with a block before, behind other packets. */
    private static final int[] OFFSETS = {0, 9, 63, 64, 65, 3000};

    private final AeadProvider provider = new LibcryptoProvider();

    @Test
    void isFoundAndSupportedAndSaysItsVersion() {
        assertThat(ServiceLoader.load(AeadProvider.class)).hasExactlyElementsOfTypes(LibcryptoProvider.class);
        assertThat(provider.supported()).isTrue();
        assertThat(provider.description()).matches("libcrypto 3\\.\\d+\\.\\d+.*");
    }

    @ParameterizedTest
    @EnumSource
    void sealsAndOpensTheKnownAnswers(CipherSuite suite) throws IOException {
        for (JsonNode vector : vectors(suite)) {
            byte[] key = Arrays.copyOf(bytes(vector, suite == CipherSuite.CHACHA20_POLY1305 ? "key64" : "key"), 32);
            int seqno = (int) vector.get("seqno").longValue();
            byte[] plain = bytes(vector, "plaintext");
            byte[] sealed = bytes(vector, "sealed");
            try (KeyedAead aead = provider.open(suite)) {
                aead.key(key);
                for (int offset : OFFSETS) {
                    ByteBuffer memory = noise(offset + sealed.length).put(offset, plain).position(5).limit(offset + sealed.length);
                    aead.seal(seqno, memory, offset, plain.length);
                    assertThat(part(memory, offset, sealed.length)).as("seqno %d, offset %d", seqno, offset).isEqualTo(sealed);
                    assertThat(aead.open(seqno, memory, offset, plain.length)).isTrue();
                    assertThat(part(memory, offset, plain.length)).isEqualTo(plain);
                    assertThat(memory.position()).isEqualTo(5);
                    assertThat(memory.limit()).isEqualTo(offset + sealed.length);
                    assertThat(memory.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesMemoryUnchangedWhenAnyByteIsWrong(CipherSuite suite) {
        try (KeyedAead aead = keyed(suite, 1)) {
            for (int length : new int[] {0, 1, 40, 700}) {
                for (int offset : new int[] {3, 80}) {
                    ByteBuffer memory = noise(offset + length + 50);
                    aead.seal(5, memory, offset, length);
                    byte[] sealed = part(memory, 0, memory.capacity());
                    for (int i = offset; i < offset + length + KeyedAead.TAG_BYTES; i++) {
                        memory.put(i, (byte) (sealed[i] ^ 4));
                        byte[] damaged = part(memory, 0, memory.capacity());
                        assertThat(aead.open(5, memory, offset, length)).as("byte %d", i).isFalse();
                        assertThat(part(memory, 0, memory.capacity())).isEqualTo(damaged);
                        memory.put(i, sealed[i]);
                    }
                    assertThat(aead.open(6, memory, offset, length)).as("another number").isFalse();
                    assertThat(part(memory, 0, memory.capacity())).isEqualTo(sealed);
                    assertThat(aead.open(5, memory, offset, length)).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsToTheRangeAndOpensWhatItSealedAtEveryLength(CipherSuite suite) {
        try (KeyedAead aead = keyed(suite, 2)) {
            for (int length = 0; length <= 2000; length++) {
                opensWhatItSealed(aead, length, length % 130);
            }
            opensWhatItSealed(aead, 65535, 64);
            opensWhatItSealed(aead, 65535, 0);
            opensWhatItSealed(aead, 10, 0);
        }
    }

    private static void opensWhatItSealed(KeyedAead aead, int length, int offset) {
        int end = offset + length + KeyedAead.TAG_BYTES;
        ByteBuffer memory = noise(end + 70);
        byte[] before = part(memory, 0, memory.capacity());
        aead.seal(length, memory, offset, length);
        byte[] sealed = part(memory, 0, memory.capacity());
        assertThat(Arrays.copyOf(sealed, offset)).isEqualTo(Arrays.copyOf(before, offset));
        assertThat(part(memory, end, 70)).isEqualTo(Arrays.copyOfRange(before, end, end + 70));
        assertThat(aead.open(length, memory, offset, length)).isTrue();
        assertThat(part(memory, 0, offset + length)).isEqualTo(Arrays.copyOf(before, offset + length));
        assertThat(part(memory, end, 70)).isEqualTo(Arrays.copyOfRange(before, end, end + 70));
    }

    @ParameterizedTest
    @EnumSource
    void opensTheSameRecordAgain(CipherSuite suite) {
        try (KeyedAead aead = keyed(suite, 3)) {
            ByteBuffer memory = noise(200);
            aead.seal(-2, memory, 70, 50);
            byte[] sealed = part(memory, 0, 200);
            for (int i = 0; i < 3; i++) {
                memory.put(0, sealed);
                assertThat(aead.open(-2, memory, 70, 50)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void usesTheKeyItWasGivenLast(CipherSuite suite) {
        ByteBuffer memory = noise(100);
        byte[] before = part(memory, 0, 50);
        byte[] key = new byte[32];
        try (KeyedAead aead = keyed(suite, 4); KeyedAead other = keyed(suite, 5)) {
            aead.seal(0, memory, 0, 50);
            assertThat(other.open(0, memory, 0, 50)).isFalse();
            other.key(key(4));
            assertThat(other.open(0, memory, 0, 50)).isTrue();
            aead.key(key);
            key[0] = 1;
            aead.seal(1, memory, 0, 50);
            other.key(new byte[32]);
            assertThat(other.open(1, memory, 0, 50)).isTrue();
        }
        assertThat(part(memory, 0, 50)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatItCannotDoBeforeItWrites(CipherSuite suite) {
        ByteBuffer memory = ByteBuffer.allocateDirect(30);
        try (KeyedAead aead = keyed(suite, 6)) {
            assertThatThrownBy(() -> aead.seal(0, memory, 0, 15)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.open(0, memory, 20, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.seal(0, memory, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.seal(0, memory, -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.seal(0, memory.slice(0, 20), 0, 10)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.seal(0, memory.asReadOnlyBuffer(), 0, 1)).isInstanceOf(ReadOnlyBufferException.class);
            assertThatIllegalArgumentException().isThrownBy(() -> aead.seal(0, ByteBuffer.allocate(30), 0, 1)).withMessageContaining("heap");
            assertThatIllegalArgumentException().isThrownBy(() -> aead.key(new byte[16]))
                    .withMessage("a key has 32 bytes, not 16");
        }
        assertThat(part(memory, 0, 30)).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource
    void refusesToWorkWithoutAKeyAndOnceClosed(CipherSuite suite) {
        ByteBuffer memory = ByteBuffer.allocateDirect(30);
        KeyedAead aead = provider.open(suite);
        assertThatIllegalStateException().isThrownBy(() -> aead.seal(0, memory, 0, 1));
        aead.key(key(7));
        aead.seal(0, memory, 0, 1);
        aead.close();
        aead.close();
        assertThatIllegalStateException().isThrownBy(() -> aead.seal(1, memory, 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> aead.open(1, memory, 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> aead.key(key(7)));
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothingForAPacket(CipherSuite suite) {
        ByteBuffer[] blocks = {noise(3000), noise(3000)};
        try (KeyedAead aead = keyed(suite, 8)) {
            sealAndOpen(aead, blocks, 20_000);
            ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = meter.getCurrentThreadAllocatedBytes();
            sealAndOpen(aead, blocks, 20_000);
            // The meter itself may cost a few bytes; one object a packet would be more than 600 000.
            assertThat(meter.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
        }
    }

    private static void sealAndOpen(KeyedAead aead, ByteBuffer[] blocks, int packets) {
        for (int i = 0; i < packets; i++) {
            ByteBuffer block = blocks[i / 2 % 2];
            int offset = i % 100;
            aead.seal(i, block, offset, 1400);
            if (!aead.open(i, block, offset, 1400) || aead.open(i, block, offset, 1400)) {
                throw new AssertionError("packet " + i);
            }
        }
    }

    private KeyedAead keyed(CipherSuite suite, int number) {
        KeyedAead aead = provider.open(suite);
        aead.key(key(number));
        return aead;
    }

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }

    private static ByteBuffer noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return ByteBuffer.allocateDirect(bytes).put(0, noise);
    }

    private static byte[] part(ByteBuffer memory, int offset, int length) {
        byte[] bytes = new byte[length];
        memory.duplicate().clear().get(offset, bytes);
        return bytes;
    }

    private static JsonNode vectors(CipherSuite suite) throws IOException {
        try (InputStream in = LibcryptoTest.class.getResourceAsStream("/vectors/" + suite.label() + ".json")) {
            return new ObjectMapper().readTree(in).get("cases");
        }
    }

    private static byte[] bytes(JsonNode object, String field) {
        return HexFormat.of().parseHex(object.get(field).textValue());
    }
}
