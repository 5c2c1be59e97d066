/**
 * Driver: connections copied from one network to the other: mapped ports, and a proxy on loopback for clients without a hook for sockets.
 * Threads: one for each listener, two for each connection. May import: the API.
 */
package org.tinc4j.impl.proxy;
