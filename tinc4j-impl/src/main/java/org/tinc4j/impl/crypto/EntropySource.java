package org.tinc4j.impl.crypto;

/**
 * Where the random bytes of keys come from. A test supplies fixed or seeded bytes; everything else uses {@link #system()}.
 *
 * <p><b>Threads.</b> What {@link #system()} returns may be shared.
 */
@FunctionalInterface
public interface EntropySource {

    /**
     * Fills an array with bytes nobody can foresee.
     *
     * @param out filled completely
     */
    void fill(byte[] out);

    /**
     * The system's secure random source.
     *
     * @return a source that may be shared between threads
     */
    static EntropySource system() {
        return new java.security.SecureRandom()::nextBytes;
    }
}
