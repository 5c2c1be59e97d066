package org.tinc4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/**
 * One network namespace: interfaces, addresses and packet filter of a pretended host. Removed by {@link #close()}, and at the latest
 * when this JVM ends; the interfaces in it go with it.
 */
public final class Netns implements AutoCloseable {

    private static final String FILTER = "tinc4j";

    private final String name;
    private final UnaryOperator<List<String>> into;
    private final Thread cleanup;

    private Netns(String name, UnaryOperator<List<String>> into) {
        this.name = name;
        this.into = into;
        this.cleanup = new Thread(this::delete, "remove " + name);
    }

    /**
     * A new namespace with its loopback interface up.
     *
     * @param label part of its name; the rest makes it unique on this machine
     */
    public static Netns create(String label) {
        String name = "tj-" + Integer.toHexString(ThreadLocalRandom.current().nextInt()) + "-" + label;
        Netns namespace = new Netns(name, words -> prepend(List.of("ip", "netns", "exec", name), words));
        Command.require(List.of("ip", "netns", "add", name));
        Runtime.getRuntime().addShutdownHook(namespace.cleanup);
        namespace.ip("link", "set", "lo", "up");
        // Duplicate address detection would keep a new IPv6 address unusable for a second or two.
        namespace.kernelSetting("net/ipv6/conf/all/accept_dad", 0);
        namespace.kernelSetting("net/ipv6/conf/default/accept_dad", 0);
        return namespace;
    }

    /** The namespace this JVM runs in, for nodes on the loopback interface. Closing it does nothing. */
    public static Netns ofThisJvm() {
        return new Netns("", words -> words);
    }

    /** Whether it is the machine's own, where a test leaves the interfaces alone. */
    public boolean isOfThisJvm() {
        return name.isEmpty();
    }

    /** The command that runs another one in here. */
    public List<String> wrap(List<String> words) {
        return into.apply(words);
    }

    /** Runs a command in here that must succeed. */
    public String require(String... words) {
        return Command.require(wrap(List.of(words)));
    }

    /** Runs a command in here. */
    public Command.Result run(String... words) {
        return Command.run(wrap(List.of(words)));
    }

    /** Changes a setting of the kernel for this namespace; the path is below {@code /proc/sys}. */
    public void kernelSetting(String path, int value) {
        require("sh", "-c", "echo " + value + " >/proc/sys/" + path);
    }

    /**
     * A counter of the kernel's for this namespace, as {@code nstat} shows it.
     *
     * @param protocol for example {@code Tcp}
     * @param name for example {@code InCsumErrors}
     */
    public long counter(String protocol, String name) {
        return counter(require("cat", "/proc/net/snmp"), protocol, name);
    }

    /** A counter in the text of {@code /proc/net/snmp}: one line has the names, the next one the values. */
    public static long counter(String snmp, String protocol, String name) {
        List<String> lines = snmp.lines().filter(line -> line.startsWith(protocol + ": ")).toList();
        int at = lines.isEmpty() ? -1 : List.of(lines.get(0).split(" ")).indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("no counter " + protocol + " " + name + " in " + snmp);
        }
        return Long.parseLong(lines.get(1).split(" ")[at]);
    }

    private void ip(String... words) {
        Command.require(prepend(List.of("ip", "-n", name), List.of(words)));
    }

    /**
     * Joins two namespaces by a cable.
     *
     * @param device what the end in here is called
     * @param other the other namespace
     * @param otherDevice what its end is called
     */
    public void cable(String device, Netns other, String otherDevice) {
        ip("link", "add", device, "type", "veth", "peer", "name", otherDevice, "netns", other.name);
        ip("link", "set", device, "up");
        other.ip("link", "set", otherDevice, "up");
    }

    /**
     * Gives an interface away. It is down afterwards, and without addresses.
     *
     * @param device what it is called in here
     * @param other the namespace that gets it
     * @param otherDevice what it is called there
     */
    public void hand(String device, Netns other, String otherDevice) {
        ip("link", "set", device, "netns", other.name, "name", otherDevice);
    }

    /** Makes a switch; {@link #plug} puts interfaces into it. */
    public void bridge(String device) {
        ip("link", "add", device, "type", "bridge");
        ip("link", "set", device, "up");
    }

    /** Puts an interface into a switch. */
    public void plug(String device, String bridge) {
        ip("link", "set", device, "master", bridge);
    }

    /** Takes an interface out of its switch. */
    public void unplug(String device) {
        ip("link", "set", device, "nomaster");
    }

    /** Gives an interface an address, IPv4 or IPv6, with the length of its network's prefix. */
    public void address(String device, String addressWithPrefix) {
        ip("addr", "add", addressWithPrefix, "dev", device);
    }

    /** Sets the MTU of an interface. */
    public void mtu(String device, int bytes) {
        ip("link", "set", device, "mtu", Integer.toString(bytes));
    }

    /** Pulls the plug, or puts it in again. */
    public void link(String device, LinkState state) {
        ip("link", "set", device, state.name().toLowerCase(Locale.ROOT));
    }

    /** Whether an interface is on. */
    public enum LinkState {
        UP,
        DOWN
    }

    /**
     * Drops what comes in by an interface and matches a rule. Silently, as a firewall on the way would: a rule for what goes out
     * would fail the sender's system call instead.
     *
     * @param device the interface
     * @param match in nftables' words, for example {@code meta l4proto udp}
     */
    public void dropIncoming(String device, String match) {
        require("nft", """
                add table inet %1$s
                add chain inet %1$s in { type filter hook input priority 0; }
                add rule inet %1$s in iifname "%2$s" %3$s drop
                """.formatted(FILTER, device, match));
    }

    /** Lets everything in again. */
    public void dropNothing() {
        require("nft", "delete table inet " + FILTER);
    }

    /**
     * Counts from now on what comes in by an interface and matches a rule.
     *
     * @param device the interface
     * @param match in nftables' words
     */
    public void countIncoming(String device, String match) {
        countInto("input");
        require("nft", "add rule inet %s input iifname \"%s\" %s counter name matching".formatted(FILTER, device, match));
    }

    /** Counts from now on what leaves by an interface, IPv4 and IPv6, but for what matches one of some rules. */
    public void countOutgoingExcept(String device, String... exceptions) {
        countInto("output");
        for (String exception : exceptions) {
            require("nft", "add rule inet %s output oifname \"%s\" %s accept".formatted(FILTER, device, exception));
        }
        require("nft", "add rule inet %s output oifname \"%s\" counter name matching".formatted(FILTER, device));
    }

    private void countInto(String hook) {
        require("nft", """
                add table inet %1$s
                add chain inet %1$s %2$s { type filter hook %2$s priority 0; }
                add counter inet %1$s matching
                """.formatted(FILTER, hook));
    }

    /** How many packets matched so far. */
    public long counted() {
        String counter = require("nft", "list", "counter", "inet", FILTER, "matching");
        return Long.parseLong(counter.replaceAll("(?s).*packets (\\d+).*", "$1"));
    }

    @Override
    public void close() {
        if (!isOfThisJvm()) {
            delete();
            Runtime.getRuntime().removeShutdownHook(cleanup);
        }
    }

    private void delete() {
        Command.run(List.of("ip", "netns", "del", name));
    }

    @Override
    public String toString() {
        return isOfThisJvm() ? "the namespace of this JVM" : name;
    }

    private static List<String> prepend(List<String> first, List<String> rest) {
        List<String> all = new ArrayList<>(first);
        all.addAll(rest);
        return all;
    }
}
