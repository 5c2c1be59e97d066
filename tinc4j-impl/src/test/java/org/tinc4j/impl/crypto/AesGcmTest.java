package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;

class AesGcmTest extends AeadContract {

    AesGcmTest() {
        super(CipherSuite.AES_256_GCM, new AesGcm());
    }

    @Test
    void refusesAKeyForAnotherCipher() {
        AeadKey key = new AeadKey(CipherSuite.CHACHA20_POLY1305, new byte[32]);
        assertThatThrownBy(() -> new AesGcm().seal(key, 0, ByteBuffer.allocate(30), 0, 10))
                .hasMessage("a key for chacha20-poly1305 is none for AES-256-GCM");
    }
}
