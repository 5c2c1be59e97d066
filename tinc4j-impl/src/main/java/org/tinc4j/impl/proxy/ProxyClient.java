package org.tinc4j.impl.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/** One connection to the proxy, before and after it is known where it leads. One thread. */
final class ProxyClient {

    final Socket socket;
    final PushbackInputStream in;
    private final BiPredicate<String, String> credentials;
    private final LocalProxy.Dialler dialler;
    final BiConsumer<String, Runnable> threads;

    ProxyClient(
            Socket socket, BiPredicate<String, String> credentials, LocalProxy.Dialler dialler, BiConsumer<String, Runnable> threads)
            throws IOException {
        this.socket = socket;
        this.in = new PushbackInputStream(new java.io.BufferedInputStream(socket.getInputStream()), 1);
        this.credentials = credentials;
        this.dialler = dialler;
        this.threads = threads;
    }

    /** The first byte, which stays to be read. */
    int first() throws IOException {
        int value = read();
        in.unread(value);
        return value;
    }

    int read() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("the client ended in the middle of its request");
        }
        return value;
    }

    byte[] read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the client ended in the middle of its request");
        }
        return bytes;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    boolean knows(String user, String password) {
        return credentials.test(user, password);
    }

    boolean isOfThisProcess() {
        return OwnProcess.holdsOtherEnd(socket);
    }

    Socket connect(String host, int port) throws IOException {
        return dialler.connect(host, port);
    }

    /** Copies both ways from here on. */
    void relay(Socket server) throws IOException {
        socket.setSoTimeout(0);
        Relay.both(in, socket, server, threads, "proxy");
    }
}
