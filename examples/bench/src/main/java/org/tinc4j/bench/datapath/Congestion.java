package org.tinc4j.bench.datapath;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel's TCP controls congestion by in a tunnel. It is chosen with the route: a namespace may make its default only what the machine
 * allows everybody, and a socket that is told after it connected keeps what the default left behind, so CUBIC after BBR stays paced.
 */
final class Congestion {

    private static final Pattern DEVICE = Pattern.compile(" dev (\\S+)");

    private Congestion() {}

    /** For all connections through the tunnel that are yet to be made. */
    static void choose(Wire wire, Tunnel tunnel, String algorithm) {
        for (Wire.End end : wire.ends()) {
            if (tunnel.hasInterface(end)) {
                choose(end, tunnel.address(wire.other(end)), algorithm);
            }
        }
    }

    private static void choose(Wire.End end, String to, String algorithm) {
        String route = end.netns().require("ip", "-o", "route", "get", to);
        Matcher device = DEVICE.matcher(route);
        if (!device.find()) {
            throw new IllegalStateException("no route to " + to + " at the " + end.name() + " end: " + route);
        }
        end.netns().require("ip", "route", "replace", to + "/32", "dev", device.group(1), "congctl", algorithm);
    }
}
