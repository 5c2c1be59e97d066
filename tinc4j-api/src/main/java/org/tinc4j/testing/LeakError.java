package org.tinc4j.testing;

import java.io.Serializable;
import java.util.List;

/** Something that a node took was not given back when its mesh was closed. */
public final class LeakError extends AssertionError {

    private static final long serialVersionUID = 1;

    /** What was not given back. */
    private final List<Leak> leaks;

    /**
     * One thing.
     *
     * @param kind thread, socket, packet memory, node
     * @param what which, in words, with the node's name
     * @param place where it was taken: stack frames, the innermost first
     */
    public record Leak(String kind, String what, List<String> place) implements Serializable {

        /** Copies the list. */
        public Leak {
            place = List.copyOf(place);
        }

        /** Several lines. */
        @Override
        public String toString() {
            return kind + " " + what + ", taken" + (place.isEmpty() ? " at an unknown place" : " at\n    " + String.join("\n    ", place));
        }
    }

    /**
     * An error.
     *
     * @param leaks at least one
     */
    public LeakError(List<Leak> leaks) {
        super(message(leaks));
        this.leaks = List.copyOf(leaks);
    }

    private static String message(List<Leak> leaks) {
        StringBuilder message = new StringBuilder(leaks.size() + " not given back when the mesh was closed:");
        leaks.forEach(leak -> message.append("\n  ").append(leak));
        return message.toString();
    }

    /**
     * What was not given back.
     *
     * @return at least one
     */
    public List<Leak> leaks() {
        return leaks;
    }
}
