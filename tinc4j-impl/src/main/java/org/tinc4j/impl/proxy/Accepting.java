package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes connections of a listening socket, however the system fails at single ones. Threads: the caller's. */
final class Accepting {

    /** How long to leave the system alone that has no descriptors left, before it is asked again. */
    private static final int PAUSE_MILLIS = 50;

    private Accepting() {}

    /**
     * The next connection.
     *
     * @throws IOException once the listening socket is closed
     */
    static Socket next(ServerSocket listening) throws IOException, InterruptedException {
        while (true) {
            try {
                return listening.accept();
            } catch (IOException e) {
                if (listening.isClosed()) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
