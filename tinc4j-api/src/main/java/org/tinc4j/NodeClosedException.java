package org.tinc4j;

/** The node, or what was obtained from it, is closed. */
public final class NodeClosedException extends TincException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message value, place and remedy
     */
    public NodeClosedException(String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message value, place and remedy
     * @param cause what was thrown underneath
     */
    public NodeClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
