package org.tinc4j.impl.engine;

import java.util.Optional;
import java.util.ServiceLoader;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.TransportProvider;

/** What the platform offers beyond the JDK, looked for once in a process. */
final class Platform {

    private static final Optional<TransportProvider> TRANSPORTS = ServiceLoader.load(
                    TransportProvider.class, Platform.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .filter(TransportProvider::supported)
            .findFirst();

    private static final Optional<AeadProvider> CIPHERS = ServiceLoader.load(
                    AeadProvider.class, Platform.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .filter(AeadProvider::supported)
            .findFirst();

    private Platform() {}

    /** UDP sockets of the platform; empty where those of the JDK serve. */
    static Optional<TransportProvider> transports() {
        return TRANSPORTS;
    }

    /** Ciphers of the platform; empty where those in Java serve. */
    static Optional<AeadProvider> ciphers() {
        return CIPHERS;
    }
}
