/**
 * Driver: moves batches in both directions. Threads: one per device, one per UDP socket, and the control thread for what comes by TCP;
 * each has its own {@link org.tinc4j.impl.datapath.PacketPath}. May import: route, stack, wire, sptps, crypto, graph, ledger, the API.
 *
 * <pre>
 * OUT   PacketDevice -> DeviceReader -> PacketPath.route -> seal -> UdpSockets.send
 * IN    DatagramTransport -> SocketReader -> PacketPath.datagram -> relay or open -> route -> PacketDevice.write
 * </pre>
 */
package org.tinc4j.impl.datapath;
