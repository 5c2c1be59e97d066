package org.tinc4j.impl.mesh;

import org.tinc4j.impl.mesh.MeshShell.Level;

/**
 * Another node of our name: we leave the mesh for a while, each time twice as long, so that people notice and the mesh does not suffer.
 *
 * <p>"Blocks itself for 10 seconds, doubling each time and halving in calm periods (at least 10)." Confined to the control thread.
 */
final class NameClash {

    private static final long LEAST_NANOS = 10_000_000_000L;
    private static final long MOST_NANOS = 3_600_000_000_000L;

    private final MeshState mesh;
    private long awayUntilNanos;
    private long pauseNanos = LEAST_NANOS;
    private long calmNanos;

    NameClash(MeshState mesh, long nowNanos) {
        this.mesh = mesh;
        this.awayUntilNanos = nowNanos;
    }

    /** Whether no connection may be made or accepted now. */
    boolean away(long nowNanos) {
        return nowNanos - awayUntilNanos < 0;
    }

    /**
     * A second passed.
     *
     * @param clashed whether contradictions said so, see {@link Gossip#nameClash}
     * @return true if all connections are to be ended
     */
    boolean check(boolean clashed, long nowNanos) {
        if (clashed) {
            mesh.shell.log(Level.WARN, "another node uses our name " + mesh.self.name + "; leaving the mesh for "
                    + pauseNanos / 1_000_000_000 + " s. Give one of the two another name");
            awayUntilNanos = nowNanos + pauseNanos;
            pauseNanos = Math.min(pauseNanos * 2, MOST_NANOS);
            calmNanos = awayUntilNanos + pauseNanos;
        } else if (pauseNanos > LEAST_NANOS && nowNanos - calmNanos >= 0) {
            pauseNanos = Math.max(pauseNanos / 2, LEAST_NANOS);
            calmNanos = nowNanos + pauseNanos;
        }
        return clashed;
    }
}
