package org.tinc4j.impl.sockets;

import java.net.DatagramPacket;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * How much fits into packets that are received into again and again. The JDK's sockets set a packet's length and leave its room as it is; from
 * outside {@code java.net}, {@link DatagramPacket#setLength} changes both, so the room is remembered here until somebody else changes the
 * packet.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class PacketRooms {

    /** As a packet was left, and how much fitted into it before. */
    private record Left(byte[] data, int offset, int length, int room) {}

    /** By identity, since packets have no other equality. */
    private final Map<DatagramPacket, Left> rooms = new WeakHashMap<>();

    /** Copies a datagram into a packet, as much as fits. */
    void fill(DatagramPacket packet, byte[] datagram) {
        Left left = rooms.get(packet);
        boolean untouched = left != null
                && left.data == packet.getData()
                && left.offset == packet.getOffset()
                && left.length == packet.getLength();
        int room = untouched ? left.room : packet.getLength();
        int length = Math.min(room, datagram.length);
        System.arraycopy(datagram, 0, packet.getData(), packet.getOffset(), length);
        packet.setLength(length);
        rooms.put(packet, new Left(packet.getData(), packet.getOffset(), length, room));
    }
}
