/**
 * Ports: what a node asks of the network it runs on; interfaces only. Adapters are in {@code transport}, on the sockets of this machine, and
 * wherever a network is made up. Threads: each method says. May import: the API.
 */
package org.tinc4j.impl.net;
