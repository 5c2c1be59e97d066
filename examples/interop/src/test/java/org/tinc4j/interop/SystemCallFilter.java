package org.tinc4j.interop;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToIntFunction;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.intptr_t;
import org.tinc4j.linux.sys.NativeMemory;

/**
 * Lets the kernel refuse one system call to this process, to all its threads and until it ends, with an error of one's choice. Every filter
 * holds beside those before it. For Linux on x86-64 and aarch64.
 *
 * <p><b>Source.</b> seccomp(2), prctl(2); {@code linux/filter.h}, {@code linux/seccomp.h}, {@code linux/audit.h}.
 */
final class SystemCallFilter {

    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    private static final int SECCOMP_RET_ERRNO = 0x0005_0000;
    private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;

    // Offsets in struct seccomp_data. Of an argument of 64 bits only the lower half is looked at, which comes first.
    private static final int DATA_NR = 0;
    private static final int DATA_ARCH = 4;
    private static final int DATA_ARGS = 16;

    /** {@code BPF_LD | BPF_W | BPF_ABS}: takes four bytes at an offset. */
    private static final int LOAD = 0x20;
    /** {@code BPF_JMP | BPF_JEQ | BPF_K}: goes on where what was taken is equal. */
    private static final int IF_EQUAL = 0x15;
    /** {@code BPF_JMP | BPF_JSET | BPF_K}: goes on where what was taken has one of these bits. */
    private static final int IF_ANY_BIT = 0x45;
    /** {@code BPF_RET | BPF_K}. */
    private static final int RETURN = 0x06;

    private static final int INSTRUCTION_BYTES = 8;

    private SystemCallFilter() {}

    /** A call by its numbers, which differ. */
    enum Call {
        SETSOCKOPT(54, 208),
        IOCTL(16, 29),
        SENDMMSG(307, 269),
        RECVMMSG(299, 243),
        IO_URING_SETUP(425, 425);

        private final int amd64;
        private final int aarch64;

        Call(int amd64, int aarch64) {
            this.amd64 = amd64;
            this.aarch64 = aarch64;
        }
    }

    /** What an architecture is called in a filter, its number of seccomp(2), and how other calls are numbered. */
    private enum Architecture {
        AMD64(0xC000_003E, 317, call -> call.amd64),
        AARCH64(0xC000_00B7, 277, call -> call.aarch64);

        private final int audit;
        private final int seccomp;
        private final ToIntFunction<Call> numbers;

        Architecture(int audit, int seccomp, ToIntFunction<Call> numbers) {
            this.audit = audit;
            this.seccomp = seccomp;
            this.numbers = numbers;
        }

        static Architecture ofThisMachine() {
            return valueOf(System.getProperty("os.arch").toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What an argument must be for a call to be refused.
     *
     * @param argument which, from 0 on
     * @param test {@link #IF_EQUAL} or {@link #IF_ANY_BIT}
     * @param value to compare with
     */
    record Condition(int argument, int test, int value) {

        static Condition equal(int argument, int value) {
            return new Condition(argument, IF_EQUAL, value);
        }

        static Condition anyBit(int argument, int bits) {
            return new Condition(argument, IF_ANY_BIT, bits);
        }
    }

    /** From now on a call that meets all conditions fails. */
    static void refuse(Call call, int errno, Condition... conditions) {
        Architecture architecture = Architecture.ofThisMachine();
        ByteBuffer program = program(architecture, architecture.numbers.applyAsInt(call), errno, conditions);
        ByteBuffer description = NativeMemory.allocate(16); // struct sock_fprog: how many instructions, and where
        description.putShort(0, (short) (program.capacity() / INSTRUCTION_BYTES)).putLong(8, NativeMemory.address(program));
        check("prctl", CLib.LIBRARY.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        check("seccomp", CLib.LIBRARY.syscall(
                architecture.seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, NativeMemory.address(description)));
        Reference.reachabilityFence(program);
    }

    private static ByteBuffer program(Architecture architecture, int number, int errno, Condition[] conditions) {
        int demands = 2 + conditions.length;
        ByteBuffer program = NativeMemory.allocate((2 * demands + 2) * INSTRUCTION_BYTES);
        demand(program, DATA_ARCH, IF_EQUAL, architecture.audit);
        demand(program, DATA_NR, IF_EQUAL, number);
        Arrays.stream(conditions).forEach(condition ->
                demand(program, DATA_ARGS + Long.BYTES * condition.argument(), condition.test(), condition.value()));
        instruction(program, RETURN, 0, SECCOMP_RET_ERRNO | errno);
        instruction(program, RETURN, 0, SECCOMP_RET_ALLOW);
        return program;
    }

    /** Goes on if the test holds, else to the last instruction. */
    private static void demand(ByteBuffer program, int offset, int test, int value) {
        instruction(program, LOAD, 0, offset);
        instruction(program, test, program.remaining() / INSTRUCTION_BYTES - 2, value);
    }

    /** {@code struct sock_filter}: what to do, how far to jump if a test holds and if not, a constant. */
    private static void instruction(ByteBuffer program, int code, int jumpIfNot, int constant) {
        program.putShort((short) code).put((byte) 0).put((byte) jumpIfNot).putInt(constant);
    }

    private static void check(String call, long result) {
        if (result != 0) {
            throw new IllegalStateException(call + ": " + (result < 0 ? "errno " + CLib.ERRNO.getLastError() : "thread " + result));
        }
    }

    /** At most five arguments: jnr-ffi 2.3.0 loses the sixth. */
    public interface CLib {

        CLib LIBRARY = LibraryLoader.create(CLib.class).load("c");
        Runtime ERRNO = Runtime.getRuntime(LIBRARY);

        int prctl(int option, @intptr_t long one, @intptr_t long two, @intptr_t long three, @intptr_t long four);

        @intptr_t
        long syscall(@intptr_t long number, @intptr_t long one, @intptr_t long two, @intptr_t long three);
    }
}
