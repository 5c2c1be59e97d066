package org.tinc4j.config;

import java.util.List;
import java.util.Map;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.config.TincConf.Assignment;

/**
 * What a tinc directory says, without contradictions.
 *
 * @param name the node's own name
 * @param key its identity
 * @param assignments what holds for the node itself, what counts first
 * @param server what they come to
 * @param hosts by name, with the node's own
 * @param peers every other node
 * @param remarks on what has no effect
 */
record DirectoryContents(
        NodeName name,
        NodeKey key,
        List<Assignment> assignments,
        ServerSettings server,
        Map<NodeName, HostFile> hosts,
        List<PeerSettings> peers,
        List<String> remarks) {}
