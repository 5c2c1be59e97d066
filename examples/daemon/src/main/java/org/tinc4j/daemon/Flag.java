package org.tinc4j.daemon;

import java.util.Arrays;
import java.util.Optional;

/** Every flag of tincd, under its names. */
enum Flag {
    CONFIG('c', "config", Argument.REQUIRED),
    NET('n', "net", Argument.REQUIRED),
    NO_DETACH('D', "no-detach", Argument.NONE),
    DEBUG('d', "debug", Argument.OPTIONAL_NUMBER),
    OPTION('o', "option", Argument.REQUIRED),
    LOGFILE("logfile", Argument.OPTIONAL),
    PIDFILE("pidfile", Argument.REQUIRED),
    HELP("help", Argument.NONE),
    VERSION("version", Argument.NONE),

    // Known, so that they can be refused with a reason.
    MLOCK('L', "mlock", "a JVM cannot lock its memory; switch swap off, or encrypt it"),
    CHROOT('R', "chroot", "a JVM cannot change its root; confine the service, for example with systemd's RootDirectory="),
    USER('U', "user", "a JVM cannot change its user; start it as that user with CAP_NET_ADMIN, as systemd's User= and"
            + " AmbientCapabilities= do"),
    SYSLOG('s', "syslog", "there is no syslog here; standard error is what systemd's journal keeps, or give --logfile"),
    BYPASS_SECURITY("bypass-security", "there is no unencrypted mode; leave it out");

    /** Whether a flag is followed by an argument. */
    enum Argument {
        /** Never. */
        NONE,
        /** Always: the rest of the word or the next one. */
        REQUIRED,
        /** The rest of the word, or the next one if it does not begin with a dash. */
        OPTIONAL,
        /** The rest of the word, or the next one if it is a number. */
        OPTIONAL_NUMBER
    }

    private static final char NO_LETTER = 0;

    private final char letter;
    private final String word;
    private final Argument argument;
    private final String refusal;

    Flag(char letter, String word, Argument argument) {
        this(letter, word, argument, "");
    }

    Flag(String word, Argument argument) {
        this(NO_LETTER, word, argument, "");
    }

    Flag(char letter, String word, String refusal) {
        this(letter, word, Argument.OPTIONAL, refusal);
    }

    Flag(String word, String refusal) {
        this(NO_LETTER, word, Argument.NONE, refusal);
    }

    Flag(char letter, String word, Argument argument, String refusal) {
        this.letter = letter;
        this.word = word;
        this.argument = argument;
        this.refusal = refusal;
    }

    /** What follows two dashes. */
    String word() {
        return word;
    }

    Argument argument() {
        return argument;
    }

    /** Why it is not supported and what to do instead; empty if it is. */
    String refusal() {
        return refusal;
    }

    static Optional<Flag> ofLetter(char letter) {
        return Arrays.stream(values()).filter(flag -> flag.letter == letter && letter != NO_LETTER).findFirst();
    }

    static Optional<Flag> ofWord(String word) {
        return Arrays.stream(values()).filter(flag -> flag.word.equals(word)).findFirst();
    }
}
