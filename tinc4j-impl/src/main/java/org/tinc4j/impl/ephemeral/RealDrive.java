package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.Subnet;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.engine.RunningNode;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.Timeline;
import org.tinc4j.impl.ledger.Ledger;

/** Nodes on the threads they have in production, on the machine's clock. Any thread. */
final class RealDrive implements Drive {

    /** How often a condition is looked at. */
    private static final long POLL_MILLIS = 2;

    /** Less than in production: whoever waits for the end of a test learns of a stuck listener by a leak, which is told with its place. */
    private static final Duration LISTENER_PATIENCE = Duration.ofMillis(1500);

    private final String network;
    private final HostNames names;
    private final RealTime time;

    /** Taken before the network's lock. */
    private final ReentrantLock asking = new ReentrantLock();
    private final long startNanos;

    RealDrive(String network, HostNames names) {
        this.network = network;
        this.names = names;
        this.time = new RealTime(LoggerFactory.getLogger("org.tinc4j." + network));
        this.startNanos = time.nowNanos();
    }

    @Override
    public Timeline timeline() {
        return time;
    }

    @Override
    public long elapsedNanos() {
        return time.nowNanos() - startNanos;
    }

    @Override
    public void enter() {
        time.lock.lock();
    }

    @Override
    public void leave() {
        time.lock.unlock();
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + Limits.nanos(limit);
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                Thread.sleep(Duration.ofNanos(Math.min(left, POLL_MILLIS * 1_000_000)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the mesh was waited for", e);
            }
        }
        return true;
    }

    @Override
    public <T> T ask(Supplier<T> question) {
        asking.lock();
        try {
            return question.get();
        } finally {
            asking.unlock();
        }
    }

    @Override
    public void alter(Runnable change) {
        change.run();
    }

    @Override
    public void open() {
        time.start("tinc4j " + network + " network");
    }

    @Override
    public Incarnation start(NodeSettings settings, Host host, long seed) throws IOException {
        Ledger ledger = Ledger.recording();
        return new Life(RunningNode.start(settings, new FabricNetwork(time, host, names, ledger), ledger, Optional.empty(), LISTENER_PATIENCE), ledger);
    }

    @Override
    public void close() {
        time.close();
    }

    /** A node of production. */
    private record Life(RunningNode node, Ledger ledger) implements Incarnation {

        /** Nothing tells from outside when something changed. */
        @Override
        public long version() {
            return System.nanoTime();
        }

        @Override
        public Map<NodeName, Set<Subnet>> reachable() {
            Map<NodeName, Set<Subnet>> reachable = new TreeMap<>();
            for (NodeStatus.PeerStatus peer : node.status().nodes()) {
                if (peer.reachable()) {
                    reachable.put(peer.name(), Set.copyOf(peer.subnets()));
                }
            }
            return reachable;
        }

        /** Its farewell goes nowhere. */
        @Override
        public void die() {
            node.close();
        }

        @Override
        public boolean ended() {
            return node.closing();
        }
    }
}
