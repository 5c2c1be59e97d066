package org.tinc4j.impl.wire;

import org.tinc4j.NodeName;

/** What may stand in a field of a meta request: checks of our own values, and the printable form of foreign ones. */
final class Fields {

    private Fields() {}

    /** White space as C's {@code isspace} has it, which is what separates fields for tincd. */
    static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    static void requireText(String request, String field, String text) {
        if (text.isEmpty() || text.length() > MetaRequest.MAX_FIELD_LENGTH) {
            throw new IllegalArgumentException(request + ": " + field + " has " + text.length() + " characters; allowed are 1 to "
                    + MetaRequest.MAX_FIELD_LENGTH);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpace(c) || c == 0) {
                throw new IllegalArgumentException(
                        request + ": " + field + " has white space or NUL at position " + (i + 1) + "; a field is one word");
            }
        }
    }

    static void requireRange(String request, String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    request + ": " + field + "=" + value + " is outside " + min + ".." + max);
        }
    }

    static void requireDifferent(String request, NodeName from, NodeName to) {
        if (from.equals(to)) {
            throw new IllegalArgumentException(request + ": an edge from " + from + " to itself; an edge joins two nodes");
        }
    }

    static void requireBothOrNeither(String request, String field, String text, String otherField, String other) {
        if (text.isEmpty() && other.isEmpty()) {
            return;
        }
        requireText(request, field, text);
        requireText(request, otherField, other);
    }

    /** Fit for a log line: anything but printable ASCII replaced, cut to a length. */
    static String printable(String text, int maxLength) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), maxLength));
        for (int i = 0; i < text.length() && i < maxLength; i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return text.length() > maxLength ? out.replace(maxLength - 3, maxLength, "...").toString() : out.toString();
    }
}
