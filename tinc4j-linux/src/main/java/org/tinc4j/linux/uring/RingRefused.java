package org.tinc4j.linux.uring;

import org.tinc4j.Offload;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.sys.Errno;

/** There is no ring, or no more: system calls do the same. */
public final class RingRefused extends Exception {

    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;

    /**
     * A refusal.
     *
     * @param call what refused, as in {@code io_uring_setup}
     * @param errno why
     */
    public RingRefused(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * Gives up {@link Offload#IO_URING}, and says why.
     *
     * @param offloads of the interface or address it is refused for
     */
    public void tell(GrantedOffloads offloads) {
        offloads.refuse(Offload.IO_URING, call, errno, "system calls are used; " + switch (errno) {
            case Errno.ENOSYS, Errno.EPERM, Errno.EACCES -> "allow io_uring_setup, io_uring_enter and io_uring_register in the seccomp filter of"
                    + " the container, and set the sysctl kernel.io_uring_disabled to 0";
            case Errno.EINVAL -> "io_uring needs Linux 6.5 here";
            case Errno.ENOMEM -> "raise the limit of locked memory (ulimit -l)";
            case Errno.EMFILE, Errno.ENFILE -> "raise the limit of open files (ulimit -n)";
            default -> "leave Offload.IO_URING off if this goes on";
        });
    }
}
