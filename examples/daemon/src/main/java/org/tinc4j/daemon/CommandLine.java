package org.tinc4j.daemon;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the command line asks for.
 *
 * <p>Flags as with getopt: {@code --word=value} and {@code --word value}, {@code -xvalue} and {@code -x value}, letters may be joined
 * ({@code -Dd5}). Of a flag that is repeated, the last counts; {@code -o} adds up.
 *
 * @param task what to do
 * @param network netname, from the command line or the variable {@code NETNAME}
 * @param directory the configuration
 * @param debugLevel empty leaves it to {@code LogLevel} in the configuration
 * @param pidFile where to write the process id
 * @param logFile where to log; empty is standard error
 * @param overrides assignments that win over the configuration
 * @param foreground whether staying in the foreground was asked for
 */
record CommandLine(
        Task task,
        Optional<String> network,
        Path directory,
        OptionalInt debugLevel,
        Optional<Path> pidFile,
        Optional<Path> logFile,
        List<String> overrides,
        boolean foreground) {

    private static final Path CONFIGURATIONS = Path.of("/etc/tinc");
    private static final Path LOGS = Path.of("/var/log");

    /** What can be asked for. */
    enum Task {
        RUN,
        HELP,
        VERSION
    }

    /**
     * Reads a command line.
     *
     * @param arguments its words
     * @param environment of the process; {@code NETNAME} is looked up
     * @throws UsageException naming the argument that is wrong
     */
    static CommandLine parse(List<String> arguments, Map<String, String> environment) throws UsageException {
        Parser parser = new Parser(arguments);
        parser.parse();
        Optional<String> network = network(parser.network, environment);
        Path directory = parser.directory != null
                ? parser.directory
                : network.map(CONFIGURATIONS::resolve).orElse(CONFIGURATIONS);
        Path defaultLog = LOGS.resolve(network.map(name -> "tinc." + name + ".log").orElse("tinc.log"));
        return new CommandLine(
                parser.task,
                network,
                directory,
                parser.debugLevel,
                Optional.ofNullable(parser.pidFile),
                parser.logging ? Optional.of(parser.logFile == null ? defaultLog : parser.logFile) : Optional.empty(),
                List.copyOf(parser.overrides),
                parser.foreground);
    }

    /** A full stop says "none", so that a NETNAME of the environment can be switched off. */
    private static Optional<String> network(String given, Map<String, String> environment) throws UsageException {
        String text = given != null ? given : environment.getOrDefault("NETNAME", "");
        if (text.equals(".") || given == null && text.isEmpty()) {
            return Optional.empty();
        }
        String where = given != null ? "argument of --net" : "environment variable NETNAME";
        if (text.isBlank() || text.startsWith(".")) {
            throw new UsageException("netname \"" + text + "\" (" + where + ") is empty or begins with a full stop");
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == '/' || c == '\\')) {
            throw new UsageException("netname \"" + text.replaceAll("\\p{Cntrl}", "?") + "\" (" + where
                    + ") has a slash, a backslash or a control character");
        }
        return Optional.of(text);
    }

    /** Takes one word after the other. */
    private static final class Parser {

        private final Deque<String> words;
        private Task task = Task.RUN;
        private String network;
        private Path directory;
        private OptionalInt debugLevel = OptionalInt.empty();
        private Path pidFile;
        private boolean logging;
        private Path logFile;
        private final List<String> overrides = new ArrayList<>();
        private boolean foreground;

        Parser(List<String> arguments) {
            words = new ArrayDeque<>(arguments);
        }

        void parse() throws UsageException {
            while (!words.isEmpty()) {
                String word = words.pop();
                if (word.startsWith("--") && word.length() > 2) {
                    parseWord(word);
                } else if (word.startsWith("-") && !word.equals("-") && !word.equals("--")) {
                    parseLetters(word);
                } else if (!word.equals("--")) {
                    throw new UsageException("unrecognized argument '" + word + "'");
                } else if (!words.isEmpty()) {
                    throw new UsageException("unrecognized argument '" + words.pop() + "'");
                }
            }
        }

        private void parseWord(String word) throws UsageException {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Flag flag = Flag.ofWord(name.substring(2))
                    .orElseThrow(() -> new UsageException("unrecognized option '" + name + "'"));
            if (equals >= 0 && flag.argument() == Flag.Argument.NONE) {
                throw new UsageException("option '" + name + "' takes no argument");
            }
            take(flag, name, equals < 0 ? next(flag, name) : Optional.of(word.substring(equals + 1)));
        }

        private void parseLetters(String word) throws UsageException {
            for (int i = 1; i < word.length(); i++) {
                String name = "-" + word.charAt(i);
                Flag flag = Flag.ofLetter(word.charAt(i))
                        .orElseThrow(() -> new UsageException("unrecognized option '" + name + "'"));
                String rest = word.substring(i + 1);
                if (flag.argument() == Flag.Argument.NONE) {
                    take(flag, name, Optional.empty());
                } else if (rest.isEmpty()) {
                    take(flag, name, next(flag, name));
                } else if (flag == Flag.DEBUG && !isNumber(rest)) {
                    take(flag, name, Optional.empty());
                } else {
                    take(flag, name, Optional.of(rest));
                    return;
                }
            }
        }

        /** The next word, if it is this flag's argument. */
        private Optional<String> next(Flag flag, String name) throws UsageException {
            String next = words.peek();
            boolean taken = switch (flag.argument()) {
                case NONE -> false;
                case REQUIRED -> {
                    if (next == null) {
                        throw new UsageException("option '" + name + "' requires an argument");
                    }
                    yield true;
                }
                case OPTIONAL -> next != null && !next.startsWith("-");
                case OPTIONAL_NUMBER -> next != null && isNumber(next);
            };
            return taken ? Optional.of(words.pop()) : Optional.empty();
        }

        private void take(Flag flag, String name, Optional<String> value) throws UsageException {
            if (!flag.refusal().isEmpty()) {
                throw new UsageException("option '" + name + "' is not supported: " + flag.refusal());
            }
            switch (flag) {
                case CONFIG -> directory = path(name, value.orElseThrow());
                case NET -> network = value.orElseThrow();
                case NO_DETACH -> foreground = true;
                case DEBUG -> debugLevel = OptionalInt.of(
                        value.isPresent() ? level(name, value.get()) : debugLevel.orElse(0) + 1);
                case OPTION -> overrides.add(value.orElseThrow());
                case LOGFILE -> {
                    logging = true;
                    logFile = value.isPresent() ? path(name, value.get()) : null;
                }
                case PIDFILE -> pidFile = path(name, value.orElseThrow());
                case HELP -> task = Task.HELP;
                case VERSION -> task = Task.VERSION;
                case MLOCK, CHROOT, USER, SYSLOG, BYPASS_SECURITY -> throw new AssertionError(flag + " has a refusal");
            }
        }

        private static boolean isNumber(String text) {
            return text.matches("[0-9]+");
        }

        private static int level(String name, String text) throws UsageException {
            if (!text.matches("[0-9]{1,6}")) {
                throw new UsageException("argument '" + text + "' of option '" + name + "' is no debug level; give 0 to 5");
            }
            return Integer.parseInt(text);
        }

        private static Path path(String name, String text) throws UsageException {
            if (text.isEmpty()) {
                throw new UsageException("argument of option '" + name + "' is empty; give a path");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new UsageException("argument of option '" + name + "' is no path: " + e.getReason());
            }
        }
    }
}
