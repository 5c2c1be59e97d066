package org.tinc4j.linux.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.tinc4j.CipherSuite;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.KeyedAead;

/** One sealed record, to be tried before libcrypto is trusted. Two of those the tests have. */
record KnownAnswer(CipherSuite suite, String key, int seqno, String plaintext, String sealed) {

    static final List<KnownAnswer> ALL = List.of(
            new KnownAnswer(
                    CipherSuite.CHACHA20_POLY1305,
                    "0405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223",
                    3,
                    "04070a0d101316191c1f2225282b2e3134",
                    "035176f47e7554477532df2af5743e3b6924ffeffe23d84c75ddfc1ef81e242409"),
            new KnownAnswer(
                    CipherSuite.AES_256_GCM,
                    "050c131a21282f363d444b525960676e757c838a91989fa6adb4bbc2c9d0d7de",
                    3,
                    "192633404d5a6774818e9ba8b5c2cfdce9",
                    "060e3633185acb8869e212dc4e9ecd779a3b95a5635b851d919f76abe78024bd0b"));

    /** At the start of the memory, and behind other bytes. */
    private static final int[] OFFSETS = {0, 100};

    boolean comesOutOf(AeadProvider provider) {
        byte[] plain = HexFormat.of().parseHex(plaintext);
        byte[] expected = HexFormat.of().parseHex(sealed);
        try (KeyedAead aead = provider.open(suite)) {
            aead.key(HexFormat.of().parseHex(key));
            for (int offset : OFFSETS) {
                ByteBuffer memory = ByteBuffer.allocateDirect(offset + expected.length);
                memory.put(offset, plain);
                aead.seal(seqno, memory, offset, plain.length);
                boolean sealedRight = Arrays.equals(expected, part(memory, offset, expected.length));
                boolean refusedAnother = !aead.open(seqno + 1, memory, offset, plain.length);
                boolean unchanged = Arrays.equals(expected, part(memory, offset, expected.length));
                boolean opened = aead.open(seqno, memory, offset, plain.length);
                boolean openedRight = Arrays.equals(plain, part(memory, offset, plain.length));
                if (!(sealedRight && refusedAnother && unchanged && opened && openedRight)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static byte[] part(ByteBuffer memory, int offset, int length) {
        byte[] bytes = new byte[length];
        memory.get(offset, bytes);
        return bytes;
    }
}
