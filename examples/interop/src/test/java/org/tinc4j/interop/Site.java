package org.tinc4j.interop;

import java.nio.file.Path;
import org.tinc4j.NodeKey;
import org.tinc4j.testkit.Netns;

/**
 * Where a node of a mesh lives and what it is called, whatever program it runs.
 *
 * @param name its name in the mesh
 * @param key its identity
 * @param netns the host it runs on
 * @param port where it listens; 0 is any
 * @param number its number in the mesh, from 1 on, which makes its addresses
 * @param directory its configuration, key and log
 */
record Site(String name, NodeKey key, Netns netns, int port, int number, Path directory) {

    /** Its IPv4 address inside the mesh. */
    String overlay4() {
        return "10.7.0." + number;
    }

    /** Its IPv6 address inside the mesh. */
    String overlay6() {
        return "fd07::" + number;
    }

    Path log() {
        return directory.resolve("log");
    }
}
