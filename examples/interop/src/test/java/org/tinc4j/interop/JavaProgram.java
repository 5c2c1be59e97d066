package org.tinc4j.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that runs a class of this test kit in a JVM of its own. */
final class JavaProgram {

    private JavaProgram() {}

    /** The words of the command. */
    static List<String> command(Class<?> main, String... arguments) {
        return command(classPath(), main, arguments);
    }

    /** Surefire starts this JVM with a jar that only names the class path; the class path itself is here. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** The words of the command, for another class path. */
    static List<String> command(String classPath, Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                // A JVM that finds another's file with its number in /tmp says so on standard output, where the answers are read.
                "-XX:-UsePerfData",
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug",
                "-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=info",
                main.getName()));
        words.addAll(List.of(arguments));
        return words;
    }
}
