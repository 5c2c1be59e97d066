package org.tinc4j.impl.path;

/** Carries out what a path wants sent, at once. */
public interface ProbeSink {

    /** Where a probe goes. */
    enum Target {
        /** The peer's current address, or while unconfirmed one it may have. */
        REMOTE,
        /** An address the peer has on its own network. */
        LOCAL
    }

    /**
     * Sends a probe request.
     *
     * @param recordBytes length of the record to test
     * @return false if the system refused it as too long for the path
     */
    boolean probe(int recordBytes, Target target);

    /** Sends a reply that nobody asked for: the largest record that came from there had this length. */
    void gratuitousReply(int recordBytes);
}
