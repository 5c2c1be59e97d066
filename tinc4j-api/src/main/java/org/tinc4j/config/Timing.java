package org.tinc4j.config;

import java.time.Duration;

/**
 * Every interval of a node. Defaults are C tinc's.
 *
 * @param pingInterval a silent meta connection is pinged after this; 60 s
 * @param pingTimeout an unanswered ping, or a handshake not finished, ends the meta connection after this; 5 s
 * @param keyLifetime data keys are renewed after this; 1 h
 * @param maxReconnectDelay longest pause between attempts to dial a peer; 900 s
 * @param udpDiscoveryInterval pause between probes while a direct UDP path is sought; 2 s
 * @param udpKeepaliveInterval pause between probes on a confirmed UDP path; 10 s
 * @param udpTimeout a confirmed UDP path without a reply is given up after this; 30 s
 * @param udpInfoInterval least pause between two UDP_INFO requests to one node; 5 s
 * @param mtuInfoInterval least pause between two MTU_INFO requests to one node; 5 s
 */
public record Timing(
        Duration pingInterval,
        Duration pingTimeout,
        Duration keyLifetime,
        Duration maxReconnectDelay,
        Duration udpDiscoveryInterval,
        Duration udpKeepaliveInterval,
        Duration udpTimeout,
        Duration udpInfoInterval,
        Duration mtuInfoInterval) {

    /** C tinc's defaults. */
    public static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            Duration.ofSeconds(900),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));

    /** Checks that each is positive. */
    public Timing {
        positive(pingInterval, "pingInterval");
        positive(pingTimeout, "pingTimeout");
        positive(keyLifetime, "keyLifetime");
        positive(maxReconnectDelay, "maxReconnectDelay");
        positive(udpDiscoveryInterval, "udpDiscoveryInterval");
        positive(udpKeepaliveInterval, "udpKeepaliveInterval");
        positive(udpTimeout, "udpTimeout");
        positive(udpInfoInterval, "udpInfoInterval");
        positive(mtuInfoInterval, "mtuInfoInterval");
    }

    private static void positive(Duration value, String name) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + "=" + value + " must be longer than zero");
        }
    }

    /**
     * With other ping times.
     *
     * @param interval see {@link #pingInterval()}
     * @param timeout see {@link #pingTimeout()}
     * @return a changed copy
     */
    public Timing withPing(Duration interval, Duration timeout) {
        return new Timing(interval, timeout, keyLifetime, maxReconnectDelay, udpDiscoveryInterval, udpKeepaliveInterval,
                udpTimeout, udpInfoInterval, mtuInfoInterval);
    }

    /**
     * With another key lifetime.
     *
     * @param lifetime see {@link #keyLifetime()}
     * @return a changed copy
     */
    public Timing withKeyLifetime(Duration lifetime) {
        return new Timing(pingInterval, pingTimeout, lifetime, maxReconnectDelay, udpDiscoveryInterval, udpKeepaliveInterval,
                udpTimeout, udpInfoInterval, mtuInfoInterval);
    }

    /**
     * With another longest reconnect delay.
     *
     * @param delay see {@link #maxReconnectDelay()}
     * @return a changed copy
     */
    public Timing withMaxReconnectDelay(Duration delay) {
        return new Timing(pingInterval, pingTimeout, keyLifetime, delay, udpDiscoveryInterval, udpKeepaliveInterval,
                udpTimeout, udpInfoInterval, mtuInfoInterval);
    }

    /**
     * With other UDP discovery times.
     *
     * @param discovery see {@link #udpDiscoveryInterval()}
     * @param keepalive see {@link #udpKeepaliveInterval()}
     * @param timeout see {@link #udpTimeout()}
     * @return a changed copy
     */
    public Timing withUdp(Duration discovery, Duration keepalive, Duration timeout) {
        return new Timing(pingInterval, pingTimeout, keyLifetime, maxReconnectDelay, discovery, keepalive, timeout,
                udpInfoInterval, mtuInfoInterval);
    }

    /**
     * With other intervals of the informational requests.
     *
     * @param udpInfo see {@link #udpInfoInterval()}
     * @param mtuInfo see {@link #mtuInfoInterval()}
     * @return a changed copy
     */
    public Timing withInfo(Duration udpInfo, Duration mtuInfo) {
        return new Timing(pingInterval, pingTimeout, keyLifetime, maxReconnectDelay, udpDiscoveryInterval,
                udpKeepaliveInterval, udpTimeout, udpInfo, mtuInfo);
    }
}
