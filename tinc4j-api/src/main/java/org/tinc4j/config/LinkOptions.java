package org.tinc4j.config;

import java.util.OptionalInt;
import org.tinc4j.AddressFamily;

/**
 * How a node talks to the outside world.
 *
 * @param addressFamily IP versions to listen on and dial; any
 * @param indirectData whether nobody may contact this node but over its meta connections; no
 * @param tcpOnly whether no UDP is used; no; implies {@code indirectData}
 * @param pmtuDiscovery whether path MTUs are probed; yes
 * @param clampMss whether TCP's MSS option is lowered to what the path takes; yes
 * @param udpDiscovery whether direct UDP paths are sought; yes
 * @param localDiscovery whether a peer's address on its own network is tried too; yes
 * @param pmtuBytes upper limit of every path MTU in bytes, counted as C tinc does with 14 bytes of Ethernet header; empty is 1518
 * @param weight weight of every meta connection; empty measures the time the handshake took, in milliseconds
 * @param replayWindowBytes size of the replay window in bytes of bitmap, 8 datagrams each; 32; 0 switches replay protection off
 * @param maxOutputBufferBytes packets sent over TCP are dropped with rising probability from half of this backlog on; 15180
 * @param maxConnectionBurst connections accepted at once before one a second; 10; loopback is exempt
 * @param udpReceiveBufferBytes kernel buffer asked for; 1048576; 0 leaves the system's default
 * @param udpSendBufferBytes kernel buffer asked for; 1048576; 0 leaves the system's default
 */
public record LinkOptions(
        AddressFamily addressFamily,
        boolean indirectData,
        boolean tcpOnly,
        boolean pmtuDiscovery,
        boolean clampMss,
        boolean udpDiscovery,
        boolean localDiscovery,
        OptionalInt pmtuBytes,
        OptionalInt weight,
        int replayWindowBytes,
        int maxOutputBufferBytes,
        int maxConnectionBurst,
        int udpReceiveBufferBytes,
        int udpSendBufferBytes) {

    /** C tinc's defaults, but for a replay window as large as its manual says. */
    public static final LinkOptions DEFAULT = new LinkOptions(
            AddressFamily.ANY,
            false,
            false,
            true,
            true,
            true,
            true,
            OptionalInt.empty(),
            OptionalInt.empty(),
            32,
            15180,
            10,
            1 << 20,
            1 << 20);

    /** Checks the ranges. */
    public LinkOptions {
        range("pmtu", pmtuBytes.orElse(1518), 512, 1518);
        range("replayWindow", replayWindowBytes, 0, 1 << 16);
        range("maxOutputBuffer", maxOutputBufferBytes, 1518, 1 << 26);
        range("maxConnectionBurst", maxConnectionBurst, 1, 1 << 16);
        range("udpReceiveBuffer", udpReceiveBufferBytes, 0, 1 << 28);
        range("udpSendBuffer", udpSendBufferBytes, 0, 1 << 28);
    }

    private static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + "=" + value + " is outside " + least + ".." + most);
        }
    }
}
