package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;

/** Two connections joined by nothing but memory: what one sends, super-segments whole, the other has at once. */
final class Pump {

    private static final int SEGMENT_BYTES = 65535;
    private static final int QUEUE = 256;

    /** One end, with the queue of what it sent. */
    private static final class End implements SegmentSink {
        private final ByteBuffer[] queue = new ByteBuffer[QUEUE];
        private int head;
        private int tail;

        @Override
        public void segment(
                TcpConnection from,
                int seq,
                int ack,
                int flags,
                int window,
                byte[] options,
                int optionsLength,
                PayloadSource payload,
                int payloadLength,
                int mssBytes) {
            int slot = tail++ % QUEUE;
            if (queue[slot] == null) {
                queue[slot] = ByteBuffer.allocateDirect(SEGMENT_BYTES + 100);
            }
            ByteBuffer b = queue[slot];
            b.clear();
            b.putInt(0, 0).putInt(4, seq).putInt(8, ack);
            b.put(12, (byte) (20 + optionsLength << 2)).put(13, (byte) flags).putShort(14, (short) window).putInt(16, 0);
            b.put(20, options, 0, optionsLength);
            if (payloadLength > 0) {
                payload.copyTo(0, payloadLength, b, 20 + optionsLength);
            }
            b.limit(20 + optionsLength + payloadLength);
        }
    }

    final TcpConnection client;
    final TcpConnection server;
    long now = 1;
    long segments;
    private final End fromClient = new End();
    private final End fromServer = new End();
    private final TcpSegment view = new TcpSegment();
    private final byte[] data = new byte[64 << 10];
    private final byte[] taken = new byte[64 << 10];

    Pump(TcpSettings settings) {
        client = TcpConnection.connect(settings, Script.FLOW, 1, now, fromClient);
        ByteBuffer syn = fromClient.queue[fromClient.head++];
        view.read(syn, 0, syn.limit());
        server = TcpConnection.accept(settings, Script.FLOW, 2, view, now, fromServer);
        deliver();
    }

    /** Moves so many bytes. A microsecond passes with each turn. */
    void run(long bytes) {
        long left = bytes;
        long unread = bytes;
        while (unread > 0) {
            now += 1000;
            if (left > 0 && client.writeReady()) {
                left -= client.write(data, 0, (int) Math.min(left, data.length), now, fromClient);
            }
            deliver();
            int count;
            while ((count = server.read(taken, 0, taken.length, now, fromServer)) > 0) {
                unread -= count;
            }
            if (fromClient.head == fromClient.tail && fromServer.head == fromServer.tail) {
                expire();
            }
        }
    }

    private void expire() {
        long next = Deadlines.earlier(client.nextDeadlineNanos(), server.nextDeadlineNanos());
        if (next != TcpConnection.NEVER && next - now > 0 && !client.writeReady()) {
            now = next;
        }
        client.onDeadline(now, fromClient);
        server.onDeadline(now, fromServer);
    }

    private void deliver() {
        while (fromClient.head < fromClient.tail || fromServer.head < fromServer.tail) {
            if (fromClient.head < fromClient.tail) {
                ByteBuffer b = fromClient.queue[fromClient.head++ % QUEUE];
                view.read(b, 0, b.limit());
                server.onSegment(view, now, fromServer);
                segments++;
            }
            if (fromServer.head < fromServer.tail) {
                ByteBuffer b = fromServer.queue[fromServer.head++ % QUEUE];
                view.read(b, 0, b.limit());
                client.onSegment(view, now, fromClient);
            }
        }
    }
}
