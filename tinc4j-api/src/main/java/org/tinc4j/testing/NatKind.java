package org.tinc4j.testing;

/**
 * How a NAT box maps and filters UDP: the four classic kinds, with what RFC 4787 calls them.
 *
 * <p>All let TCP connections out and none in. Mappings nobody uses for two minutes are forgotten. Two hosts behind one box reach
 * each other by their private addresses; by its public address they do not (no hairpinning).
 */
public enum NatKind {

    /** Endpoint-independent mapping, endpoint-independent filtering: once a host has sent anything, anybody may send to its mapping. */
    FULL_CONE,

    /** Endpoint-independent mapping, address-dependent filtering: only addresses the host has sent to may answer, from any port. */
    RESTRICTED_CONE,

    /** Endpoint-independent mapping, address- and port-dependent filtering: only the very endpoints the host has sent to may answer. */
    PORT_RESTRICTED_CONE,

    /**
     * Address- and port-dependent mapping and filtering: each destination sees another port, and only that destination may answer to it.
     */
    SYMMETRIC
}
