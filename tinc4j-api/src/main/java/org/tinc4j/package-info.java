/**
 * A mesh-VPN node inside the calling process.
 *
 * <p><b>First node.</b> {@link org.tinc4j.Tinc#network Tinc.network} begins one, {@link org.tinc4j.Tinc.Builder#start() start} makes it
 * a {@link org.tinc4j.TincNode}. It needs a {@linkplain org.tinc4j.NodeName name} and a {@linkplain org.tinc4j.NodeKey key}, and for
 * each neighbour a {@linkplain org.tinc4j.Peer public key}, at one end also an address to dial.
 *
 * {@snippet file="ExistingMesh.java" region="by-hand"}
 *
 * <p><b>Sockets.</b> {@link org.tinc4j.TincNode#connect(String, int) connect}, {@link org.tinc4j.TincNode#listen(int) listen} and
 * {@link org.tinc4j.TincNode#datagram datagram} give the JDK's own types on the overlay's addresses, whatever the device; see
 * {@link org.tinc4j.net}.
 *
 * <p><b>Packets.</b> {@link org.tinc4j.Device} says where they come from and go to: a kernel interface, or this process through a
 * {@link org.tinc4j.PacketPort}:
 *
 * {@snippet file="RawPackets.java" region="receive"}
 *
 * <p><b>Lifecycle.</b> Start returns before anybody is reachable; {@link org.tinc4j.TincNode#awaitReachable awaitReachable} waits,
 * {@link org.tinc4j.TincNode#status() status} tells how things are, a {@linkplain org.tinc4j.event.TincListener listener} hears what
 * changes. {@link org.tinc4j.TincNode#close() close} leaves nothing behind.
 *
 * <p><b>Threads.</b> A node may be used from any thread; calls that wait can be interrupted. Everything else here is immutable, but for
 * the two builders, {@link org.tinc4j.Tinc.Builder} and {@link org.tinc4j.Peer}, and for {@link org.tinc4j.NodeKey#destroy()}.
 *
 * <p><b>Failure.</b> {@link java.lang.IllegalArgumentException} and {@link org.tinc4j.config.ConfigException} are the caller's to mend,
 * {@link org.tinc4j.TincException} is what the world did. Dropped packets are counted by {@link org.tinc4j.DropReason}.
 */
package org.tinc4j;
