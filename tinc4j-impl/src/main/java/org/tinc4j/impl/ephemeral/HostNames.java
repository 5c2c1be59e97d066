package org.tinc4j.impl.ephemeral;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The name server of the virtual network: every host goes by its node's name. Any thread. */
final class HostNames {

    /** Where every host listens: tinc's own port. */
    static final int PORT = org.tinc4j.Endpoint.DEFAULT_PORT;

    private final Map<String, InetAddress> byName = new ConcurrentHashMap<>();

    void put(String name, InetAddress address) {
        byName.put(name, address);
    }

    /** An address, given as itself or as the name of a node. Nobody else is asked. */
    InetAddress lookUp(String host) throws UnknownHostException {
        InetAddress named = byName.get(host);
        if (named != null) {
            return named;
        }
        if (host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9')) {
            return InetAddress.getByName(host); // Numeric: the system's resolver is not asked.
        }
        throw new UnknownHostException(host);
    }
}
