package org.tinc4j.linux.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.AeadKey;

/** The engines of tinc4j-impl, on libcrypto and in Java: each opens what the other seals. */
@EnabledOnOs(OS.LINUX)
class LibcryptoAgreesWithJavaTest {

    private static final int RECORDS = 2000;
    /** More than an engine keeps set. */
    private static final int KEYS = 50;

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource
    void eachOpensWhatTheOtherSeals(CipherSuite suite) {
        AeadKey[] keys = new AeadKey[KEYS];
        for (int i = 0; i < KEYS; i++) {
            byte[] key = new byte[AeadKey.BYTES];
            random.nextBytes(key);
            keys[i] = new AeadKey(suite, key);
        }
        try (Aead libcrypto = new AeadEngines(Optional.of(new LibcryptoProvider())).newEngine();
                Aead java = new AeadEngines(Optional.empty()).newEngine()) {
            for (int i = 0; i < RECORDS; i++) {
                AeadKey key = keys[i < RECORDS / 2 ? random.nextInt(KEYS) : 0];
                int length = i % 100 == 0 ? random.nextInt(65536) : random.nextInt(2001);
                Aead sealer = random.nextBoolean() ? libcrypto : java;
                opens(sealer, sealer == java ? libcrypto : java, key, random.nextInt(), length);
            }
            keys[0].destroy();
            assertThatIllegalStateException()
                    .isThrownBy(() -> libcrypto.seal(keys[0], 1, ByteBuffer.allocateDirect(100), 0, 10));
        }
    }

    private void opens(Aead sealer, Aead opener, AeadKey key, int seqno, int length) {
        int offset = random.nextInt(200);
        byte[] plain = new byte[length];
        random.nextBytes(plain);
        ByteBuffer memory = ByteBuffer.allocateDirect(offset + length + Aead.TAG_BYTES + random.nextInt(20)).put(offset, plain);

        sealer.seal(key, seqno, memory, offset, length);
        int damagedAt = offset + random.nextInt(length + Aead.TAG_BYTES);
        byte right = memory.get(damagedAt);
        memory.put(damagedAt, (byte) (right ^ 1 << random.nextInt(8)));
        ByteBuffer damaged = ByteBuffer.allocate(memory.capacity()).put(0, memory, 0, memory.capacity());
        assertThat(opener.open(key, seqno, memory, offset, length)).as("damaged, -Dfuzz.seed=%d", seed).isFalse();
        assertThat(memory).as("unchanged, -Dfuzz.seed=%d", seed).isEqualTo(damaged);

        memory.put(damagedAt, right);
        assertThat(opener.open(key, seqno, memory, offset, length)).as("-Dfuzz.seed=%d", seed).isTrue();
        assertThat(memory.slice(offset, length)).as("-Dfuzz.seed=%d", seed).isEqualTo(ByteBuffer.wrap(plain));
    }
}
