package org.tinc4j.spi;

import org.tinc4j.CipherSuite;

/**
 * Ciphers of a platform. Found by {@link java.util.ServiceLoader}; {@code tinc4j-linux} has the one on the system's libcrypto. Without one,
 * those in Java serve.
 */
public interface AeadProvider {

    /**
     * Whether its ciphers can be used here. Tries a known answer with each.
     *
     * @return false where the library or a cipher is missing, or native code cannot be loaded; the reason is logged once
     */
    boolean supported();

    /**
     * What it is, for {@link org.tinc4j.Capabilities}.
     *
     * @return for example {@code libcrypto 3.0.17}
     */
    String description();

    /**
     * A cipher without a key yet.
     *
     * @param suite which
     * @return for one thread, to be closed
     */
    KeyedAead open(CipherSuite suite);
}
