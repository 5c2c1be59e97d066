package org.tinc4j.impl.control;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.tinc4j.impl.ledger.Ledger;

/**
 * The threads of one node, virtual ones unless asked otherwise: named, accounted, joined at the end; none ends by a fault unheard. Any thread.
 */
public final class NodeThreads {

    private final String prefix;
    private final Ledger ledger;
    private final BiConsumer<String, Throwable> failed;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /**
     * None yet.
     *
     * @param prefix begins every thread's name: mesh and node
     * @param ledger where they are accounted
     * @param failed told the job and the fault of a thread that ended by one, an {@link Error} too; called on that thread
     */
    public NodeThreads(String prefix, Ledger ledger, BiConsumer<String, Throwable> failed) {
        this.prefix = prefix;
        this.ledger = ledger;
        this.failed = failed;
    }

    /** Starts a virtual thread. */
    public Thread start(String job, Runnable body) {
        return start(Thread.ofVirtual(), job, body);
    }

    /** Starts a platform thread, for a body that may wait in the kernel without an end. */
    public Thread startPlatform(String job, Runnable body) {
        return start(Thread.ofPlatform().daemon(), job, body);
    }

    private Thread start(Thread.Builder kind, String job, Runnable body) {
        Ledger.Lease lease = ledger.take("thread", prefix + " " + job);
        Thread thread = kind.name(prefix + " " + job).unstarted(() -> {
            try {
                body.run();
            } catch (Throwable e) {
                failed.accept(job, e);
            } finally {
                lease.close(); // First: whoever joins finds nothing held.
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

    /** Whether the caller is one of them. */
    public boolean isOwn() {
        return running.contains(Thread.currentThread());
    }

    /**
     * Interrupts all but the caller, and waits for them.
     *
     * @param grace how long they may go on before they are interrupted
     * @param patience how long to wait in all; a thread that runs foreign code may never end
     * @return names of those that still run
     */
    public List<String> stop(Duration grace, Duration patience) {
        long start = System.nanoTime();
        boolean interrupted = join(start, grace);
        for (Thread thread : running) {
            if (thread != Thread.currentThread()) {
                thread.interrupt();
            }
        }
        interrupted |= join(start, patience);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return running.stream()
                .filter(thread -> thread != Thread.currentThread())
                .map(Thread::getName)
                .toList();
    }

    /** @return whether the caller was interrupted meanwhile */
    private boolean join(long startNanos, Duration patience) {
        boolean interrupted = false;
        for (Thread thread : running) {
            long left = patience.toNanos() - (System.nanoTime() - startNanos);
            while (thread != Thread.currentThread() && thread.isAlive() && left > 0) {
                try {
                    thread.join(Duration.ofNanos(left));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = patience.toNanos() - (System.nanoTime() - startNanos);
            }
        }
        return interrupted;
    }
}
