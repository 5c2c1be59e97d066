/**
 * Driver: the kernel TUN as a {@link org.tinc4j.spi.PacketDevice}; may import java, SLF4J, org.tinc4j and the other packages of this
 * module.
 *
 * <pre>
 * TunProvider              opens                         TunDevice     blocking batches, lifecycle
 * InterfaceConfiguration   addresses, MTU, up            TunQueue      one packet to and from memory
 * KernelRoutes             routes to the interface
 * RouteSocket              one rtnetlink request and its reply
 * </pre>
 */
package org.tinc4j.linux.tun;
