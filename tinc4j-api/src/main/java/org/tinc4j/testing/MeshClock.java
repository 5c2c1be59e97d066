package org.tinc4j.testing;

/** What time is, for an ephemeral mesh. */
public enum MeshClock {

    /** The machine's. Nodes run on the threads they have in production, and calls wait as long as they say. */
    REAL,

    /**
     * A time of its own, which stands still while nobody calls. A call that waits, {@link EphemeralMesh#advance} or a ping for instance,
     * runs the whole mesh on the calling thread until that time is over, in much less real time. The same seed and the same calls give
     * the same {@linkplain EphemeralMesh#trace() trace}.
     *
     * <p>Callbacks of listeners run on the calling thread too, and must not call what waits. Sockets, devices of the embedder's
     * own and kernel interfaces need real time.
     */
    VIRTUAL
}
