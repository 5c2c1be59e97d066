package org.tinc4j.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The assignments of one file in the syntax of {@code tinc.conf} and {@code hosts/NAME}, each with its place, the key blocks between
 * them, and whatever could not be understood.
 *
 * <p>A line is {@code Variable = value}; blanks may stand for the {@code =}. A {@code #} begins a comment only at the start of a line,
 * so {@code Port = 655 # home} has the value {@code 655 # home}. Lines from {@code -----BEGIN} to {@code -----END} are a block.
 *
 * <p><b>Errors.</b> Any input gives a result: each line that is none of this becomes one of {@link #problems()}.
 *
 * <p><b>Source.</b> tinc manual, "Main configuration variables"; leading blanks, {@code ==} and blanks before a comment by observation
 * of tincd 1.1pre18.
 *
 * @param assignments in file order
 * @param blocks in file order
 * @param problems each names file, line, what is wrong and the remedy
 */
public record TincConf(List<Assignment> assignments, List<Block> blocks, List<String> problems) {

    /** Longest line in bytes, without its end. C tinc reads what is beyond as a line of its own. */
    public static final int MAX_LINE_BYTES = 2048;

    static final String BEGIN = "-----BEGIN";

    /** Copies the lists. */
    public TincConf {
        assignments = List.copyOf(assignments);
        blocks = List.copyOf(blocks);
        problems = List.copyOf(problems);
    }

    /**
     * One line that gives a variable a value.
     *
     * @param name the variable, as written; compared without regard to case
     * @param value the value, as written, without blanks around it
     * @param file the file it stands in
     * @param line its line, counted from 1
     */
    public record Assignment(String name, String value, String file, int line) {

        /** Checks that the line it prints is one assignment. */
        public Assignment {
            if (name.isEmpty() || name.chars().anyMatch(c -> c == '=' || c <= ' ') || name.startsWith("#")) {
                throw new IllegalArgumentException("variable name \"" + printable(name) + "\" is empty or has a blank, \"=\" or \"#\"");
            }
            if (value.isEmpty() || !value.equals(value.strip()) || hasControlCharacter(value)) {
                throw new IllegalArgumentException(
                        "value of variable " + name + " is empty, has blanks around it or a control character in it");
            }
        }

        /**
         * Whether it is an assignment to this variable.
         *
         * @param variable any case
         * @return true if so
         */
        public boolean names(String variable) {
            return name.equalsIgnoreCase(variable);
        }

        /**
         * Where it stands.
         *
         * @return {@code file:line}
         */
        public String place() {
            return file + ":" + line;
        }

        /** The line itself, {@code Name = value}. */
        @Override
        public String toString() {
            return name + " = " + value;
        }
    }

    /**
     * A key in the file.
     *
     * @param lines with the BEGIN and END lines
     * @param file the file it stands in
     * @param line line of its BEGIN, counted from 1
     */
    public record Block(List<String> lines, String file, int line) {

        /** Copies the lines. */
        public Block {
            lines = List.copyOf(lines);
        }

        /**
         * What it says it is.
         *
         * @return for example {@code RSA PUBLIC KEY}
         */
        public String label() {
            return lines.getFirst().substring(BEGIN.length()).replace("-", "").strip();
        }

        /** The label only: a block may hold a private key. */
        @Override
        public String toString() {
            return "Block[" + printable(label()) + "]";
        }
    }

    /**
     * Reads a file's text.
     *
     * @param text all of it
     * @param fileName for places in messages
     * @return what was understood, and the problems
     */
    public static TincConf parse(String text, String fileName) {
        return parse(text.getBytes(StandardCharsets.UTF_8), fileName);
    }

    /**
     * Reads a file's bytes. Comments may be in any encoding, everything else is UTF-8.
     *
     * @param bytes all of it
     * @param fileName for places in messages
     * @return what was understood, and the problems
     */
    public static TincConf parse(byte[] bytes, String fileName) {
        TincConfReader reader = new TincConfReader(fileName, 0);
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            boolean returned = end > start && bytes[end - 1] == '\r';
            reader.line(ByteBuffer.wrap(bytes, start, end - start - (returned ? 1 : 0)));
            start = end + 1;
        }
        return reader.finish();
    }

    /**
     * Reads one assignment that stands alone, as given on a command line.
     *
     * @param text for example {@code Port=655}
     * @param fileName for the place in messages
     * @param line for the place in messages
     * @return one assignment or one problem
     */
    static TincConf parseLine(String text, String fileName, int line) {
        TincConfReader reader = new TincConfReader(fileName, line);
        reader.assignment(text);
        return reader.finish();
    }

    /**
     * The file's text: assignments first, then the blocks. Comments are gone.
     *
     * @return lines that {@link #parse(String, String)} reads back to the same values
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        assignments.forEach(assignment -> text.append(assignment).append('\n'));
        blocks.forEach(block -> block.lines().forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    /** Counts only: values may be secrets. */
    @Override
    public String toString() {
        return "TincConf[" + assignments.size() + " assignments, " + blocks.size() + " blocks, " + problems.size() + " problems]";
    }

    static String key(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    static boolean hasControlCharacter(String text) {
        return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t');
    }

    /** What stands where a variable should may be a line of a key: only what looks like a variable is shown. */
    static String printableName(String name) {
        return name.matches("[A-Za-z0-9_.]{1,32}") ? name : "of " + name.length() + " characters";
    }

    static String printable(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > 60 ? clean.substring(0, 60) + "…" : clean;
    }
}
