package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.NetworkContract;

/** The contract on loopback sockets. */
class NioNetworkTest extends NetworkContract {

    private static final int MAX_FILLERS = 64;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeFillers() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Override
    protected Network near() {
        return new NioNetwork(ledger, Optional.empty());
    }

    @Override
    protected Network far() {
        return new NioNetwork(ledger, Optional.empty());
    }

    @Override
    protected InetSocketAddress farAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    protected InetSocketAddress nearAddress() {
        return farAddress();
    }

    /** A listener that does not accept and whose backlog is full: Linux then answers nobody. */
    @Override
    protected InetSocketAddress silentAddress() throws IOException {
        ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        opened.add(deaf);
        for (int i = 0; i < MAX_FILLERS; i++) {
            Socket filler = new Socket();
            opened.add(filler);
            try {
                filler.connect(deaf.getLocalSocketAddress(), 100);
            } catch (SocketTimeoutException e) {
                return (InetSocketAddress) deaf.getLocalSocketAddress();
            }
        }
        throw new AssertionError("a backlog of 1 took " + MAX_FILLERS + " connections");
    }
}
