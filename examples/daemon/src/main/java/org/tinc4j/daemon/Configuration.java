package org.tinc4j.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.helpers.NOPLogger;
import org.tinc4j.Device;
import org.tinc4j.Tinc;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.TincDirectory;

/**
 * The configuration at one moment: the directory as the library reads it, and the variables it leaves to the daemon.
 *
 * @param commandLine what it was read by
 * @param directory the files
 * @param settings what they come to for the node, checked as a whole; device and logger are not those in use
 * @param debugLevel from the command line, else {@code LogLevel}, else 0
 * @param scripts how scripts are run
 * @param deviceUse {@code DeviceStandby}
 */
record Configuration(
        CommandLine commandLine,
        TincDirectory directory,
        NodeSettings settings,
        int debugLevel,
        Scripts.Settings scripts,
        MeshScripts.DeviceUse deviceUse) {

    /** Variables that the library leaves to the daemon and the daemon to others. */
    private static final List<String> WITHOUT_EFFECT = List.of("ProcessPriority", "Hostnames", "InvitationExpire");

    /**
     * Reads it.
     *
     * @throws ConfigException with every problem found
     * @throws IOException if a directory cannot be listed
     */
    static Configuration read(CommandLine commandLine) throws IOException {
        TincDirectory directory = TincDirectory.read(commandLine.directory(), commandLine.overrides());
        List<String> problems = new ArrayList<>();
        int level = commandLine.debugLevel().orElseGet(() -> logLevel(directory, problems));
        MeshScripts.DeviceUse use = deviceUse(directory, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Configuration(
                commandLine,
                directory,
                // A logger keeps the level it is made with, and the level is known only now: these settings get none.
                builder(commandLine, directory).logger(NOPLogger.NOP_LOGGER).settings(),
                level,
                Scripts.Settings.of(directory.value("ScriptsInterpreter"), directory.value("ScriptsExtension")),
                use);
    }

    private static Tinc.Builder builder(CommandLine commandLine, TincDirectory directory) {
        return commandLine.network().map(directory::builder).orElseGet(directory::builder);
    }

    private static int logLevel(TincDirectory directory, List<String> problems) {
        String text = directory.value("LogLevel").orElse("0");
        if (!text.matches("[0-9]{1,6}")) {
            problems.add(directory.path() + ": LogLevel = " + text + " is no debug level; write 0 to 5");
            return 0;
        }
        return Integer.parseInt(text);
    }

    private static MeshScripts.DeviceUse deviceUse(TincDirectory directory, List<String> problems) {
        String text = directory.value("DeviceStandby").orElse("no");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "no" -> MeshScripts.DeviceUse.ALWAYS;
            case "yes" -> MeshScripts.DeviceUse.WHILE_OTHERS_ARE_REACHABLE;
            default -> {
                problems.add(directory.path() + ": DeviceStandby = " + text + " is neither yes nor no");
                yield MeshScripts.DeviceUse.ALWAYS;
            }
        };
    }

    /** A builder with everything but the device. */
    Tinc.Builder builder() {
        return builder(commandLine, directory);
    }

    /**
     * The device to open. A daemon without an interface serves nobody, so there is no falling back: a kernel interface or, with
     * {@code DeviceType = dummy}, none. It is named by {@code Interface}, else like the network, else by the kernel.
     */
    Device device() {
        Device device = directory.device(commandLine.network().orElse(""));
        return device instanceof Device.Auto auto ? auto.kernel() : device;
    }

    /**
     * What of a later configuration only a restart puts into force.
     *
     * @param now the same directory, read again
     * @return in the words of the files; empty if there is nothing
     */
    List<String> needingRestart(Configuration now) {
        List<String> parts = new ArrayList<>(Changes.needingRestart(settings, now.settings));
        if (deviceUse != now.deviceUse) {
            parts.add("DeviceStandby");
        }
        if (debugLevel != now.debugLevel) {
            parts.add("LogLevel");
        }
        return parts;
    }

    /** What has no effect, one line each. */
    List<String> ignored() {
        List<String> lines = new ArrayList<>(directory.ignored());
        for (String variable : WITHOUT_EFFECT) {
            Optional<String> value = directory.value(variable);
            value.ifPresent(text -> lines.add(directory.path() + ": " + variable + " = " + text + ": has no effect in this daemon"));
        }
        return lines;
    }
}
