package org.tinc4j.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** What {@code Name = $VARIABLE} refers to on this host. tinc documents it, so it is no option hidden in the environment. */
final class HostEnvironment {

    private HostEnvironment() {}

    /** {@code HOST} falls back to the host's name. */
    static Optional<String> variable(String name) {
        Optional<String> value = Optional.ofNullable(System.getenv(name)).filter(text -> !text.isEmpty());
        return value.isPresent() || !name.equals("HOST") ? value : hostName();
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            // The host does not know its own name's address; the reader of the directory reports that there is no name.
            return Optional.empty();
        }
    }
}
