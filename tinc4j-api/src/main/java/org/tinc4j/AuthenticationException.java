package org.tinc4j;

/** A key is missing, unreadable or does not fit. */
public final class AuthenticationException extends TincException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message value, place and remedy
     */
    public AuthenticationException(String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message value, place and remedy
     * @param cause what was thrown underneath
     */
    public AuthenticationException(String message, Throwable cause) {
        super(message, cause);
    }
}
