package org.tinc4j.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Netns;
import org.tinc4j.testkit.wire.Conditions;
import org.tinc4j.testkit.wire.WireProcess;

/**
 * Hosts on one Ethernet: a namespace with a switch, and one namespace per host, whose interface is {@value #DEVICE}.
 *
 * <p>Host n has {@code 192.0.2.n/24} and {@code 2001:db8::n/64}, the documentation ranges of RFC 5737 and RFC 3849.
 */
final class Lan implements AutoCloseable {

    /** What the interface towards the Ethernet is called in every host. */
    static final String DEVICE = "eth0";

    private static final String SWITCH = "br0";
    private static final String ROUGH_DEVICE = "rough0";
    private static final Conditions ROUGH =
            Conditions.PERFECT.losing(0.005).doubling(0.005).reordering(0.02, Duration.ofMillis(2));

    private final Netns middle = Netns.create("lan");
    private final Map<String, Host> hosts = new LinkedHashMap<>();

    /**
     * A host.
     *
     * @param netns its namespace
     * @param ipv4 its address on the Ethernet
     * @param ipv6 its other address on the Ethernet
     * @param port its port of the switch
     */
    record Host(Netns netns, String ipv4, String ipv6, String port) {}

    Lan() {
        middle.bridge(SWITCH);
    }

    /** Adds a host. */
    Host host(String label) {
        int number = hosts.size() + 1;
        Host host = new Host(Netns.create(label), "192.0.2." + number, "2001:db8::" + number, "port" + number);
        hosts.put(label, host);
        host.netns().cable(DEVICE, middle, host.port());
        middle.plug(host.port(), SWITCH);
        host.netns().address(DEVICE, host.ipv4() + "/24");
        host.netns().address(DEVICE, host.ipv6() + "/64");
        return host;
    }

    /** Sets the MTU of a host's link at both its ends, so that host knows it. */
    void mtu(Host host, int bytes) {
        host.netns().mtu(DEVICE, bytes);
        middle.mtu(host.port(), bytes);
    }

    /** Sets the MTU of the switch's port towards a host. Larger packets vanish without a word to the sender: a PMTU black hole. */
    void silentMtu(Host host, int bytes) {
        middle.mtu(host.port(), bytes);
    }

    /** Lets no UDP through to any host, without telling the senders. */
    void blockUdp() {
        hosts.values().forEach(host -> host.netns().dropIncoming(DEVICE, "meta l4proto udp"));
    }

    /** Lets UDP through again. */
    void unblockUdp() {
        hosts.values().forEach(host -> host.netns().dropNothing());
    }

    /** Counts from now on what a host sends that is neither traffic of the mesh itself nor neighbour discovery. */
    void countForeign(Host host, int meshPort) {
        host.netns().countOutgoingExcept(DEVICE, "th dport " + meshPort, "th sport " + meshPort, "icmpv6 type >= 133");
    }

    /**
     * Leads everything that one host sends another through a {@link WireProcess}: the Ethernet becomes a router that answers for all
     * addresses, and routes by way of a TUN.
     *
     * @param seed of what it does to packets
     * @return to be closed before this
     */
    ChildProcess rough(long seed, Path log) {
        middle.address("lo", "192.0.2.254/32");
        middle.address("lo", "2001:db8::fe/128");
        middle.kernelSetting("net/ipv4/ip_forward", 1);
        middle.kernelSetting("net/ipv6/conf/all/forwarding", 1);
        middle.kernelSetting("net/ipv4/conf/all/rp_filter", 0);
        ChildProcess wire = ChildProcess.start(
                middle.wrap(JavaProgram.command(WireProcess.class, ROUGH.word(), Long.toString(seed), ROUGH_DEVICE)), log);
        try {
            // Not closed: the stream is the process's.
            if (!WireProcess.READY.equals(wire.process().inputReader(StandardCharsets.UTF_8).readLine())) {
                throw new IllegalStateException("the rough wire did not start: " + wire.logText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        middle.link(ROUGH_DEVICE, Netns.LinkState.UP);
        middle.kernelSetting("net/ipv4/conf/" + ROUGH_DEVICE + "/rp_filter", 0);
        middle.require("ip", "route", "add", "default", "dev", ROUGH_DEVICE, "table", "100");
        middle.require("ip", "-6", "route", "add", "default", "dev", ROUGH_DEVICE, "table", "100");
        hosts.values().forEach(host -> {
            middle.unplug(host.port());
            middle.kernelSetting("net/ipv4/conf/" + host.port() + "/proxy_arp", 1);
            middle.kernelSetting("net/ipv4/conf/" + host.port() + "/rp_filter", 0);
            middle.require("ip", "route", "add", host.ipv4() + "/32", "dev", host.port());
            middle.require("ip", "rule", "add", "iif", host.port(), "lookup", "100");
            middle.require("ip", "-6", "route", "add", host.ipv6() + "/128", "dev", host.port());
            middle.require("ip", "-6", "rule", "add", "iif", host.port(), "lookup", "100");
            middle.kernelSetting("net/ipv6/conf/" + host.port() + "/proxy_ndp", 1);
            hosts.values().stream().filter(other -> other != host).forEach(
                    other -> middle.require("ip", "-6", "neigh", "add", "proxy", other.ipv6(), "dev", host.port()));
            host.netns().require("ip", "neigh", "flush", "dev", DEVICE);
        });
        return wire;
    }

    @Override
    public void close() {
        List<Netns> all = new ArrayList<>(hosts.values().stream().map(Host::netns).toList());
        all.add(middle);
        all.forEach(Netns::close);
    }
}
