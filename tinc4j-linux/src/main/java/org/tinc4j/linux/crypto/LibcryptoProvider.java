package org.tinc4j.linux.crypto;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.CipherSuite;
import org.tinc4j.linux.sys.CryptoCalls;
import org.tinc4j.linux.sys.Platform;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.KeyedAead;

/**
 * The ciphers of the system's {@code libcrypto.so.3}.
 *
 * <p><b>Threads.</b> Any.
 */
public final class LibcryptoProvider implements AeadProvider {

    private static final Logger LOG = LoggerFactory.getLogger(LibcryptoProvider.class);

    /** Decided once in a process, when first asked. */
    private static final class Support {
        private static final Optional<String> OBSTACLE = obstacle();

        static {
            OBSTACLE.ifPresent(reason -> LOG.info("The ciphers in Java serve, those of libcrypto do not: {}", reason));
        }
    }

    /** For {@link java.util.ServiceLoader}. */
    public LibcryptoProvider() {}

    @Override
    public boolean supported() {
        return Support.OBSTACLE.isEmpty();
    }

    @Override
    public String description() {
        return "libcrypto " + CryptoCalls.LIBCRYPTO.OpenSSL_version(CryptoCalls.OPENSSL_VERSION_STRING);
    }

    @Override
    public KeyedAead open(CipherSuite suite) {
        return switch (suite) {
            case CHACHA20_POLY1305 -> new ChaChaPoly();
            case AES_256_GCM -> new AesGcm();
        };
    }

    private static Optional<String> obstacle() {
        String osName = System.getProperty("os.name");
        String osArch = System.getProperty("os.arch");
        if (!Platform.supported(osName, osArch)) {
            return Optional.of("not written for " + osName + " on " + osArch);
        }
        try {
            for (KnownAnswer answer : KnownAnswer.ALL) {
                if (!answer.comesOutOf(new LibcryptoProvider())) {
                    return Optional.of(answer.suite().label() + " gives a wrong answer");
                }
            }
            return Optional.empty();
        } catch (LinkageError | IllegalStateException e) {
            // The text of a LinkageError may be a whole stack trace.
            return Optional.of(e.toString().lines().findFirst().orElse("") + "; install OpenSSL 3 and enable native access");
        }
    }
}
