/**
 * Driver: the network of this machine on the sockets of the JDK, for every platform. Threads: any may send, connect and close; one receives
 * from each socket; one of its own for each host name that is looked up. May import: net, ledger, the API.
 */
package org.tinc4j.impl.transport;
