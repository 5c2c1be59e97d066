package org.tinc4j.impl.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.DatagramTransport;

/**
 * The network one node runs on: where its sockets come from. Port; adapters on this machine's sockets, and on a network that is made up.
 *
 * <p>Whatever it hands out is accounted in the ledger the adapter was made with, until it is closed.
 *
 * <p><b>Threads.</b> Any.
 */
public interface Network {

    /**
     * Listens for connections.
     *
     * @param address where; port 0 is any free port; the IPv6 wildcard address stands for both families, where the network has both
     * @return the bound listener
     * @throws TransportException naming address and remedy
     */
    StreamListener listen(InetSocketAddress address) throws TransportException;

    /**
     * Binds UDP sockets to one address.
     *
     * @param address as for {@link #listen}
     * @param receiveBufferBytes kernel buffer asked for, 0 leaves the default
     * @param sendBufferBytes kernel buffer asked for, 0 leaves the default
     * @param dataPath how many, and what of the system's to use
     * @return the bound transports: one, or more at the same port among which the system spreads what comes in
     * @throws TransportException naming address and remedy
     */
    List<DatagramTransport> udp(InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, DataPathOptions dataPath)
            throws TransportException;

    /**
     * A connection that is not connected yet.
     *
     * @return to be closed by the caller, also when it never connects
     */
    StreamConnection newConnection();

    /**
     * Looks a host up. Blocks; an interrupt ends the wait.
     *
     * @param host name or numeric address
     * @return its addresses in the order to try them, at least one
     * @throws UnknownHostException if there are none
     * @throws InterruptedException if the caller was interrupted
     */
    InetAddress[] lookUp(String host) throws UnknownHostException, InterruptedException;

    /** Whether nodes of this network can have IPv6 addresses. */
    boolean ipv6Available();
}
