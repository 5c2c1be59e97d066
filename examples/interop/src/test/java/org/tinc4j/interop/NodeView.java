package org.tinc4j.interop;

/**
 * One node as another one sees it; the same for both programs.
 *
 * @param name which node
 * @param reachable whether meta connections lead to it
 * @param nexthop the neighbour towards it, or {@code -}
 * @param via who gets the UDP for it, or {@code -}
 * @param udpConfirmed whether UDP to it is known to work
 * @param pmtuBytes largest packet that goes by UDP
 * @param keysEstablished whether data keys with it exist
 * @param cipher how the tunnel with it is sealed, or {@code -} where there is none or the program does not say
 */
record NodeView(
        String name,
        boolean reachable,
        String nexthop,
        String via,
        boolean udpConfirmed,
        int pmtuBytes,
        boolean keysEstablished,
        String cipher) {}
