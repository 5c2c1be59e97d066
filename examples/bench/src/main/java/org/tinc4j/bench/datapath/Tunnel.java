package org.tinc4j.bench.datapath;

import java.util.List;

/** A running tunnel; {@link #close()} ends its processes. */
interface Tunnel extends AutoCloseable {

    /** Where that end's traffic goes. */
    String address(Wire.End end);

    /** Whether an end has an interface, so that the kernel's TCP is at work there. */
    default boolean hasInterface(Wire.End end) {
        return true;
    }

    /** The daemons, left and right; none if the kernel does it all. */
    List<Long> processes();

    /** The same as nodes of tinc4j, left and right; empty for everything else. */
    default List<NodeProcess> nodes() {
        return List.of();
    }

    @Override
    void close();
}
