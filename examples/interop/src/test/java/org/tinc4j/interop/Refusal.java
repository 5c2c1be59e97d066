package org.tinc4j.interop;

import static org.tinc4j.interop.SystemCallFilter.Condition.anyBit;
import static org.tinc4j.interop.SystemCallFilter.Condition.equal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tinc4j.Offload;
import org.tinc4j.interop.SystemCallFilter.Call;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.IfTun;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.sys.SystemCalls;

/** What a kernel may refuse to a node, and what the node has to say of it. */
enum Refusal {

    /** As before Linux 4.18. */
    UDP_SEGMENT(
            () -> SystemCallFilter.refuse(
                    Call.SETSOCKOPT, Errno.ENOPROTOOPT, equal(1, Sockets.SOL_UDP), equal(2, Sockets.UDP_SEGMENT)),
            new Notice(Offload.UDP_SEGMENT, "setsockopt UDP_SEGMENT: ENOPROTOOPT (92)", "Linux has it from 4.18 on")),

    /** As before Linux 5.0. */
    UDP_GRO(
            () -> SystemCallFilter.refuse(
                    Call.SETSOCKOPT, Errno.ENOPROTOOPT, equal(1, Sockets.SOL_UDP), equal(2, Sockets.UDP_GRO)),
            new Notice(Offload.UDP_GRO, "setsockopt UDP_GRO: ENOPROTOOPT (92)", "Linux has it from 5.0 on")),

    /** As before Linux 6.2. */
    USO(
            () -> SystemCallFilter.refuse(
                    Call.IOCTL, Errno.EINVAL, equal(1, IfTun.TUNSETOFFLOAD), anyBit(2, IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6)),
            new Notice(
                    Offload.USO,
                    "ioctl TUNSETOFFLOAD with TUN_F_USO4: EINVAL (22)",
                    "it needs Linux 6.2; datagrams are read one by one")),

    /** Any offload of the interface. */
    TSO(
            () -> SystemCallFilter.refuse(Call.IOCTL, Errno.EINVAL, equal(1, IfTun.TUNSETOFFLOAD)),
            USO.notices.getFirst(),
            new Notice(Offload.TSO, "ioctl TUNSETOFFLOAD with TUN_F_TSO4: EINVAL (22)", "segments are read one by one")),

    /** As a sandbox that does not know the call. */
    SENDMMSG(
            () -> SystemCallFilter.refuse(Call.SENDMMSG, Errno.ENOSYS),
            new Notice(Offload.UDP_BATCH, "sendmmsg: ENOSYS (38)", "allow it in the seccomp filter of the container")),

    /** As a container that does not allow the call. */
    RECVMMSG(
            () -> SystemCallFilter.refuse(Call.RECVMMSG, Errno.EPERM),
            new Notice(Offload.UDP_BATCH, "recvmmsg: EPERM (1)", "allow it in the seccomp filter of the container")),

    /** As Docker's default filter. */
    IO_URING(
            () -> SystemCallFilter.refuse(Call.IO_URING_SETUP, Errno.EPERM),
            new Notice(
                    Offload.IO_URING,
                    "io_uring_setup: EPERM (1)",
                    "system calls are used; allow io_uring_setup, io_uring_enter and io_uring_register in the seccomp filter of the container,"
                            + " and set the sysctl kernel.io_uring_disabled to 0")),

    /** Runs of datagrams as they are sent, over IPv4. Of sockets there are already: one without checksums has no segmentation. */
    RUNS(Refusal::switchChecksumsOff, Notice.ofRuns("EINVAL (22)"));

    /** Source: {@code asm-generic/socket.h}. */
    private static final int SO_NO_CHECK = 11;

    private final Runnable imposition;
    private final List<Notice> notices;

    /**
     * What the log says of it, once.
     *
     * @param offload what is off
     * @param reason which call, and its error; also what the status gives as the reason
     * @param remedy the end of the line
     */
    record Notice(Offload offload, String reason, String remedy) {

        /** Runs of datagrams were refused as they were sent. */
        static Notice ofRuns(String errno) {
            return new Notice(
                    Offload.UDP_SEGMENT,
                    "sendmsg with UDP_SEGMENT: " + errno,
                    "datagrams leave one by one; see whether the device on the way has checksum offload (ethtool -K DEV tx on)"
                            + " and no IPsec policy applies");
        }
    }

    Refusal(Runnable imposition, Notice... notices) {
        this.imposition = imposition;
        this.notices = List.of(notices);
    }

    List<Notice> notices() {
        return notices;
    }

    /** From now on this process is refused it. */
    void impose() {
        imposition.run();
    }

    private static void switchChecksumsOff() {
        ByteBuffer on = NativeMemory.allocate(Integer.BYTES).putInt(0, 1);
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            descriptors.map(path -> Integer.parseInt(path.getFileName().toString())).forEach(
                    // Fails for what is no socket.
                    fd -> SystemCalls.setsockopt(fd, Sockets.SOL_SOCKET, SO_NO_CHECK, NativeMemory.address(on)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
