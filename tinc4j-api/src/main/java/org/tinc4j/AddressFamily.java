package org.tinc4j;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which IP versions are used outside the mesh, to listen and to dial. */
public enum AddressFamily {
    /** Both. The default. */
    ANY,
    /** IPv4 only. */
    IPV4,
    /** IPv6 only. */
    IPV6;

    /**
     * Whether an address may be used.
     *
     * @param address any address
     * @return true if it is of this family
     */
    public boolean includes(InetAddress address) {
        return switch (this) {
            case ANY -> true;
            case IPV4 -> address instanceof Inet4Address;
            case IPV6 -> !(address instanceof Inet4Address);
        };
    }
}
