package org.tinc4j.impl.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.tinc4j.net.PortMapping;

/**
 * Ports that stand for others.
 *
 * <p><b>Threads.</b> Any; for each mapping one that accepts, for each connection two that copy.
 */
public final class Mappings {

    /** Connections of one mapping at a time; more wait in the backlog. */
    private static final int MAX_CONNECTIONS = 4096;

    /** Makes the other half of a connection. */
    @FunctionalInterface
    public interface Target {
        Socket connect() throws IOException;
    }

    private final BiConsumer<String, Runnable> threads;
    private final Set<Mapping> open = ConcurrentHashMap.newKeySet();

    /** None yet; threads starts a thread for a job, and ends it by interruption. */
    public Mappings(BiConsumer<String, Runnable> threads) {
        this.threads = threads;
    }

    /**
     * Begins a mapping.
     *
     * @param job for the names of its threads
     * @param listening taken
     */
    public PortMapping add(String job, ServerSocket listening, Target target) {
        Mapping mapping = new Mapping(job, listening, target);
        open.add(mapping);
        threads.accept(job, mapping::accept);
        return mapping;
    }

    /** Ends all. */
    public void close() {
        open.forEach(Mapping::close);
    }

    private final class Mapping implements PortMapping {

        private final String job;
        private final ServerSocket listening;
        private final Target target;
        private final InetSocketAddress address;
        private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
        private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
        private final Map<SocketAddress, SocketAddress> origins = new ConcurrentHashMap<>();
        private volatile boolean closed;

        Mapping(String job, ServerSocket listening, Target target) {
            this.job = job;
            this.listening = listening;
            this.target = target;
            this.address = (InetSocketAddress) listening.getLocalSocketAddress();
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public Optional<InetSocketAddress> origin(InetSocketAddress seen) {
            return Optional.ofNullable((InetSocketAddress) origins.get(seen));
        }

        void accept() {
            try {
                while (!closed) {
                    places.acquire();
                    Socket client = Accepting.next(listening);
                    connections.add(client);
                    if (closed) {
                        client.close();
                    }
                    threads.accept(job + " for " + client.getRemoteSocketAddress(), () -> serve(client));
                }
            } catch (IOException e) {
                close();
            } catch (InterruptedException e) {
                close();
            }
        }

        private void serve(Socket client) {
            try (client) {
                relay(client);
            } catch (IOException e) {
                // The client went away.
            } finally {
                connections.remove(client);
                places.release();
            }
        }

        private void relay(Socket client) throws IOException {
            Socket opened;
            try {
                opened = target.connect();
            } catch (IOException e) {
                reset(client); // The client sees that there is nothing behind the port.
                return;
            }
            try (Socket server = opened) {
                SocketAddress seen = server.getLocalSocketAddress();
                connections.add(server);
                origins.put(seen, client.getRemoteSocketAddress());
                try {
                    if (!closed) {
                        Relay.both(client.getInputStream(), client, server, Relay.PATIENCE, threads, job);
                    }
                } finally {
                    origins.remove(seen);
                    connections.remove(server);
                }
            }
        }

        private static void reset(Socket client) {
            try {
                client.setSoLinger(true, 0);
            } catch (SocketException e) {
                // It is closed.
            }
            quietly(client);
        }

        @Override
        public void close() {
            closed = true;
            open.remove(this);
            quietly(listening);
            connections.forEach(Mapping::quietly);
        }

        private static void quietly(Closeable socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // There is nothing left to do for it.
            }
        }
    }
}
