package org.tinc4j.linux.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Sockets;

/**
 * What recent addresses are for the kernel, so that sending to them again encodes nothing. A small table, searched by object: who sends
 * keeps the address of a peer.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class RemoteNames {

    /** Chosen: more peers than most nodes have, in a few KiB. A power of two. */
    private static final int ENTRIES = 256;

    /** How many places an address may be in. */
    private static final int WAYS = 4;

    private static final int ENTRY_BYTES = 32;

    private final int family;
    private final InetSocketAddress[] addresses = new InetSocketAddress[ENTRIES];
    private final int[] lengths = new int[ENTRIES];
    private final ByteBuffer names = NativeMemory.allocate(ENTRIES * ENTRY_BYTES);
    private int evicted;

    /** @param family of the socket */
    RemoteNames(int family) {
        this.family = family;
    }

    /**
     * Writes an address.
     *
     * @param address whom to send to
     * @param into in native byte order
     * @param at where
     * @return as {@link SocketAddresses#write}
     */
    int write(InetSocketAddress address, ByteBuffer into, int at) {
        int entry = find(address);
        into.put(at, names, entry * ENTRY_BYTES, Sockets.SOCKADDR_IN6_SIZE);
        return lengths[entry];
    }

    private int find(InetSocketAddress address) {
        int first = System.identityHashCode(address) & ENTRIES - 1;
        for (int way = 0; way < WAYS; way++) {
            int entry = first + way & ENTRIES - 1;
            if (addresses[entry] == address) {
                return entry;
            }
        }
        int entry = first + (evicted++ & WAYS - 1) & ENTRIES - 1;
        lengths[entry] = SocketAddresses.write(address, family, names, entry * ENTRY_BYTES);
        addresses[entry] = address;
        return entry;
    }
}
