package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.tinc4j.net.MeshSockets.ProxyCredentials;

/**
 * A proxy on loopback, HTTP and SOCKS 5 on one port: the first byte tells which. Everything goes into the mesh.
 *
 * <p>Other users of the host can reach loopback too, so a connection has to show credentials, unless the system says that its other end is
 * in this very process.
 *
 * <p><b>Threads.</b> Any; one accepts, two serve each connection. Nothing runs before {@link #start()}.
 */
public final class LocalProxy {

    /** How long a client of the proxy waits for a connection. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private static final int MAX_CONNECTIONS = 1024;
    private static final int GREETING_TIMEOUT_MILLIS = 30_000;
    private static final int BACKLOG = 128;

    /** Makes connections into the mesh. */
    @FunctionalInterface
    public interface Dialler {
        /** A connection to a host of the mesh. */
        Socket connect(String host, int port) throws IOException;
    }

    private final Dialler dialler;
    private final BiConsumer<String, Runnable> threads;
    private final ProxyCredentials credentials = new ProxyCredentials("tinc4j", password());
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private ServerSocket listening; // guarded by lock
    private volatile boolean closed;

    /**
     * A proxy that does not run.
     *
     * @param threads starts a thread for a job, and ends it by interruption
     */
    public LocalProxy(Dialler dialler, BiConsumer<String, Runnable> threads) {
        this.dialler = dialler;
        this.threads = threads;
    }

    private static String password() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Starts it, if it does not run yet; returns where it listens. */
    public InetSocketAddress start() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new SocketException("Socket closed");
            }
            if (listening == null) {
                ServerSocket opened = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
                listening = opened;
                threads.accept("proxy", () -> accept(opened));
            }
            return (InetSocketAddress) listening.getLocalSocketAddress();
        } finally {
            lock.unlock();
        }
    }

    /** What connections of other processes have to show. */
    public ProxyCredentials credentials() {
        return credentials;
    }

    /** Answers the proxy, and nobody else, where the system cannot tell whose a connection is. */
    public Authenticator authenticator() {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                boolean ours = getRequestorType() == RequestorType.PROXY
                        && getRequestingSite() != null
                        && getRequestingSite().isLoopbackAddress()
                        && getRequestingPort() == port();
                return ours ? new PasswordAuthentication(credentials.user(), credentials.password().toCharArray()) : null;
            }
        };
    }

    private int port() {
        lock.lock();
        try {
            return listening == null ? -1 : listening.getLocalPort();
        } finally {
            lock.unlock();
        }
    }

    private void accept(ServerSocket opened) {
        try {
            while (!closed) {
                places.acquire();
                Socket client = Accepting.next(opened);
                connections.add(client);
                if (closed) {
                    client.close();
                }
                threads.accept("proxy for " + client.getRemoteSocketAddress(), () -> serve(client));
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            close();
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(GREETING_TIMEOUT_MILLIS);
            ProxyClient session = new ProxyClient(client, this::knows, dialler, threads);
            if (session.first() == Socks5.VERSION) {
                Socks5.serve(session);
            } else {
                HttpProxy.serve(session);
            }
        } catch (InterruptedIOException e) {
            // Too slow with its request, or the node is closing.
        } catch (IOException e) {
            // The client went away.
        } finally {
            connections.remove(client);
            places.release();
        }
    }

    /** In the same time for any wrong password. */
    private boolean knows(String user, String password) {
        boolean rightUser = MessageDigest.isEqual(bytes(user), bytes(credentials.user()));
        return MessageDigest.isEqual(bytes(password), bytes(credentials.password())) & rightUser;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends it and every connection through it. Idempotent. */
    public void close() {
        closed = true;
        lock.lock();
        try {
            if (listening != null) {
                listening.close();
            }
        } catch (IOException e) {
            // There is nothing left to do for it.
        } finally {
            lock.unlock();
        }
        for (Socket connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                // There is nothing left to do for it.
            }
        }
    }
}
