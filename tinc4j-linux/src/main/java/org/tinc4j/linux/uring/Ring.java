package org.tinc4j.linux.uring;

import static org.tinc4j.linux.sys.IoUring.CQE_FLAGS;
import static org.tinc4j.linux.sys.IoUring.CQE_RES;
import static org.tinc4j.linux.sys.IoUring.CQE_SIZE;
import static org.tinc4j.linux.sys.IoUring.CQE_USER_DATA;
import static org.tinc4j.linux.sys.IoUring.OFF_ARRAY;
import static org.tinc4j.linux.sys.IoUring.OFF_CQES;
import static org.tinc4j.linux.sys.IoUring.OFF_HEAD;
import static org.tinc4j.linux.sys.IoUring.OFF_MASK;
import static org.tinc4j.linux.sys.IoUring.OFF_TAIL;
import static org.tinc4j.linux.sys.IoUring.OFF_USER_ADDR;
import static org.tinc4j.linux.sys.IoUring.PARAMS_CQ_OFF;
import static org.tinc4j.linux.sys.IoUring.PARAMS_FLAGS;
import static org.tinc4j.linux.sys.IoUring.PARAMS_SIZE;
import static org.tinc4j.linux.sys.IoUring.PARAMS_SQ_OFF;
import static org.tinc4j.linux.sys.IoUring.REGISTER_FILES;
import static org.tinc4j.linux.sys.IoUring.SETUP_NO_MMAP;
import static org.tinc4j.linux.sys.IoUring.SETUP_SUBMIT_ALL;
import static org.tinc4j.linux.sys.IoUring.SQE_FD;
import static org.tinc4j.linux.sys.IoUring.SQE_FLAGS;
import static org.tinc4j.linux.sys.IoUring.SQE_FIXED_FILE;
import static org.tinc4j.linux.sys.IoUring.SQE_OPCODE;
import static org.tinc4j.linux.sys.IoUring.SQE_SIZE;
import static org.tinc4j.linux.sys.IoUring.SQE_USER_DATA;
import static org.tinc4j.linux.sys.IoUring.UNREGISTER_FILES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Poll;
import org.tinc4j.linux.sys.SystemCalls;

/**
 * An io_uring with one registered file: operations are written into a table and submitted by one system call, what became of them is read from
 * a queue without any.
 *
 * <pre>
 * page 0   heads and tails | 128 completions of 16 bytes | 64 indexes of submissions        page 1   64 submissions of 64 bytes
 * </pre>
 *
 * <p>Both pages are direct buffers of ours ({@code IORING_SETUP_NO_MMAP}, Linux 6.5), each within one page since before 6.14 no more is taken. The
 * kernel pins them.
 *
 * <p><b>Threads.</b> One at a time, any: nothing in the set-up ties the ring to the thread that made it, as virtual threads move. An operation that
 * is not over belongs to the kernel's thread that submitted it, which is interrupted to carry it on; once that one has ended, the operation is
 * cancelled at the next event instead (seen on 6.18).
 *
 * <p><b>Ownership.</b> Whatever an operation points at has to be there until its last completion was taken.
 *
 * <p><b>Source.</b> io_uring(7): "the application must use acquire semantics" to read the completion queue's tail, and release to write the tail of
 * submissions and the head of completions.
 */
public final class Ring {

    /** Submissions there is room for. The kernel makes the completion queue twice as long. */
    public static final int ENTRIES = 64;

    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /** What the kernel might still write to; never more than what failed to end in time. */
    private static final Queue<Object> ABANDONED = new ConcurrentLinkedQueue<>();

    private final RingCalls calls;
    private final int fd;
    private final ByteBuffer queues;
    private final ByteBuffer submissions;
    private final ByteBuffer poll = NativeMemory.allocate(Poll.POLLFD_SIZE + Poll.TIMESPEC_SIZE);

    private final int submissionTailAt;
    private final int completionHeadAt;
    private final int completionTailAt;
    private final int completionMask;
    private final int completionsAt;

    private int submissionTail;
    private int prepared;
    private int completionHead;
    private int completionTail;

    private long userData;
    private int result;
    private int flags;

    private Ring(RingCalls calls, int fd, ByteBuffer pages, ByteBuffer params) {
        this.calls = calls;
        this.fd = fd;
        int pageBytes = NativeMemory.pageBytes();
        queues = pages.slice(0, pageBytes).order(ByteOrder.nativeOrder());
        submissions = pages.slice(pageBytes, pageBytes).order(ByteOrder.nativeOrder());
        submissionTailAt = params.getInt(PARAMS_SQ_OFF + OFF_TAIL);
        completionHeadAt = params.getInt(PARAMS_CQ_OFF + OFF_HEAD);
        completionTailAt = params.getInt(PARAMS_CQ_OFF + OFF_TAIL);
        completionsAt = params.getInt(PARAMS_CQ_OFF + OFF_CQES);
        completionMask = queues.getInt(params.getInt(PARAMS_CQ_OFF + OFF_MASK));
        int indexesAt = params.getInt(PARAMS_SQ_OFF + OFF_ARRAY);
        for (int i = 0; i < ENTRIES; i++) {
            queues.putInt(indexesAt + i * Integer.BYTES, i);
        }
        poll.putInt(Poll.POLLFD_FD, fd).putShort(Poll.POLLFD_EVENTS, Poll.POLLIN);
    }

    /**
     * Makes a ring.
     *
     * @param calls the kernel's
     * @param file the descriptor to register as file 0; the ring has the file open too, until it is closed
     * @return to be closed
     * @throws RingRefused if the kernel does not make one
     */
    public static Ring open(RingCalls calls, int file) throws RingRefused {
        ByteBuffer pages = NativeMemory.allocatePages(2);
        ByteBuffer params = NativeMemory.allocate(PARAMS_SIZE).putInt(PARAMS_FLAGS, SETUP_NO_MMAP | SETUP_SUBMIT_ALL);
        params.putLong(PARAMS_CQ_OFF + OFF_USER_ADDR, NativeMemory.address(pages));
        params.putLong(PARAMS_SQ_OFF + OFF_USER_ADDR, NativeMemory.address(pages) + NativeMemory.pageBytes());
        int fd = calls.setup(ENTRIES, NativeMemory.address(params));
        if (fd < 0) {
            throw new RingRefused("io_uring_setup", -fd);
        }
        Ring ring = new Ring(calls, fd, pages, params);
        try {
            ByteBuffer files = NativeMemory.allocate(Integer.BYTES).putInt(0, file);
            ring.register("IORING_REGISTER_FILES", REGISTER_FILES, files, 1);
        } catch (RingRefused e) {
            SystemCalls.close(fd);
            throw e;
        }
        return ring;
    }

    void register(String name, int operation, ByteBuffer argument, int count) throws RingRefused {
        int answer = calls.register(fd, operation, NativeMemory.address(argument), count);
        Reference.reachabilityFence(argument);
        if (answer < 0) {
            throw new RingRefused("io_uring_register " + name, -answer);
        }
    }

    /**
     * Its descriptor, which is readable when there is a completion.
     *
     * @return open until {@link #close} or {@link #abandon}
     */
    public int fd() {
        return fd;
    }

    /**
     * Adds an operation on the registered file. There must be room: at most {@link #ENTRIES} before {@link #submit}.
     *
     * @param operation {@code OP_} constant of {@link org.tinc4j.linux.sys.IoUring}
     * @param operationFlags {@code SQE_} flags beside that for the file
     * @param data what its completions are known by
     * @return where it lies in {@link #submissions()}, for its other fields, which are 0
     */
    public int add(int operation, int operationFlags, long data) {
        int at = (submissionTail + prepared++ & ENTRIES - 1) * SQE_SIZE;
        for (int i = 0; i < SQE_SIZE; i += Long.BYTES) {
            submissions.putLong(at + i, 0);
        }
        submissions.put(at + SQE_OPCODE, (byte) operation).put(at + SQE_FLAGS, (byte) (SQE_FIXED_FILE | operationFlags));
        submissions.putInt(at + SQE_FD, 0).putLong(at + SQE_USER_DATA, data);
        return at;
    }

    /**
     * The table that {@link #add} writes to.
     *
     * @return lent for ever
     */
    public ByteBuffer submissions() {
        return submissions;
    }

    /** Forgets what was added and not submitted. */
    public void forget() {
        prepared = 0;
    }

    /**
     * Submits what was added. What is not taken is forgotten.
     *
     * @return how many operations were taken, or the negated errno
     */
    public int submit() {
        INTS.setRelease(queues, submissionTailAt, submissionTail + prepared);
        int taken = calls.enter(fd, prepared);
        prepared = 0;
        submissionTail += Math.max(taken, 0);
        // The kernel looks at the tail during the call only.
        INTS.setRelease(queues, submissionTailAt, submissionTail);
        return taken;
    }

    /**
     * Whether there is no completion.
     *
     * @return as of now
     */
    public boolean isEmpty() {
        if (completionHead == completionTail) {
            completionTail = (int) INTS.getAcquire(queues, completionTailAt);
        }
        return completionHead == completionTail;
    }

    /**
     * Takes the next completion.
     *
     * @return false if there is none
     */
    public boolean next() {
        if (isEmpty()) {
            return false;
        }
        int at = completionsAt + (completionHead & completionMask) * CQE_SIZE;
        userData = queues.getLong(at + CQE_USER_DATA);
        result = queues.getInt(at + CQE_RES);
        flags = queues.getInt(at + CQE_FLAGS);
        INTS.setRelease(queues, completionHeadAt, ++completionHead);
        return true;
    }

    /**
     * Which operation the completion is of.
     *
     * @return what {@link #add} was given
     */
    public long userData() {
        return userData;
    }

    /**
     * What the system call of the operation would return.
     *
     * @return or the negated errno
     */
    public int result() {
        return result;
    }

    /**
     * Of the completion.
     *
     * @return {@code CQE_F_} flags
     */
    public int flags() {
        return flags;
    }

    /**
     * Waits in the kernel for a completion.
     *
     * @param nanos at most so long, below one second
     */
    public void awaitWithin(int nanos) {
        poll.putLong(Poll.POLLFD_SIZE + Poll.TIMESPEC_SEC, 0).putLong(Poll.POLLFD_SIZE + Poll.TIMESPEC_NSEC, nanos);
        long address = NativeMemory.address(poll);
        SystemCalls.ppoll(address, 1, address + Poll.POLLFD_SIZE);
    }

    /** Frees the ring, in which no operation is left. The registered file is given back before, as a ring's end is not waited for by close(2). */
    public void close() {
        // An error would mean that the file is not registered, which is what is wanted.
        calls.register(fd, UNREGISTER_FILES, 0, 0);
        SystemCalls.close(fd);
    }

    /**
     * Frees the ring while an operation that did not end may be left in it. Its memory is kept for the rest of the process: the kernel may write to
     * it.
     *
     * @param memory what the operation points at
     */
    public void abandon(Object memory) {
        ABANDONED.add(this);
        ABANDONED.add(memory);
        SystemCalls.close(fd);
    }
}
