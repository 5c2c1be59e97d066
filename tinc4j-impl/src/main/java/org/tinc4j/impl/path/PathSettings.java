package org.tinc4j.impl.path;

import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.Timing;

/** The settings a path needs, in nanoseconds. */
public record PathSettings(
        boolean udpDiscovery,
        boolean localDiscovery,
        long discoveryNanos,
        long keepaliveNanos,
        long timeoutNanos,
        long pingIntervalNanos) {

    /** From a node's settings. */
    public static PathSettings of(Timing timing, LinkOptions link) {
        return new PathSettings(
                link.udpDiscovery(),
                link.localDiscovery(),
                timing.udpDiscoveryInterval().toNanos(),
                timing.udpKeepaliveInterval().toNanos(),
                timing.udpTimeout().toNanos(),
                timing.pingInterval().toNanos());
    }
}
