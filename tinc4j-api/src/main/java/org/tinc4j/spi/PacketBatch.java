package org.tinc4j.spi;

/**
 * A row of {@link PacketBuffer}s of which the first {@link #size()} hold something. The unit in which everything on the data path
 * is read, handed on and written.
 *
 * <p><b>Ownership.</b> The batch owns its buffers for its whole life, but for one made by {@link #lending}; a method it is passed to
 * borrows it.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class PacketBatch {

    private final PacketBuffer[] buffers;
    private int size;

    /**
     * A batch over buffers.
     *
     * @param buffers at least one; the array is taken, not copied
     */
    public PacketBatch(PacketBuffer... buffers) {
        if (buffers.length == 0) {
            throw new IllegalArgumentException("a batch needs at least one buffer");
        }
        this.buffers = buffers;
    }

    /**
     * How many buffers there are.
     *
     * @return at least 1
     */
    public int capacity() {
        return buffers.length;
    }

    /**
     * How many buffers hold something.
     *
     * @return 0 to {@link #capacity()}
     */
    public int size() {
        return size;
    }

    /**
     * States how many hold something.
     *
     * @param newSize 0 to {@link #capacity()}
     */
    public void size(int newSize) {
        java.util.Objects.checkIndex(newSize, buffers.length + 1);
        size = newSize;
    }

    /**
     * One buffer.
     *
     * @param index 0 to {@link #capacity()} - 1; from {@link #size()} on they are free to be filled
     * @return the buffer
     */
    public PacketBuffer get(int index) {
        return buffers[index];
    }

    /**
     * Takes the next free buffer into use.
     *
     * @return the buffer, or null when all are in use
     */
    public PacketBuffer next() {
        return size == buffers.length ? null : buffers[size++];
    }

    /**
     * A batch that lends buffers of others, collected with {@link #lend}.
     *
     * @param capacity how many it takes
     * @return an empty batch
     */
    public static PacketBatch lending(int capacity) {
        return new PacketBatch(new PacketBuffer[capacity]);
    }

    /**
     * Lends a buffer to this batch until the next {@link #clear}.
     *
     * @param buffer of another batch
     * @return false if this batch is full
     */
    public boolean lend(PacketBuffer buffer) {
        if (size == buffers.length) {
            return false;
        }
        buffers[size++] = buffer;
        return true;
    }

    /**
     * Lends another buffer in the place of one.
     *
     * @param index 0 to {@link #size()} - 1
     * @param buffer of another batch
     */
    public void replace(int index, PacketBuffer buffer) {
        java.util.Objects.checkIndex(index, size);
        buffers[index] = buffer;
    }

    /** Forgets the content: size 0. */
    public void clear() {
        size = 0;
    }
}
