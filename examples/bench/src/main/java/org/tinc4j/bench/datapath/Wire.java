package org.tinc4j.bench.datapath;

import java.util.List;
import org.tinc4j.testkit.Netns;

/**
 * Two hosts: namespaces, joined by a cable, which is a veth pair with an MTU of 1500, or by a {@link BadWire}. Removed by
 * {@link #close()}, or with this JVM.
 */
final class Wire implements AutoCloseable {

    /** What the interface of the cable is called at both ends. */
    static final String DEVICE = "eth0";

    private final End left;
    private final End right;

    /**
     * One host.
     *
     * @param name {@code left} or {@code right}
     * @param netns its namespace
     * @param underlay its address on the cable
     * @param overlay its address in a tunnel
     */
    record End(String name, Netns netns, String underlay, String overlay) {

        /** The address in a tunnel with the length of the prefix that both ends share. */
        String overlayWithPrefix() {
            return overlay + "/24";
        }
    }

    private Wire() {
        left = new End("left", Netns.create("left"), "192.0.2.1", "10.99.0.1");
        right = new End("right", Netns.create("right"), "192.0.2.2", "10.99.0.2");
    }

    /** A cable. */
    static Wire cable() {
        Wire wire = new Wire();
        wire.left.netns().cable(DEVICE, wire.right.netns(), DEVICE);
        wire.addresses();
        return wire;
    }

    /** Two hosts that somebody else joins, who then calls {@link #addresses()}. */
    static Wire cut() {
        return new Wire();
    }

    /** Gives the interfaces their addresses. */
    void addresses() {
        ends().forEach(end -> end.netns().address(DEVICE, end.underlay() + "/24"));
    }

    End left() {
        return left;
    }

    End right() {
        return right;
    }

    List<End> ends() {
        return List.of(left, right);
    }

    End other(End end) {
        return end == left ? right : left;
    }

    @Override
    public void close() {
        left.netns().close();
        right.netns().close();
    }
}
