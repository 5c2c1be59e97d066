package org.tinc4j.impl.sptps;

import java.nio.charset.StandardCharsets;
import org.tinc4j.NodeName;

/**
 * The label of a session, which both sides must agree on: it is signed, and keys are derived from it.
 *
 * <p><b>Source.</b> tinc SPTPS, "Parameters of a session". The NUL byte at the end belongs to the first two labels, not to the third.
 */
public final class SptpsLabels {

    private SptpsLabels() {}

    /**
     * The label of a meta connection.
     *
     * @param initiator who made the TCP connection
     * @param responder who accepted it
     * @return the label with its NUL byte
     */
    public static byte[] tcp(NodeName initiator, NodeName responder) {
        return bytes("tinc TCP key expansion " + initiator.value() + " " + responder.value() + "\0");
    }

    /**
     * The label of a data session.
     *
     * @param initiator who sent REQ_KEY
     * @param responder who answers it
     * @return the label with its NUL byte
     */
    public static byte[] udp(NodeName initiator, NodeName responder) {
        return bytes("tinc UDP key expansion " + initiator.value() + " " + responder.value() + "\0");
    }

    /**
     * The label of an invitation, whose initiator is the joining side.
     *
     * @return the label, without a NUL byte
     */
    public static byte[] invitation() {
        return bytes("tinc invitation");
    }

    private static byte[] bytes(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }
}
