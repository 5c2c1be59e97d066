package org.tinc4j.interop;

import java.nio.file.Path;
import org.tinc4j.NodeKey;

/**
 * Where a node of a mesh lives and what it is called, whatever program it runs.
 *
 * @param name its name in the mesh
 * @param key its identity
 * @param host its place on the Ethernet
 * @param number its number in the mesh, from 1 on, which makes its addresses
 * @param directory its configuration, key and log
 */
record Site(String name, NodeKey key, Lan.Host host, int number, Path directory) {

    /** Port of every node: each has a host of its own. */
    static final int PORT = 655;

    /** Its IPv4 address inside the mesh. */
    String overlay4() {
        return "10.7.0." + number;
    }

    /** Its IPv6 address inside the mesh. */
    String overlay6() {
        return "fd07::" + number;
    }

    Netns netns() {
        return host.netns();
    }

    Path log() {
        return directory.resolve("log");
    }
}
