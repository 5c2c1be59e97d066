package org.tinc4j.impl.stack;

import java.net.InetAddress;
import java.net.SocketException;

/** Which addresses this host has. Any thread. */
public interface LocalAddresses {

    /**
     * The address to send from.
     *
     * @param remote whom to
     * @return an own address of the same family
     * @throws SocketException {@link java.net.ConnectException} if there is none
     */
    InetAddress sourceFor(InetAddress remote) throws SocketException;

    /** Whether an address is one of this host's. */
    boolean isLocal(InetAddress address);
}
