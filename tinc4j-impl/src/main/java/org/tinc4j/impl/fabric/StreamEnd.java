package org.tinc4j.impl.fabric;

/** Why a stream is over, other than by this end's own will. */
public enum StreamEnd {
    /** The other end closed it, and everything it wrote before has arrived. */
    CLOSED("closed by peer"),
    /** The other end aborted, or knows nothing of this stream any more. */
    RESET("reset by peer"),
    /** Nobody listens there. */
    REFUSED("refused"),
    /** No answer. */
    TIMED_OUT("timed out");

    private final String text;

    StreamEnd(String text) {
        this.text = text;
    }

    /** For a message. */
    public String text() {
        return text;
    }
}
