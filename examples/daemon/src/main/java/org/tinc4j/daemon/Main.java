package org.tinc4j.daemon;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.config.ConfigException;

/** The daemon's beginning and end: command line in, exit status out. */
public final class Main {

    /** Name of the daemon's own logger. */
    static final String LOGGER = "tinc4jd";

    private static final int SUCCESS = 0;
    private static final int FAILURE = 1;

    private Main() {}

    /**
     * Runs until a signal ends it. Ends the JVM with status 0, or 1 if something is wrong.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        CommandLine commandLine;
        try {
            commandLine = CommandLine.parse(arguments, System.getenv());
        } catch (UsageException e) {
            System.err.println("tinc4jd: " + e.getMessage());
            System.err.println(Usage.HINT);
            return FAILURE;
        }
        return switch (commandLine.task()) {
            case HELP -> {
                System.out.print(Usage.help());
                yield SUCCESS;
            }
            case VERSION -> {
                System.out.println(Usage.version());
                yield SUCCESS;
            }
            case RUN -> runDaemon(commandLine);
        };
    }

    private static int runDaemon(CommandLine commandLine) {
        try (LogOutput output = LogOutput.open(commandLine.logFile())) {
            LogOutput.level(commandLine.debugLevel().orElse(0));
            Configuration configuration;
            try {
                configuration = Configuration.read(commandLine);
            } catch (ConfigException e) {
                Logger log = LoggerFactory.getLogger(LOGGER);
                e.problems().forEach(log::error);
                return FAILURE;
            }
            LogOutput.level(configuration.debugLevel());
            return new Daemon(configuration, output, LoggerFactory.getLogger(LOGGER)).run() == Daemon.End.ASKED ? SUCCESS : FAILURE;
        } catch (IOException e) {
            System.err.println("tinc4jd: " + e.getMessage());
            return FAILURE;
        }
    }
}
