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
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
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

    /** Connections that lead somewhere. */
    private static final int MAX_CONNECTIONS = 1024;

    /** Connections of which nothing is known yet, be they of anybody on this host: the oldest gives way. */
    private static final int MAX_GREETINGS = 1024;

    private static final Duration GREETING_PATIENCE = Duration.ofSeconds(30);
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
    private final Duration patience;
    private final Predicate<Socket> ours;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<Socket> greetings = new LinkedHashSet<>(); // guarded by lock; oldest first
    private ServerSocket listening; // guarded by lock
    private volatile boolean closed;

    /**
     * A proxy that does not run.
     *
     * @param threads starts a thread for a job, and ends it by interruption
     */
    public LocalProxy(Dialler dialler, BiConsumer<String, Runnable> threads) {
        this(dialler, threads, GREETING_PATIENCE, OwnProcess::holdsOtherEnd);
    }

    /**
     * A proxy that does not run.
     *
     * @param patience how long a client may take until it has said where it wants to go
     * @param ours whether the other end of a connection is this process's
     */
    LocalProxy(Dialler dialler, BiConsumer<String, Runnable> threads, Duration patience, Predicate<Socket> ours) {
        this.dialler = dialler;
        this.threads = threads;
        this.patience = patience;
        this.ours = ours;
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
                        && isLoopback(getRequestingSite(), getRequestingHost())
                        && getRequestingPort() == port();
                return ours ? new PasswordAuthentication(credentials.user(), credentials.password().toCharArray()) : null;
            }
        };
    }

    /** The JDK's HttpClient tells the host only, as the selector wrote it. */
    private static boolean isLoopback(InetAddress site, String host) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return site != null ? site.isLoopbackAddress() : loopback.getHostName().equals(host) || loopback.getHostAddress().equals(host);
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
                Socket client = Accepting.next(opened);
                connections.add(client);
                if (closed) {
                    client.close();
                }
                greet(client);
                threads.accept("proxy for " + client.getRemoteSocketAddress(), () -> serve(client));
            }
        } catch (IOException e) {
            close();
        } catch (InterruptedException e) {
            close();
        }
    }

    /** Takes a connection that has said nothing yet. */
    private void greet(Socket client) {
        Socket oldest = null;
        lock.lock();
        try {
            greetings.add(client);
            if (greetings.size() > MAX_GREETINGS) {
                oldest = greetings.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        if (oldest != null) {
            quietly(oldest);
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing left to do for it.
        }
    }

    private void forget(Socket client) {
        lock.lock();
        try {
            greetings.remove(client);
        } finally {
            lock.unlock();
        }
    }

    private void serve(Socket client) {
        ProxyClient session = null;
        try (client) {
            client.setTcpNoDelay(true);
            session = new ProxyClient(client, this);
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
            forget(client);
            if (session != null && session.placed()) {
                places.release();
            }
        }
    }

    /** How long a client may take until it has said where it wants to go. */
    Duration patience() {
        return patience;
    }

    BiConsumer<String, Runnable> threads() {
        return threads;
    }

    boolean isOurs(Socket client) {
        return ours.test(client);
    }

    /** Waits for a place for a client who may connect; the client gives it back. */
    void place(Socket client) throws IOException {
        forget(client);
        try {
            if (!places.tryAcquire(CONNECT_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SocketTimeoutException("the proxy serves " + MAX_CONNECTIONS + " connections already");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the node is closing");
        }
    }

    Socket dial(String host, int port) throws IOException {
        return dialler.connect(host, port);
    }

    /** In the same time for any wrong password. */
    boolean knows(String user, String password) {
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
        connections.forEach(LocalProxy::quietly);
    }
}
