/**
 * Driver: UDP sockets of the kernel as {@link org.tinc4j.spi.DatagramTransport}; may import java, SLF4J, org.tinc4j and the other packages
 * of this module.
 *
 * <pre>
 * UdpProvider    opens                                   UdpTransport      blocking batches, lifecycle
 * SocketSetup    options, address, offloads of one       Sender            messages out, and what becomes of them
 *                                                        SendMessages      their memory, from a linux.offload.SendPlan
 * RemoteNames    addresses as the kernel has them        MessageCalls      the four system calls; RingSends replaces one
 * Senders        and back                                Reception         messages in: Receiver by system calls, RingReceiver
 *                                                        Arrivals          what the kernel says of each
 * </pre>
 */
package org.tinc4j.linux.udp;
