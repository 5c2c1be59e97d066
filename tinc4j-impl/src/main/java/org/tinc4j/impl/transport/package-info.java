/**
 * Driver: UDP on NIO, for every platform. Threads: any may send, one receives. May import: the API.
 */
package org.tinc4j.impl.transport;
