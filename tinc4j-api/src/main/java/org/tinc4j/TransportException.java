package org.tinc4j;

/** A listening socket could not be opened or failed: a port in use, an address this host does not have. */
public final class TransportException extends TincException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message value, place and remedy
     */
    public TransportException(String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message value, place and remedy
     * @param cause what was thrown underneath
     */
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
