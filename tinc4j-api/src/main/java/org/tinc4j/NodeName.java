package org.tinc4j;

/**
 * The name of a node, unique in its mesh: one or more of {@code A-Z a-z 0-9 _}, case-sensitive.
 *
 * <p><b>Errors.</b> Construction throws {@link IllegalArgumentException} naming the first illegal character.
 *
 * @param value the name itself
 */
public record NodeName(String value) implements Comparable<NodeName> {

    /** Longest name accepted. A meta request's field holds 2048 characters; a name that long would leave no room. */
    public static final int MAX_LENGTH = 255;

    /** Checks the name. */
    public NodeName {
        String problem = problemOf(value);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /**
     * Whether a text could be a node name; never throws, so it suits input from the network.
     *
     * @param text any text
     * @return true if {@link #NodeName(String)} would accept it
     */
    public static boolean isValid(String text) {
        return problemOf(text) == null;
    }

    private static String problemOf(String text) {
        if (text.isEmpty()) {
            return "node name is empty; use one or more of A-Z a-z 0-9 _";
        }
        if (text.length() > MAX_LENGTH) {
            return "node name has " + text.length() + " characters, at most " + MAX_LENGTH + " are allowed; shorten it";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean legal = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
            if (!legal) {
                return "node name \"" + printable(text) + "\" has an illegal character at position " + (i + 1)
                        + "; use only A-Z a-z 0-9 _";
            }
        }
        return null;
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    /** Byte order of the names, the order in which every node of a mesh walks its graph. */
    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    /** The bare name. */
    @Override
    public String toString() {
        return value;
    }
}
