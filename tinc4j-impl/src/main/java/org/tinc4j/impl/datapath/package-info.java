/**
 * Driver: moves batches in both directions. Threads: one per device, one per UDP socket, and the control thread for what comes by TCP;
 * each has its own {@link org.tinc4j.impl.datapath.PacketPath}. May import: route, stack, wire, sptps, crypto, graph, ledger, the API.
 *
 * <pre>
 * OUT   PacketDevice -> DeviceSource -> PacketPath.outbound -> route -> split, seal -> DatagramTransport.send
 * IN    DatagramTransport -> SocketSource -> PacketPath.datagrams -> relay or open -> route -> coalesce -> PacketDevice.write
 * </pre>
 *
 * <p>Each source has a {@link org.tinc4j.impl.datapath.PacketReader}; those of one queue look after each other's, see
 * {@link org.tinc4j.impl.datapath.ReaderGroup}.
 */
package org.tinc4j.impl.datapath;
