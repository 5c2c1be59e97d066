package org.tinc4j.impl.control;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The virtual threads of one node: named, counted, joined at the end. Any thread.
 */
public final class NodeThreads {

    private final String prefix;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /**
     * None yet.
     *
     * @param prefix begins every thread's name: mesh and node
     */
    public NodeThreads(String prefix) {
        this.prefix = prefix;
    }

    /** Starts a thread. */
    public Thread start(String job, Runnable body) {
        Thread thread = Thread.ofVirtual().name(prefix + " " + job).unstarted(() -> {
            try {
                body.run();
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        running.add(thread);
        thread.start();
        return thread;
    }

    /** How many are running. */
    public int count() {
        return running.size();
    }

    /** Interrupts all but the caller, and waits for them. */
    public void stop() {
        boolean interrupted = false;
        for (Thread thread : running) {
            if (thread != Thread.currentThread()) {
                thread.interrupt();
            }
        }
        for (Thread thread : running) {
            while (thread != Thread.currentThread() && thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
