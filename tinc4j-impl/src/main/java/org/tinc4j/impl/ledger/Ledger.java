package org.tinc4j.impl.ledger;

import java.util.List;

/**
 * What a node holds of the things it must give back: threads, sockets, packet memory. A test asks it what was left, and where that was
 * taken.
 *
 * <p><b>Threads.</b> Any.
 */
public interface Ledger {

    /** What there is to hold. */
    enum Kind {
        /** A thread that was started. */
        THREAD,
        /** A stream connection, connected or not. */
        CONNECTION,
        /** A socket that listens for stream connections. */
        LISTENER,
        /** A UDP socket. */
        DATAGRAM_SOCKET,
        /** Memory for packets in Java arrays. */
        HEAP_MEMORY,
        /** Memory for packets off the heap. */
        DIRECT_MEMORY
    }

    /** Something taken. Closing gives it back; closing again does nothing. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Something that was not given back.
     *
     * @param kind what it is
     * @param what which one: the job of a thread, the address of a socket
     * @param bytes how much memory; 0 for what is not memory
     * @param place the call that took it, its callers after it
     */
    record Held(Kind kind, String what, long bytes, List<StackWalker.StackFrame> place) {

        /** Copies the place. */
        public Held {
            place = List.copyOf(place);
        }

        /** One line for the thing, one for each call. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder().append(kind).append(' ').append(what);
            if (bytes > 0) {
                text.append(", ").append(bytes).append(" bytes");
            }
            place.forEach(frame -> text.append("\n    at ").append(frame));
            return text.toString();
        }
    }

    /**
     * Notes that something of no size was taken.
     *
     * @param kind what it is
     * @param what which one
     * @return to be closed when it is given back
     */
    default Lease take(Kind kind, String what) {
        return take(kind, what, 0);
    }

    /**
     * Notes that something was taken.
     *
     * @param kind what it is
     * @param what which one
     * @param bytes how much memory; 0 for what is not memory
     * @return to be closed when it is given back
     */
    Lease take(Kind kind, String what, long bytes);

    /** What was taken and not given back, in order of taking. Nothing, where the ledger is {@link #silent}. */
    List<Held> held();

    /** For production: remembers nothing, costs nothing. */
    static Ledger silent() {
        return SilentLedger.INSTANCE;
    }

    /** For tests: remembers what was taken, and where. */
    static Ledger recording() {
        return new RecordingLedger();
    }
}
