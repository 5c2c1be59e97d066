/**
 * Driver: the ports between a node's threads and the network they are on; only interfaces. Adapters: {@code transport} on the system's
 * sockets, {@code ephemeral} on a virtual network. Threads: any. May import: the API.
 */
package org.tinc4j.impl.net;
