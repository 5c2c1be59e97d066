package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;

/**
 * Puts packets together whose fragments come one by one. Bounded in number and bytes: the oldest gives way.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Source.</b> RFC 791 section 3.2, RFC 8200 section 4.5; RFC 5722 section 4: "the entire datagram (and any constituent
 * fragments, ...) MUST be silently discarded" when fragments overlap, which is applied to both families.
 */
final class Reassembler {

    /**
     * "If insufficient fragments are received to complete reassembly of a packet within 60 seconds of the reception of the first-arriving
     * fragment of that packet, reassembly of that packet must be abandoned".
     */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final int MAX_PACKETS = 256;

    /** Of memory, whatever part of it the fragments fill; one packet more may be begun. */
    private static final int MAX_HELD_BYTES = 4 << 20;

    /** What a packet takes beside its data: which units are there is a bit for each, and a few objects. */
    private static final int OVERHEAD_BYTES = 1024 + 256;

    private static final int FIRST_BYTES = 2048;
    private static final int UNIT_BYTES = 8;
    private static final int V6_FRAGMENT_BYTES = 8;
    private static final int V6_FRAGMENT = 44;

    private record Key(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int id, int protocol) {}

    private static final class Partial {
        final long startNanos;
        final BitSet units = new BitSet();
        byte[] data = new byte[FIRST_BYTES];
        /** Of the fragment that begins the packet; null until it is there. */
        byte[] header;
        int endBytes = -1;
        int receivedBytes;

        Partial(long startNanos) {
            this.startNanos = startNanos;
        }

        int heldBytes() {
            return data.length + OVERHEAD_BYTES;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Partial> partials = new LinkedHashMap<>(); // guarded by lock; oldest first
    private int heldBytes; // guarded by lock

    /**
     * A fragment came.
     *
     * @param m borrowed
     * @param off first byte of a valid packet that is a fragment
     * @return the whole packet in memory of its own, once its last missing fragment is there; else null
     */
    PacketBuffer add(ByteBuffer m, int off, long nowNanos) {
        boolean four = IpPacket.version(m, off) == 4;
        int headerBytes = IpPacket.headerBytes(m, off);
        if (!four && (m.get(off + 6) & 0xff) != V6_FRAGMENT) {
            return null; // Behind other extension headers, which nobody sends to a socket.
        }
        int marks = four ? m.getShort(off + 6) : m.getShort(off + headerBytes + 2);
        int start = four ? (marks & 0x1fff) * UNIT_BYTES : marks & 0xfff8;
        boolean more = (marks & (four ? 0x2000 : 1)) != 0;
        int dataAt = headerBytes + (four ? 0 : V6_FRAGMENT_BYTES);
        int bytes = IpPacket.totalLength(m, off) - dataAt;
        int protocol = four ? m.get(off + 9) & 0xff : m.get(off + headerBytes) & 0xff;
        int id = four ? m.getShort(off + 4) : m.getInt(off + headerBytes + 4);
        if (bytes <= 0 || more && bytes % UNIT_BYTES != 0 || start + bytes > Packets.MAX_BYTES - IpPacket.V6_HEADER_BYTES) {
            return null;
        }
        Key key = key(m, off, four, id, protocol);
        lock.lock();
        try {
            expire(nowNanos);
            Partial partial = partials.computeIfAbsent(key, missing -> begun(nowNanos));
            int before = partial.heldBytes();
            Boolean fits = place(partial, m, off + dataAt, start, bytes, more);
            heldBytes += partial.heldBytes() - before;
            if (fits == null) {
                return null; // It was there already.
            }
            if (!fits) {
                forget(key);
                return null;
            }
            if (start == 0) {
                partial.header = new byte[four ? IpPacket.V4_HEADER_BYTES : IpPacket.V6_HEADER_BYTES];
                m.get(off, partial.header);
            }
            if (partial.endBytes < 0 || partial.receivedBytes < partial.endBytes || partial.header == null) {
                return null;
            }
            forget(key);
            return whole(partial, four, protocol);
        } finally {
            lock.unlock();
        }
    }

    private Partial begun(long nowNanos) {
        Partial partial = new Partial(nowNanos);
        heldBytes += partial.heldBytes();
        return partial;
    }

    private static Key key(ByteBuffer m, int off, boolean four, int id, int protocol) {
        return four
                ? new Key(0, IpPacket.sourceV4(m, off), 0, IpPacket.destinationV4(m, off), id, protocol)
                : new Key(
                        IpPacket.sourceHighV6(m, off),
                        IpPacket.sourceLowV6(m, off),
                        IpPacket.destinationHighV6(m, off),
                        IpPacket.destinationLowV6(m, off),
                        id,
                        protocol);
    }

    /** Copies a fragment to its place; null if it is there already, false if it contradicts what is there. */
    private static Boolean place(Partial partial, ByteBuffer m, int at, int start, int bytes, boolean more) {
        int firstUnit = start / UNIT_BYTES;
        int endUnit = (start + bytes + UNIT_BYTES - 1) / UNIT_BYTES;
        int set = partial.units.get(firstUnit, endUnit).cardinality();
        if (set == endUnit - firstUnit) {
            return null;
        }
        boolean beyond = partial.endBytes >= 0 && (start + bytes > partial.endBytes || !more);
        boolean before = !more && partial.units.length() > endUnit;
        if (set > 0 || beyond || before) {
            return false;
        }
        partial.units.set(firstUnit, endUnit);
        if (partial.data.length < start + bytes) {
            int room = Math.max(start + bytes, Math.min(partial.data.length * 2, Packets.MAX_BYTES));
            partial.data = Arrays.copyOf(partial.data, room);
        }
        m.get(at, partial.data, start, bytes);
        partial.receivedBytes += bytes;
        if (!more) {
            partial.endBytes = start + bytes;
        }
        return true;
    }

    private void expire(long nowNanos) {
        Iterator<Partial> oldest = partials.values().iterator();
        while (oldest.hasNext()) {
            Partial partial = oldest.next();
            boolean crowded = partials.size() >= MAX_PACKETS || heldBytes > MAX_HELD_BYTES;
            if (!crowded && nowNanos - partial.startNanos < PATIENCE_NANOS) {
                return;
            }
            heldBytes -= partial.heldBytes();
            oldest.remove();
        }
    }

    private void forget(Key key) {
        heldBytes -= partials.remove(key).heldBytes();
    }

    private static PacketBuffer whole(Partial partial, boolean four, int protocol) {
        int total = partial.header.length + partial.endBytes;
        ByteBuffer packet = ByteBuffer.allocate(total);
        packet.put(0, partial.header).put(partial.header.length, partial.data, 0, partial.endBytes);
        if (four) {
            packet.put(0, (byte) 0x45);
            packet.putShort(2, (short) total);
            packet.putShort(6, (short) 0);
            InternetChecksum.storeV4Header(packet, 0);
        } else {
            packet.putShort(4, (short) partial.endBytes);
            packet.put(6, (byte) protocol);
        }
        PacketBuffer buffer = new PacketBuffer(packet);
        buffer.reset(0, total);
        return buffer;
    }
}
