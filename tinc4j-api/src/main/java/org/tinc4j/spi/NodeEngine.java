package org.tinc4j.spi;

import java.io.IOException;
import org.tinc4j.TincNode;
import org.tinc4j.config.NodeSettings;

/** Runs nodes. Found by {@link java.util.ServiceLoader}; {@code tinc4j-impl} has the one engine there is. */
public interface NodeEngine {

    /**
     * Starts a node.
     *
     * @param settings everything about it
     * @return the running node
     * @throws IOException if a device or socket could not be opened; nothing is left behind
     */
    TincNode start(NodeSettings settings) throws IOException;
}
