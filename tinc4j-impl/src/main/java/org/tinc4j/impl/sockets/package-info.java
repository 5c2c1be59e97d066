/**
 * Driver: sockets of the JDK's types on the mesh, by the host in this process or by the system's own. Threads: the caller's, who may block.
 * May import: stack, proxy, route, graph, the API.
 */
package org.tinc4j.impl.sockets;
