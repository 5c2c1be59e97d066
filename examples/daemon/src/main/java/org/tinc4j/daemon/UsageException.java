package org.tinc4j.daemon;

/** A command line that cannot be understood; the message names the argument. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
