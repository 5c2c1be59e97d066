package org.tinc4j.daemon;

import java.util.Optional;

/** What the daemon says about itself. */
final class Usage {

    /** Where a command line that is wrong is told to look. */
    static final String HINT = "Try 'java -jar tinc4jd.jar --help' for more information.";

    private static final String HELP = """
            Usage: java -jar tinc4jd.jar [option]...

              -c, --config=DIR        read the configuration from DIR; default /etc/tinc/NET, or /etc/tinc
              -n, --net=NET           name of the network; default is the variable NETNAME; '.' is none
              -D, --no-detach         stay in the foreground
              -d, --debug[=LEVEL]     0 warnings, 1 and 2 what happens, 3 and 4 details, 5 all; without LEVEL one more than before;
                                      default is LogLevel in the configuration, else 0
              -o, --option=[HOST.]KEY=VALUE
                                      set a configuration variable; may be repeated
                  --logfile[=FILE]    log to FILE instead of standard error; default /var/log/tinc.NET.log
                  --pidfile=FILE      write the process id, a decimal number and a line feed, to FILE; default is no such file
                  --help              print this and end
                  --version           print the version and end

            Runs in the foreground with or without -D: a JVM cannot detach. Let systemd run it (Type=exec), or start it with
              setsid java -jar tinc4jd.jar -D --logfile=FILE </dev/null >/dev/null 2>&1 &
            (nohup would make it deaf to SIGHUP.)

            SIGHUP   reads the configuration again: peers and own subnets; names what needs a restart; opens the log file anew
            SIGALRM  dials every peer now
            SIGTERM, SIGINT  stop
            SIGQUIT  prints the JVM's threads

            Scripts run as with tincd, each for at most 60 seconds. With a tinc-up script the interface is left to it; without one the
            addresses (the own subnets of one address), MTU and routes are set here. Different from tincd: there is no control socket,
            so the program 'tinc' cannot ask or control this daemon, and no invitations are served.
            """;

    private Usage() {}

    static String help() {
        return HELP;
    }

    static String version() {
        String version = Optional.ofNullable(Usage.class.getPackage().getImplementationVersion()).orElse("(unpacked)");
        return "tinc4jd " + version + ", protocol 17.7, Java " + Runtime.version();
    }
}
