package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;

class AeadKeyTest {

    @Test
    void copiesAndShowsNothing() {
        byte[] bytes = new byte[32];
        AeadKey key = new AeadKey(CipherSuite.CHACHA20_POLY1305, bytes);
        bytes[0] = 1;
        assertThat(key.encoded()).containsOnly(0);
        assertThat(key).hasToString("AeadKey[secret]");
        assertThatThrownBy(() -> new AeadKey(CipherSuite.CHACHA20_POLY1305, new byte[31])).hasMessage("an AEAD key has 32 bytes, not 31");
    }

    @Test
    void isWholeOrGoneForAThreadThatReadsWhileItIsWiped() {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 7);
        for (int i = 0; i < 2000; i++) {
            AeadKey key = new AeadKey(CipherSuite.CHACHA20_POLY1305, bytes);
            CompletableFuture<Void> wiping = CompletableFuture.runAsync(key::destroy);
            try {
                while (true) {
                    assertThat(key.encoded()).containsOnly(7);
                }
            } catch (IllegalStateException e) {
                assertThat(key.isDestroyed()).isTrue();
            }
            wiping.join();
        }
    }
}
