package org.tinc4j.impl.graph;

/**
 * Bits of the options word that ACK and ADD_EDGE carry.
 *
 * <p><b>Source.</b> tinc 1.1 meta protocol, requests ACK and ADD_EDGE.
 */
public final class Options {

    /** The node is not contacted directly, unless over a meta connection with it. */
    public static final int INDIRECT = 1;

    /** No UDP with this node; always set together with {@link #INDIRECT}. */
    public static final int TCP_ONLY = 2;

    /** The node takes part in path MTU discovery. */
    public static final int PMTU_DISCOVERY = 4;

    /** The MSS option of TCP packets going there is rewritten. */
    public static final int CLAMP_MSS = 8;

    private Options() {}

    /**
     * Protocol minor version of the node that an edge points to.
     *
     * @param options an options word
     * @return 0 to 255
     */
    public static int version(int options) {
        return options >>> 24;
    }
}
