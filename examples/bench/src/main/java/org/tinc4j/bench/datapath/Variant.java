package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Path;

/** One way of carrying packets from one end of the {@link Wire} to the other. */
interface Variant {

    /** As in the arguments and in the tables. */
    String name();

    /**
     * Puts a tunnel over the wire and waits until packets of full size go through it by UDP.
     *
     * @param wire with no other tunnel on it
     * @param directory for configuration and logs; there, and empty
     * @throws IOException if the tunnel does not come up
     */
    Tunnel start(Wire wire, Path directory) throws IOException, InterruptedException;
}
