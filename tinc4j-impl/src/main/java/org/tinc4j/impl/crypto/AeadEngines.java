package org.tinc4j.impl.crypto;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.tinc4j.CipherSuite;
import org.tinc4j.spi.AeadProvider;

/**
 * Makes engines for every suite: on ciphers of the platform where there are some and the memory is direct, in Java otherwise.
 *
 * <p><b>Threads.</b> Any. An engine made here belongs to one thread.
 */
public final class AeadEngines {

    private final Optional<AeadProvider> platform;

    /**
     * Makes engines of one kind.
     *
     * @param platform ciphers of the platform; empty for Java alone
     */
    public AeadEngines(Optional<AeadProvider> platform) {
        this.platform = platform;
    }

    /**
     * An engine for keys of any suite.
     *
     * @return for one thread, to be closed
     */
    public Aead newEngine() {
        return new AnySuite(platform);
    }

    private static final class AnySuite implements Aead {

        /** Null if there is no platform: asked for each packet. */
        private final KeyedCiphers ofPlatform;

        // Made when first used: each has its own scratch memory.
        private ChaChaPoly chaChaPoly;
        private AesGcm aesGcm;

        private AnySuite(Optional<AeadProvider> platform) {
            this.ofPlatform = platform.map(KeyedCiphers::new).orElse(null);
        }

        @Override
        public void seal(AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
            if (ofPlatform != null && memory.isDirect()) {
                ofPlatform.of(key).seal(seqno, memory, offset, length);
            } else {
                inJava(key.suite()).seal(key, seqno, memory, offset, length);
            }
        }

        @Override
        public boolean open(AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
            if (ofPlatform != null && memory.isDirect()) {
                return ofPlatform.of(key).open(seqno, memory, offset, length);
            }
            return inJava(key.suite()).open(key, seqno, memory, offset, length);
        }

        private Aead inJava(CipherSuite suite) {
            return switch (suite) {
                case CHACHA20_POLY1305 -> chaChaPoly != null ? chaChaPoly : (chaChaPoly = new ChaChaPoly());
                case AES_256_GCM -> aesGcm != null ? aesGcm : (aesGcm = new AesGcm());
            };
        }

        @Override
        public void close() {
            if (ofPlatform != null) {
                ofPlatform.close();
            }
        }
    }
}
