package org.tinc4j.impl.engine;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.transport.NioNetwork;

/**
 * What a node runs on, apart from its settings. Its threads are always those of the JVM, and so is its clock, by which they wait.
 *
 * @param network where its sockets come from; accounts for them in the same ledger
 * @param ledger what it holds
 * @param entropy random bytes of keys; used by the control thread
 * @param random jitter and nonces; used by the thread that starts the node, then by the control thread
 */
public record NodeEnvironment(Network network, Ledger ledger, EntropySource entropy, RandomGenerator random) {

    /**
     * This machine.
     *
     * @return for one node
     */
    public static NodeEnvironment ofThisMachine() {
        return onSockets(Ledger.silent());
    }

    /**
     * This machine, watched.
     *
     * @param ledger where threads, sockets and packet memory are accounted
     * @return for one node
     */
    public static NodeEnvironment onSockets(Ledger ledger) {
        return new NodeEnvironment(new NioNetwork(ledger), ledger, EntropySource.system(), new SecureRandom());
    }
}
