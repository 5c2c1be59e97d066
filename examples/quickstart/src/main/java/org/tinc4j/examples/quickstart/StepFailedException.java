package org.tinc4j.examples.quickstart;

/** Something the quickstart promises did not happen; the message is the sentence to print. */
final class StepFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    StepFailedException(String message) {
        super(message);
    }
}
