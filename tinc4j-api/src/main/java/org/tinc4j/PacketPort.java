package org.tinc4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Raw IP packets of a node whose device is in-process.
 *
 * <p>From the first call of {@link TincNode#packets()} on, packets for the node that it does not answer itself and that concern none of its
 * sockets wait here, at most 1024; more are counted as {@link DropReason#QUEUE_FULL}. Before that call they are refused, by RST or ICMP, as
 * a host refuses what it has no port for.
 *
 * <p><b>Threads.</b> Any number may call; {@link #receive} blocks, also well on virtual threads.
 */
public interface PacketPort {

    /**
     * Hands a packet to the mesh, as if a host had sent it.
     *
     * @param packet an IPv4 or IPv6 packet between position and limit; copied, position unchanged
     * @throws IOException {@link NodeClosedException} once the node is closed
     * @throws IllegalArgumentException if it is no IP packet or longer than the device's MTU
     */
    void send(ByteBuffer packet) throws IOException;

    /**
     * Waits for a packet addressed to this node.
     *
     * @param timeout how long to wait
     * @return the packet in a buffer of its own, or empty when the time is over
     * @throws IOException {@link NodeClosedException} once the node is closed
     * @throws InterruptedException if interrupted
     */
    Optional<ByteBuffer> receive(Duration timeout) throws IOException, InterruptedException;
}
