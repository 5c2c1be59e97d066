package org.tinc4j.daemon;

/**
 * Looks at the JVM before anything that needs a new one is loaded. Compiled for Java 8, so that every JVM still in use can read it.
 */
public final class Launcher {

    private static final int LEAST_JAVA = 21;

    private Launcher() {}

    /**
     * Runs the daemon, or says which Java it needs and ends with status 1.
     *
     * @param arguments handed on
     */
    public static void main(String[] arguments) {
        String version = System.getProperty("java.specification.version");
        // Up to 8 it is "1.8", from 9 on "9".
        if (version.startsWith("1.") || Integer.parseInt(version) < LEAST_JAVA) {
            System.err.println("tinc4jd needs Java " + LEAST_JAVA + " or newer, but this is Java " + version + " in "
                    + System.getProperty("java.home") + "; start it with the java program of a newer one");
            System.exit(1);
        }
        Main.main(arguments);
    }
}
