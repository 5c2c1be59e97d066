package org.tinc4j.impl.wire;

import java.util.function.Supplier;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * Reads the fields of one request line from left to right. The first field that does not fit is remembered as the problem; what is read
 * after it is without meaning, and {@link #result} reports the problem.
 */
final class FieldReader {

    private static final int MAX_REASON = 80;
    private static final int MAX_QUOTED = 32;

    private final String line;
    private int at;
    private String request = "request";
    private String problem;

    FieldReader(String line) {
        this.line = line;
    }

    /** States what is being read, for the reason of a refusal. */
    void request(RequestKind kind) {
        request = kind.name();
    }

    /** The next word, or an empty text if none is left. */
    String optionalText() {
        while (at < line.length() && Fields.isSpace(line.charAt(at))) {
            at++;
        }
        int start = at;
        while (at < line.length() && !Fields.isSpace(line.charAt(at))) {
            at++;
        }
        if (at - start > MetaRequest.MAX_FIELD_LENGTH) {
            fail("a field has " + (at - start) + " characters, at most " + MetaRequest.MAX_FIELD_LENGTH + " are allowed");
        }
        return line.substring(start, at);
    }

    String text(String field) {
        String text = optionalText();
        if (text.isEmpty()) {
            fail(field + " is missing");
        }
        return text;
    }

    NodeName name(String field) {
        String text = text(field);
        if (!NodeName.isValid(text)) {
            fail(field + " \"" + quoted(text) + "\" is no node name");
            return null;
        }
        return new NodeName(text);
    }

    Subnet subnet() {
        String text = text("subnet");
        try {
            return Subnet.parseLenient(text);
        } catch (IllegalArgumentException e) {
            fail("\"" + quoted(text) + "\" is no subnet");
            return null;
        }
    }

    /** A decimal number that fills its field. tincd stops at the first other character, which lets two nodes read one line differently. */
    int decimal(String field, int min, int max) {
        String text = text(field);
        long value = parseDecimal(text);
        if (value < min || value > max) {
            fail(field + " \"" + quoted(text) + "\" is no number in " + min + ".." + max);
            return min;
        }
        return (int) value;
    }

    int decimal(String field) {
        return decimal(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** {@link Long#MIN_VALUE} for what is no number, or out of the range of an int. */
    static long parseDecimal(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        int digits = text.length() - (signed ? 1 : 0);
        if (digits == 0 || digits > 10) {
            return Long.MIN_VALUE;
        }
        long value = 0;
        for (int i = text.length() - digits; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return Long.MIN_VALUE;
            }
            value = value * 10 + (c - '0');
        }
        value = text.startsWith("-") ? -value : value;
        return value == (int) value ? value : Long.MIN_VALUE;
    }

    /** "Numbers in hexadecimal fields have no 0x prefix"; both cases are read. */
    int hex(String field) {
        String text = text(field);
        boolean legal = text.length() <= 8;
        int value = 0;
        for (int i = 0; legal && i < text.length(); i++) {
            char c = text.charAt(i);
            legal = c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            value = value << 4 | Character.digit(c, 16);
        }
        if (!legal) {
            fail(field + " \"" + quoted(text) + "\" is no hex number of up to 8 digits");
        }
        return value;
    }

    void fail(String why) {
        if (problem == null) {
            problem = why;
        }
    }

    boolean failed() {
        return problem != null;
    }

    /** The request, made only if every field was good. */
    MetaRequestParser.Result result(Supplier<MetaRequest> made) {
        return failed()
                ? new MetaRequestParser.Result.Malformed(Fields.printable(request + ": " + problem, MAX_REASON))
                : new MetaRequestParser.Result.Parsed(made.get());
    }

    static String quoted(String text) {
        return Fields.printable(text, MAX_QUOTED);
    }
}
