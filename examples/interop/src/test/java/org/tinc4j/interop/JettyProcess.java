package org.tinc4j.interop;

import java.nio.file.Path;

/** Main program of a {@link JettyServer} over the sockets of its host; arguments are address and key store's folder. Prints its port for TLS. */
final class JettyProcess {

    private JettyProcess() {}

    /** Runs until the input ends. */
    public static void main(String[] arguments) throws Exception {
        JettyServer server = new JettyServer(arguments[0], Path.of(arguments[1]), seen -> "-").start();
        System.out.println(server.tls().getPort());
        System.in.transferTo(System.out);
        System.exit(0); // Jetty's threads would go on.
    }
}
