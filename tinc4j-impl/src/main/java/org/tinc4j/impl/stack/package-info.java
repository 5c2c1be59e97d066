/**
 * Driver: a host in this process, for a node without a kernel interface: TCP, UDP and ICMP on the overlay's addresses. Threads: any; one of
 * its own for timers, once a connection exists. May import: route, offload, wire, the API; and {@code stack.tcp}, the machine it drives.
 *
 * <pre>
 * IN    PacketDevice.write -> StackDevice -> HostStack -> TcpEndpoint -> TcpConnection     -> whoever reads a socket
 *                                                      -> UdpEndpoint
 *                                                      -> IcmpQuote: whom an error concerns
 * OUT   whoever writes a socket -> TcpEndpoint -> TcpConnection -> TcpOutput -> PacketRing -> PacketDevice.read
 *                                                      ^------- SendTurns: room again for what was held back
 * </pre>
 *
 * <p>Locks, in this order: an endpoint's, then a listener's, then the ring's or the timers'. No thread waits for another with one of them
 * held but on a condition of it.
 */
package org.tinc4j.impl.stack;
