package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;

/** The payload of a segment that is being sent. Valid during the call it is passed to. */
public interface PayloadSource {

    /**
     * Copies a part of it.
     *
     * @param offset first byte of the part, from the segment's first
     * @param length bytes
     * @param target borrowed; position and limit stay
     * @param at where the part goes
     */
    void copyTo(int offset, int length, ByteBuffer target, int at);
}
