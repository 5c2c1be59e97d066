package org.tinc4j.impl.meta;

import org.tinc4j.NodeName;
import org.tinc4j.impl.sptps.StreamSession;

/** Where a meta connection stands. */
sealed interface MetaState {

    /** Nothing but an ID line is allowed. Leaves to {@link Handshaking} or {@link Closed}. */
    record AwaitingId() implements MetaState {}

    /** The SPTPS handshake runs; no request can arrive. Leaves to {@link AwaitingAck} or {@link Closed}. */
    record Handshaking(NodeName peer, StreamSession sptps) implements MetaState {}

    /** Only ACK is allowed. Leaves to {@link Active} or {@link Closed}. */
    record AwaitingAck(NodeName peer, StreamSession sptps) implements MetaState {}

    /** Everything is allowed. Leaves to {@link Closed}. */
    record Active(NodeName peer, StreamSession sptps) implements MetaState {}

    /** Nothing happens any more. */
    record Closed() implements MetaState {}
}
