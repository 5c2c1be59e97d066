package org.tinc4j.bench.datapath;

import java.util.List;
import java.util.Locale;

/** What is measured of a tunnel in one round, and how it is shown. */
enum Figure {
    TCP_ONE(Group.TCP, "1 stream", 0),
    TCP_FOUR(Group.TCP, "4 streams", 0),
    TCP_REVERSE(Group.TCP, "reverse", 0),
    TCP_BOTH(Group.TCP, "both ways", 0),
    UDP_SMALL(Group.UDP, "64 bytes", 1),
    UDP_LARGE(Group.UDP, "1200 bytes", 1),
    PING_IDLE_MEDIAN(Group.PING, "idle median", 0),
    PING_IDLE_P99(Group.PING, "idle p99", 0),
    PING_LOAD_MEDIAN(Group.PING, "load median", 0),
    PING_LOAD_P99(Group.PING, "load p99", 0),
    WAKE_IDLE_MEDIAN(Group.WAKE, "idle median", 0),
    WAKE_IDLE_P99(Group.WAKE, "idle p99", 0),
    WAKE_IDLE_MAX(Group.WAKE, "idle max", 0),
    WAKE_LOAD_MEDIAN(Group.WAKE, "load median", 0),
    WAKE_LOAD_P99(Group.WAKE, "load p99", 0),
    WAKE_LOAD_MAX(Group.WAKE, "load max", 0),
    CPU_DAEMONS(Group.CPU, "both ends", 2),
    CPU_MACHINE(Group.CPU, "whole machine", 2),
    SYSTEM_CALLS(Group.CALLS, "calls/MB", 0),
    RSS_LEFT(Group.MEMORY, "RSS left MiB", 0),
    RSS_RIGHT(Group.MEMORY, "RSS right MiB", 0),
    GC_PAUSES(Group.MEMORY, "GC pauses", 0),
    GC_LONGEST(Group.MEMORY, "longest ms", 1);

    /** Figures that share a unit, in one table. */
    enum Group {
        TCP("TCP, Mbit/s of payload"),
        UDP("UDP with less than 0.5 % lost, 1000 packets/s of that payload"),
        PING("ping through the tunnel, microseconds"),
        WAKE("how late an unrelated virtual thread of the node wakes from 1 ms, microseconds, the worse end"),
        CPU("processor seconds per GB, TCP 1 stream"),
        CALLS("system calls of both ends together, TCP 1 stream"),
        MEMORY("memory after the run; garbage collections of both ends since they started");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** In the order they are shown. */
        List<Figure> figures() {
            return List.of(Figure.values()).stream().filter(figure -> figure.group == this).toList();
        }
    }

    /** Those whose ratio to another implementation says something. */
    static final List<Figure> COMPARED = List.of(TCP_ONE, TCP_FOUR, TCP_REVERSE, TCP_BOTH, UDP_SMALL, UDP_LARGE, CPU_DAEMONS, CPU_MACHINE);

    private final Group group;
    private final String heading;
    private final int digits;

    Figure(Group group, String heading, int digits) {
        this.group = group;
        this.heading = heading;
        this.digits = digits;
    }

    Group group() {
        return group;
    }

    String heading() {
        return heading;
    }

    /** With the group's first word, where figures of several stand side by side. */
    String longHeading() {
        return group + " " + heading;
    }

    /** A value with as many digits as are worth reading. */
    String text(double value) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
