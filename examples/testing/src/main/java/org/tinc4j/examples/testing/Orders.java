package org.tinc4j.examples.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.tinc4j.PacketPort;

/** Places orders with an {@link Inventory} on another node. One thread at a time. */
public final class Orders {

    /** Datagrams get lost, so a question that has no answer by then is asked again. */
    private static final Duration REPEAT = Duration.ofMillis(200);

    private final PacketPort port;
    private final InetAddress own;
    private final InetAddress inventory;

    /**
     * A customer.
     *
     * @param port of the node it runs on
     * @param own that node's address
     * @param inventory the address of the inventory's node
     */
    public Orders(PacketPort port, InetAddress own, InetAddress inventory) {
        this.port = port;
        this.own = own;
        this.inventory = inventory;
    }

    /**
     * Orders one piece, and waits for the decision.
     *
     * @param order names the order; placed again under the same name it is the same order
     * @param limit how long to wait
     * @return whether it was accepted
     * @throws TimeoutException if nobody has answered; whether it was accepted is open, and it may be placed again
     * @throws IOException if the node is closed
     * @throws InterruptedException if interrupted
     */
    public boolean place(String order, Duration limit) throws IOException, InterruptedException, TimeoutException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        for (long leftNanos = limit.toNanos(); leftNanos > 0; leftNanos = deadlineNanos - System.nanoTime()) {
            port.send(new Message(own, inventory, Inventory.ORDER + order).packet());
            Optional<Boolean> decision = answer(order, Math.min(leftNanos, REPEAT.toNanos()));
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        throw new TimeoutException("order \"" + order + "\" was not answered within " + limit.toMillis() + " ms");
    }

    /** Answers to earlier orders, repeated or late, are passed over. */
    private Optional<Boolean> answer(String order, long waitNanos) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + waitNanos;
        for (long leftNanos = waitNanos; leftNanos > 0; leftNanos = deadlineNanos - System.nanoTime()) {
            String text = port.receive(Duration.ofNanos(leftNanos)).flatMap(Message::in).map(Message::text).orElse("");
            if (text.equals(Inventory.ACCEPTED + order)) {
                return Optional.of(true);
            }
            if (text.equals(Inventory.REFUSED + order)) {
                return Optional.of(false);
            }
        }
        return Optional.empty();
    }
}
