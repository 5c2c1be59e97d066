package org.tinc4j.examples.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.tinc4j.NodeClosedException;
import org.tinc4j.PacketPort;

/** Answers orders until it is closed or its node is. One virtual thread. */
public final class Inventory implements AutoCloseable {

    static final String ORDER = "order ";
    static final String ACCEPTED = "accepted ";
    static final String REFUSED = "refused ";

    private final PacketPort port;
    private final Stock stock;
    private final Thread server;

    /**
     * Answers from now on.
     *
     * @param port of the node it runs on
     * @param stock what orders are served from
     */
    public Inventory(PacketPort port, Stock stock) {
        this.port = port;
        this.stock = stock;
        this.server = Thread.ofVirtual().name("inventory").start(this::serve);
    }

    private void serve() {
        try {
            while (true) {
                Optional<Message> question = port.receive(Duration.ofMinutes(1)).flatMap(Message::in);
                if (question.isPresent() && question.get().text().startsWith(ORDER)) {
                    port.send(answer(question.get()).packet());
                }
            }
        } catch (NodeClosedException | InterruptedException e) {
            // The node has ended or we have; either way that is all.
        } catch (IOException e) {
            throw new IllegalStateException("the inventory answers no more", e);
        }
    }

    private Message answer(Message question) {
        String order = question.text().substring(ORDER.length());
        return new Message(question.to(), question.from(), (stock.take(order) ? ACCEPTED : REFUSED) + order);
    }

    /** Ends it; what comes from now on is not answered. */
    @Override
    public void close() {
        server.interrupt();
        try {
            server.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
