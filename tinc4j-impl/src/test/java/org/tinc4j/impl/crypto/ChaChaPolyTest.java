package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;

class ChaChaPolyTest extends AeadContract {

    ChaChaPolyTest() {
        super(CipherSuite.CHACHA20_POLY1305, new ChaChaPoly());
    }

    @Test
    void refusesAKeyForAnotherCipher() {
        AeadKey key = new AeadKey(CipherSuite.AES_256_GCM, new byte[32]);
        assertThatThrownBy(() -> new ChaChaPoly().seal(key, 0, ByteBuffer.allocate(30), 0, 10))
                .hasMessage("a key for aes-256-gcm is none for ChaCha20-Poly1305");
    }
}
