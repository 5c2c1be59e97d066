package org.tinc4j.linux.udp;

import static org.tinc4j.linux.sys.Sockets.AF_INET;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_FAMILY;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_ADDR;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_SCOPE_ID;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Who sent lately, by what the kernel calls them, so that a sender is one object over and over. A small table; whoever floods it with
 * senders costs those he displaces a new object.
 *
 * <p><b>Threads.</b> Confined to the reader.
 */
final class Senders {

    /** Chosen as in {@link RemoteNames}. A power of two. */
    private static final int ENTRIES = 256;

    private static final int WAYS = 4;

    private final InetSocketAddress[] addresses = new InetSocketAddress[ENTRIES];
    private final long[] families = new long[ENTRIES];
    private final long[] highs = new long[ENTRIES];
    private final long[] lows = new long[ENTRIES];
    private int evicted;

    /**
     * The sender of a datagram.
     *
     * @param from in native byte order, as received
     * @param at where the address is
     * @return the same object as last time, mostly
     */
    InetSocketAddress read(ByteBuffer from, int at) {
        boolean four = from.getShort(at + SOCKADDR_FAMILY) == AF_INET;
        // Family and port, and the IPv4 address or the scope.
        long family = four ? from.getLong(at) : familyPortAndScope(from, at);
        long high = four ? 0 : from.getLong(at + SOCKADDR_IN6_ADDR);
        long low = four ? 0 : from.getLong(at + SOCKADDR_IN6_ADDR + 8);
        int first = hash(family, high, low) & ENTRIES - 1;
        for (int way = 0; way < WAYS; way++) {
            int entry = first + way & ENTRIES - 1;
            if (families[entry] == family && highs[entry] == high && lows[entry] == low && addresses[entry] != null) {
                return addresses[entry];
            }
        }
        int entry = first + (evicted++ & WAYS - 1) & ENTRIES - 1;
        families[entry] = family;
        highs[entry] = high;
        lows[entry] = low;
        addresses[entry] = SocketAddresses.read(from, at);
        return addresses[entry];
    }

    private static long familyPortAndScope(ByteBuffer from, int at) {
        return Integer.toUnsignedLong(from.getInt(at)) | (long) from.getInt(at + SOCKADDR_IN6_SCOPE_ID) << 32;
    }

    private static int hash(long family, long high, long low) {
        long mixed = (family * 31 + high) * 31 + low;
        // The upper half of a product depends on all bits.
        return (int) (mixed * 0x9e3779b97f4a7c15L >>> 40);
    }
}
