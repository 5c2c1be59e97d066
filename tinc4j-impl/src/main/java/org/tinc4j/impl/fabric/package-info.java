/**
 * Machine: the network between the hosts of an ephemeral mesh: links, NAT boxes, cuts, UDP datagrams and TCP streams. Threads: one at a
 * time, the driver's. May import: the value types of {@code org.tinc4j.testing}.
 *
 * <p>It has no thread, no clock and no I/O: {@link org.tinc4j.impl.fabric.Timeline} tells the time and calls back, so the same network runs
 * in real time, under one lock, and in virtual time, from a queue. The same random numbers and the same calls give the same events in the
 * same order, everywhere.
 *
 * <p>Whoever uses a socket is only ever called from events of the timeline, never from inside a call he makes himself.
 */
package org.tinc4j.impl.fabric;
