package org.tinc4j.impl.stack.tcp;

/**
 * The states of a connection. LISTEN is not among them: a listener is no connection.
 *
 * <p><b>Source.</b> RFC 9293 section 3.3.2.
 */
public enum TcpState {
    /** Active open: a SYN is out. To SYN_RECEIVED (the peer opens too), ESTABLISHED, CLOSED. */
    SYN_SENT,
    /** A SYN came and was answered. To ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, CLOSED. */
    SYN_RECEIVED,
    /** Data both ways. To FIN_WAIT_1 (we close), CLOSE_WAIT (the peer does), CLOSED. */
    ESTABLISHED,
    /** Our FIN is queued or out. To FIN_WAIT_2 (acknowledged), CLOSING (the peer's came first), TIME_WAIT (both), CLOSED. */
    FIN_WAIT_1,
    /** Our FIN is acknowledged; the peer may still send. To TIME_WAIT, CLOSED. */
    FIN_WAIT_2,
    /** The peer's FIN came; we may still send. To LAST_ACK, CLOSED. */
    CLOSE_WAIT,
    /** Both FINs crossed. To TIME_WAIT, CLOSED. */
    CLOSING,
    /** The peer's FIN came, ours is queued or out. To CLOSED. */
    LAST_ACK,
    /** Both are done; late segments may come. To CLOSED. */
    TIME_WAIT,
    /** Nothing is left. */
    CLOSED;

    /** Whether both sides know each other's initial sequence number. */
    public boolean synchronised() {
        return this != SYN_SENT && this != SYN_RECEIVED && this != CLOSED;
    }

    /** Whether the application may still queue data. */
    boolean mayWrite() {
        return switch (this) {
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> true;
            case FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT, CLOSED -> false;
        };
    }

    /** Whether queued data and our FIN go out. */
    boolean transmits() {
        return switch (this) {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            case SYN_SENT, SYN_RECEIVED, FIN_WAIT_2, TIME_WAIT, CLOSED -> false;
        };
    }

    /** Whether the peer may still send data. */
    boolean receives() {
        return switch (this) {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> true;
            case SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT, CLOSED -> false;
        };
    }
}
