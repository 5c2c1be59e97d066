package org.tinc4j;

/** A node or address of the mesh cannot be reached now, or did not become reachable in time. */
public final class UnreachableException extends TincException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message value, place and remedy
     */
    public UnreachableException(String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message value, place and remedy
     * @param cause what was thrown underneath
     */
    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
