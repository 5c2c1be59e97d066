package org.tinc4j;

/**
 * Where a peer can be dialled: a host name or numeric address, and a port. Names are resolved anew at each attempt.
 *
 * @param host a host name or a numeric IPv4 or IPv6 address, without brackets
 * @param port TCP and UDP port, 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** The port tinc uses unless told otherwise. */
    public static final int DEFAULT_PORT = 655;

    /** Checks both parts. */
    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("endpoint host is empty; give a host name or a numeric address");
        }
        if (host.chars().anyMatch(c -> c <= ' ' || c > '~' && c < 0xa1 || c == '/' || c == '[' || c == ']')) {
            throw new IllegalArgumentException("endpoint host \"" + host.replaceAll("[^ -~]", "?")
                    + "\" has a blank, slash, bracket or control character; give a bare host name or numeric address");
        }
        if (host.indexOf(':') >= 0 && SubnetParser.parseIpv6(host.replaceFirst("%.+$", "")) == null) {
            throw new IllegalArgumentException("endpoint host \"" + host
                    + "\" has a colon but is no IPv6 address; give the port as the second argument");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "endpoint port " + port + " of host " + host + " is outside 1..65535");
        }
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
