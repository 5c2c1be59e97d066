package org.tinc4j.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes a file of tinc's line by line; {@link TincConf} says what a line may be. Used once, by one thread. */
final class TincConfReader {

    private static final String END = "-----END";

    private final String file;
    private final List<TincConf.Assignment> assignments = new ArrayList<>();
    private final List<TincConf.Block> blocks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> openBlock = new ArrayList<>();
    private int openBlockLine;
    private int lineNumber;

    TincConfReader(String file, int lineNumber) {
        this.file = file;
        this.lineNumber = lineNumber;
    }

    void line(ByteBuffer bytes) {
        lineNumber++;
        if (bytes.remaining() > TincConf.MAX_LINE_BYTES) {
            problem("the line has " + bytes.remaining() + " bytes, at most " + TincConf.MAX_LINE_BYTES + " are read; split or shorten it");
            return;
        }
        if (openBlock.isEmpty() && (!bytes.hasRemaining() || bytes.get(bytes.position()) == '#')) {
            return;
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            problem("the line is not UTF-8 text; write it anew");
            return;
        }
        if (text.startsWith("\ufeff")) {
            problem("the line starts with a byte order mark; save the file as UTF-8 without one");
        } else if (TincConf.hasControlCharacter(text)) {
            problem("the line has a control character; write it anew");
        } else if (!openBlock.isEmpty()) {
            insideBlock(text);
        } else if (text.startsWith(TincConf.BEGIN)) {
            openBlock.add(text);
            openBlockLine = lineNumber;
        } else if (!text.isBlank() && text.strip().charAt(0) != '#') {
            assignment(text);
        }
    }

    private void insideBlock(String text) {
        openBlock.add(text);
        if (text.startsWith(END)) {
            blocks.add(new TincConf.Block(openBlock, file, openBlockLine));
            openBlock.clear();
        }
    }

    void assignment(String text) {
        int nameEnd = 0;
        while (nameEnd < text.length() && !Character.isWhitespace(text.charAt(nameEnd)) && text.charAt(nameEnd) != '=') {
            nameEnd++;
        }
        String name = text.substring(0, nameEnd);
        if (TincConf.hasControlCharacter(text)) {
            problem("the value has a control character; write it anew");
        } else if (name.isEmpty()) {
            problem("the line begins with a blank or \"=\", so C tinc skips it; write \"Variable = value\" from its start on, or delete it");
        } else {
            String value = afterSeparator(text, nameEnd);
            if (value.isEmpty()) {
                problem("variable " + TincConf.printableName(name) + " has no value; write \"Variable = value\" or delete the line");
            } else if (name.startsWith("-----") || name.startsWith("#")) {
                problem("the line is neither an assignment nor part of a key block; delete it");
            } else {
                assignments.add(new TincConf.Assignment(name, value, file, lineNumber));
            }
        }
    }

    /** Blanks, at most one {@code =}, blanks: a second {@code =} belongs to the value. */
    private static String afterSeparator(String text, int nameEnd) {
        String rest = text.substring(nameEnd).strip();
        return rest.startsWith("=") ? rest.substring(1).strip() : rest;
    }

    private void problem(String what) {
        problems.add(file + ":" + lineNumber + ": " + what);
    }

    TincConf finish() {
        if (!openBlock.isEmpty()) {
            problems.add(file + ":" + openBlockLine + ": the block \"" + TincConf.printable(openBlock.getFirst())
                    + "\" never ends, so the rest of the file is not read; add its -----END line");
        }
        return new TincConf(assignments, blocks, problems);
    }
}
