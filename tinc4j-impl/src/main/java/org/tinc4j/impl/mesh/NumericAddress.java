package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import org.tinc4j.Subnet;

/** Addresses as edges carry them. Pure; never asks a name server. */
final class NumericAddress {

    /** Stands for "none". */
    static final String UNSPECIFIED = "unspec";

    private NumericAddress() {}

    /** The address, or null if the texts are no numeric address and port. */
    static InetSocketAddress parse(String address, String port) {
        if (address.isEmpty() || address.indexOf('/') >= 0 || address.indexOf('#') >= 0) {
            return null;
        }
        try {
            int number = Integer.parseInt(port);
            Subnet host = Subnet.parseLenient(address);
            if (number < 1 || number > 65535 || host.kind() == Subnet.Kind.MAC) {
                return null;
            }
            return new InetSocketAddress(host.inetAddress(), number);
        } catch (IllegalArgumentException e) {
            return null; // "Text that is not a numeric address must be stored and passed on unchanged": it is no address for us.
        }
    }

    static String text(InetSocketAddress address) {
        return address == null ? UNSPECIFIED : Subnet.host(address.getAddress()).toString();
    }

    static String portText(InetSocketAddress address) {
        return address == null ? UNSPECIFIED : Integer.toString(address.getPort());
    }
}
