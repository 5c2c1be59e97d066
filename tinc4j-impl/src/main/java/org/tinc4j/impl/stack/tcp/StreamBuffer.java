package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;

/**
 * The bytes of a stream between two positions, in chunks that exist only where there are bytes.
 *
 * <p>A chunk's place in the table is its number modulo the table's length, so a stream walks around the table and nothing is moved.
 * Chunks that fall out below are kept for those needed above, up to {@link #MAX_SPARES}, until {@link #trim}.
 *
 * <p><b>Units and shapes.</b> Positions are bytes from the stream's start. The caller keeps what is held within its limit: this class grows
 * to whatever it is given.
 */
final class StreamBuffer {

    static final int CHUNK_BYTES = 1 << 13;

    private static final int CHUNK_SHIFT = 13;
    private static final int CHUNK_MASK = CHUNK_BYTES - 1;
    private static final int FIRST_TABLE = 4;
    /** Twice a super-segment: what a steady stream frees and needs again between two calls. */
    private static final int MAX_SPARES = 16;

    private byte[][] table = new byte[FIRST_TABLE][];
    private byte[][] spares;
    private int spareCount;
    private int chunkCount;
    private long firstChunk;

    /** Bytes of memory held, spares included. */
    long heldBytes() {
        return (long) (chunkCount + spareCount) << CHUNK_SHIFT;
    }

    void put(long position, byte[] source, int off, int len) {
        int done = 0;
        while (done < len) {
            long at = position + done;
            int inChunk = (int) at & CHUNK_MASK;
            int part = Math.min(len - done, CHUNK_BYTES - inChunk);
            System.arraycopy(source, off + done, chunk(at >> CHUNK_SHIFT), inChunk, part);
            done += part;
        }
    }

    void put(long position, ByteBuffer source, int off, int len) {
        int done = 0;
        while (done < len) {
            long at = position + done;
            int inChunk = (int) at & CHUNK_MASK;
            int part = Math.min(len - done, CHUNK_BYTES - inChunk);
            source.get(off + done, chunk(at >> CHUNK_SHIFT), inChunk, part);
            done += part;
        }
    }

    void get(long position, byte[] target, int off, int len) {
        int done = 0;
        while (done < len) {
            long at = position + done;
            int inChunk = (int) at & CHUNK_MASK;
            int part = Math.min(len - done, CHUNK_BYTES - inChunk);
            System.arraycopy(table[slot(at >> CHUNK_SHIFT)], inChunk, target, off + done, part);
            done += part;
        }
    }

    void get(long position, ByteBuffer target, int off, int len) {
        int done = 0;
        while (done < len) {
            long at = position + done;
            int inChunk = (int) at & CHUNK_MASK;
            int part = Math.min(len - done, CHUNK_BYTES - inChunk);
            target.put(off + done, table[slot(at >> CHUNK_SHIFT)], inChunk, part);
            done += part;
        }
    }

    /** Bytes below are not asked for again. */
    void discardTo(long position) {
        long until = position >> CHUNK_SHIFT;
        while (firstChunk < until && chunkCount > 0) {
            release(slot(firstChunk));
            firstChunk++;
        }
        firstChunk = Math.max(firstChunk, until);
    }

    /** Gives spare memory back; with {@code empty} also the chunk that holds no byte any more. */
    void trim(boolean empty) {
        if (empty) {
            for (int i = 0; i < table.length && chunkCount > 0; i++) {
                release(i);
            }
            table = new byte[FIRST_TABLE][];
        }
        spares = null;
        spareCount = 0;
    }

    private int slot(long chunk) {
        return (int) chunk & table.length - 1;
    }

    private byte[] chunk(long number) {
        if (number - firstChunk >= table.length) {
            grow(number);
        }
        int slot = slot(number);
        byte[] chunk = table[slot];
        if (chunk == null) {
            chunk = spareCount > 0 ? spares[--spareCount] : new byte[CHUNK_BYTES];
            table[slot] = chunk;
            chunkCount++;
        }
        return chunk;
    }

    private void grow(long number) {
        int length = table.length;
        while (number - firstChunk >= length) {
            length *= 2;
        }
        byte[][] larger = new byte[length][];
        for (int i = 0; i < table.length; i++) {
            long chunk = firstChunk + i;
            larger[(int) chunk & length - 1] = table[slot(chunk)];
        }
        table = larger;
    }

    private void release(int slot) {
        byte[] chunk = table[slot];
        if (chunk == null) {
            return;
        }
        table[slot] = null;
        chunkCount--;
        if (spares == null) {
            spares = new byte[MAX_SPARES][];
        }
        if (spareCount < MAX_SPARES) {
            spares[spareCount++] = chunk;
        }
    }
}
