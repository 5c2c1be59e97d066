package org.tinc4j.impl.fabric;

import java.util.ArrayDeque;

/** What was written to a stream and has not left yet. */
final class SendBuffer {

    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();

    /** Of the first chunk, what has left already. */
    private int headOffset;

    private long bytes;

    long bytes() {
        return bytes;
    }

    /** Takes a chunk. */
    void add(byte[] chunk) {
        if (chunk.length > 0) {
            chunks.add(chunk);
            bytes += chunk.length;
        }
    }

    /** The next bytes, as many as there are up to a limit; a chunk that fits is handed on as it is. */
    byte[] take(int maxBytes) {
        byte[] head = chunks.element();
        if (headOffset == 0 && head.length <= maxBytes && (head.length == maxBytes || chunks.size() == 1)) {
            bytes -= head.length;
            return chunks.remove();
        }
        byte[] taken = new byte[(int) Math.min(maxBytes, bytes)];
        int filled = 0;
        while (filled < taken.length) {
            head = chunks.element();
            int count = Math.min(head.length - headOffset, taken.length - filled);
            System.arraycopy(head, headOffset, taken, filled, count);
            filled += count;
            headOffset += count;
            if (headOffset == head.length) {
                chunks.remove();
                headOffset = 0;
            }
        }
        bytes -= taken.length;
        return taken;
    }

    void clear() {
        chunks.clear();
        headOffset = 0;
        bytes = 0;
    }
}
