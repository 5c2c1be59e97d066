package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.KeyedAead;

class AeadEnginesTest {

    @Nested
    class ChaChaPolyWithoutAPlatform extends AeadContract {
        ChaChaPolyWithoutAPlatform() {
            super(CipherSuite.CHACHA20_POLY1305, new AeadEngines(Optional.empty()).newEngine());
        }
    }

    @Nested
    class AesGcmWithoutAPlatform extends AeadContract {
        AesGcmWithoutAPlatform() {
            super(CipherSuite.AES_256_GCM, new AeadEngines(Optional.empty()).newEngine());
        }
    }

    @Nested
    class ChaChaPolyOfAPlatform extends AeadContract {
        ChaChaPolyOfAPlatform() {
            super(CipherSuite.CHACHA20_POLY1305, new AeadEngines(Optional.of(new JavaPlatform())).newEngine());
        }
    }

    @Nested
    class AesGcmOfAPlatform extends AeadContract {
        AesGcmOfAPlatform() {
            super(CipherSuite.AES_256_GCM, new AeadEngines(Optional.of(new JavaPlatform())).newEngine());
        }
    }

    private final JavaPlatform platform = new JavaPlatform();
    private final Aead engine = new AeadEngines(Optional.of(platform)).newEngine();
    private final ByteBuffer direct = ByteBuffer.allocateDirect(100);

    @Test
    void asksThePlatformForDirectMemoryOnly() {
        AeadKey key = key(CipherSuite.CHACHA20_POLY1305, 1);
        engine.seal(key, 0, ByteBuffer.allocate(100), 0, 10);
        assertThat(platform.opened).isEmpty();
        engine.seal(key, 0, direct, 0, 10);
        assertThat(platform.opened).hasSize(1);
    }

    @Test
    void keepsTheKeysUsedLast() {
        AeadKey[] keys = new AeadKey[KeyedCiphers.LIMIT];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(i % 3 == 0 ? CipherSuite.AES_256_GCM : CipherSuite.CHACHA20_POLY1305, i);
        }
        for (int round = 0; round < 3; round++) {
            for (AeadKey key : keys) {
                engine.seal(key, round, direct, 0, 10);
            }
        }
        assertThat(platform.opened).hasSize(keys.length).allSatisfy(cipher -> assertThat(cipher.keysSet).isEqualTo(1));
    }

    @Test
    void staysRightWithMoreKeysThanItKeeps() {
        for (int i = 0; i < 5 * KeyedCiphers.LIMIT; i++) {
            AeadKey key = key(CipherSuite.values()[i % 2], i / 3);
            direct.putLong(0, i);
            engine.seal(key, i, direct, 0, 8);
            ByteBuffer copy = ByteBuffer.allocate(24).put(0, direct, 0, 24);
            assertThat(engine.open(key, i, copy, 0, 8)).isTrue();
            assertThat(copy.getLong(0)).isEqualTo(i);
        }
        assertThat(platform.opened.stream().filter(cipher -> !cipher.closed)).hasSizeLessThanOrEqualTo(KeyedCiphers.LIMIT);
        engine.close();
        assertThat(platform.opened).allSatisfy(cipher -> assertThat(cipher.closed).isTrue());
    }

    @Test
    void givesUpCiphersWhoseKeyWasDestroyedWhenThereIsAnother() {
        AeadKey first = key(CipherSuite.AES_256_GCM, 1);
        engine.seal(first, 0, direct, 0, 10);
        first.destroy();
        assertThatThrownBy(() -> engine.seal(first, 1, direct, 0, 10)).isInstanceOf(IllegalStateException.class);
        engine.seal(key(CipherSuite.AES_256_GCM, 2), 0, direct, 0, 10);
        assertThat(platform.opened).extracting(cipher -> cipher.closed).containsExactly(true, false);
    }

    @Test
    void sealsNothingOnThePlatformOnceClosed() {
        AeadKey key = key(CipherSuite.AES_256_GCM, 1);
        engine.seal(key, 0, direct, 0, 10);
        engine.close();
        assertThatThrownBy(() -> engine.seal(key, 1, direct, 0, 10)).hasMessage("this engine was closed");
    }

    private static AeadKey key(CipherSuite suite, int number) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) number);
        return new AeadKey(suite, bytes);
    }

    /** A platform whose ciphers are those in Java; it remembers what became of them. */
    private static final class JavaPlatform implements AeadProvider {

        final List<JavaCipher> opened = new ArrayList<>();

        @Override
        public boolean supported() {
            return true;
        }

        @Override
        public String description() {
            return "Java";
        }

        @Override
        public KeyedAead open(CipherSuite suite) {
            JavaCipher cipher = new JavaCipher(suite);
            opened.add(cipher);
            return cipher;
        }
    }

    private static final class JavaCipher implements KeyedAead {

        private final CipherSuite suite;
        private final Aead engine;
        private AeadKey key;
        private int keysSet;
        private boolean closed;

        JavaCipher(CipherSuite suite) {
            this.suite = suite;
            this.engine = suite == CipherSuite.AES_256_GCM ? new AesGcm() : new ChaChaPoly();
        }

        @Override
        public void key(byte[] key32) {
            key = new AeadKey(suite, key32);
            keysSet++;
        }

        @Override
        public void seal(int seqno, ByteBuffer memory, int offset, int length) {
            assertThat(closed).isFalse();
            assertThat(memory.isDirect()).isTrue();
            engine.seal(key, seqno, memory, offset, length);
        }

        @Override
        public boolean open(int seqno, ByteBuffer memory, int offset, int length) {
            assertThat(closed).isFalse();
            assertThat(memory.isDirect()).isTrue();
            return engine.open(key, seqno, memory, offset, length);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
