package org.tinc4j.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.tinc4j.Offload;

/**
 * How packets move through this machine. Nothing in it changes what is on the wire.
 *
 * @param disabled offloads not to be tried, for comparison or around a faulty driver; {@link Offload#IO_URING}, which is no faster where it was
 *     measured
 * @param queues device queues and UDP sockets of each address, each with a thread of its own, 1 to 64; 0, the default, is one for every two
 *     processors, at most 4. A flow stays on one queue. Datagrams are spread by the sender's address, so more than one helps with several peers
 * @param readers what reads kernel devices and sockets; {@link ReaderThreads#VIRTUAL}
 */
public record DataPathOptions(Set<Offload> disabled, int queues, ReaderThreads readers) {

    /** What reads kernel devices and sockets. */
    public enum ReaderThreads {
        /** Virtual threads, which wait in the kernel for a short bounded time and then park. */
        VIRTUAL,
        /** Platform threads of the node's own. */
        PLATFORM
    }

    /** Everything the system offers but {@link Offload#IO_URING}, on virtual threads. */
    public static final DataPathOptions DEFAULT = new DataPathOptions(Set.of(Offload.IO_URING), 0, ReaderThreads.VIRTUAL);

    private static final int MAX_QUEUES = 64;

    /** Copies the set and checks the range. */
    public DataPathOptions {
        EnumSet<Offload> copy = EnumSet.noneOf(Offload.class);
        copy.addAll(disabled);
        disabled = Collections.unmodifiableSet(copy);
        if (queues < 0 || queues > MAX_QUEUES) {
            throw new IllegalArgumentException("queues=" + queues + " is outside 0.." + MAX_QUEUES + "; 0 chooses by the processors there are");
        }
    }

    /**
     * Without some offloads.
     *
     * @param offloads not to be tried
     * @return a changed copy
     */
    public DataPathOptions without(Offload... offloads) {
        EnumSet<Offload> more = EnumSet.noneOf(Offload.class);
        more.addAll(disabled);
        more.addAll(Set.of(offloads));
        return new DataPathOptions(more, queues, readers);
    }

    /**
     * With offloads that are off, as {@link Offload#IO_URING} is by default. What the kernel refuses is not used nevertheless, which is logged
     * once and shows in {@link org.tinc4j.NodeStatus#capabilities()}.
     *
     * @param offloads to be tried
     * @return a changed copy
     */
    public DataPathOptions with(Offload... offloads) {
        EnumSet<Offload> less = EnumSet.noneOf(Offload.class);
        less.addAll(disabled);
        less.removeAll(Set.of(offloads));
        return new DataPathOptions(less, queues, readers);
    }

    /**
     * With a number of queues.
     *
     * @param count see {@link #queues()}
     * @return a changed copy
     */
    public DataPathOptions withQueues(int count) {
        return new DataPathOptions(disabled, count, readers);
    }

    /**
     * With other reader threads.
     *
     * @param kind see {@link #readers()}
     * @return a changed copy
     */
    public DataPathOptions withReaders(ReaderThreads kind) {
        return new DataPathOptions(disabled, queues, kind);
    }

    /**
     * Whether an offload may be tried.
     *
     * @param offload which
     * @return unless it is disabled; {@link Offload#USO} also unless {@link Offload#TSO} is
     */
    public boolean allows(Offload offload) {
        return !disabled.contains(offload) && (offload != Offload.USO || !disabled.contains(Offload.TSO));
    }

    /**
     * How many queues there are to be.
     *
     * @return {@link #queues()}, or what 0 stands for on this machine
     */
    public int queueCount() {
        return queues > 0 ? queues : Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    }
}
