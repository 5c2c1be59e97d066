/**
 * Machine: per peer, the UDP address, whether it works, and how large a record may be. Threads: the control thread. May import: route
 * (to publish what it found), the API.
 *
 * <p>Source: tinc 1.1, UDP discovery and path MTU discovery.
 */
package org.tinc4j.impl.path;
