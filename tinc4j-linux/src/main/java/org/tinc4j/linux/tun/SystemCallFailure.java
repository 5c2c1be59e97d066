package org.tinc4j.linux.tun;

import org.tinc4j.DeviceException;
import org.tinc4j.linux.sys.Errno;

/** Turns a failed system call into what an embedder reads: call, errno, role, remedy. */
final class SystemCallFailure {

    private static final String OR_WITHOUT = ", or use Device.inProcess()";

    private SystemCallFailure() {}

    /** /dev/net/tun could not be opened. */
    static DeviceException opening(int errno, String path) {
        return failure("open", errno, path, switch (errno) {
            case Errno.EACCES, Errno.EPERM ->
                "run with CAP_NET_ADMIN (in a container: --cap-add NET_ADMIN --device " + path + ")" + OR_WITHOUT;
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
                "load the tun module (modprobe tun), or hand the device to the container (--device " + path + ")" + OR_WITHOUT;
            case Errno.EMFILE, Errno.ENFILE -> "raise the limit of open files (ulimit -n)";
            default -> "use Device.inProcess() if this host has no TUN";
        });
    }

    /** The interface could not be made or attached to. */
    static DeviceException attaching(int errno, String name) {
        return failure("ioctl TUNSETIFF", errno, "interface " + name, switch (errno) {
            case Errno.EBUSY -> "it is in use by another process; choose another name with Device.kernel().name(..),"
                    + " or leave the name out";
            case Errno.EPERM, Errno.EACCES ->
                "run with CAP_NET_ADMIN, or as the user a persistent TUN was made for" + OR_WITHOUT;
            case Errno.EINVAL -> "it is another kind of interface, or no interface name; choose another one";
            default -> "see ip-tuntap(8)";
        });
    }

    /** An address, the MTU or the state of the interface could not be set. */
    static DeviceException configuring(int errno, String role) {
        return failure("rtnetlink", errno, role, switch (errno) {
            case Errno.EPERM, Errno.EACCES -> "run with CAP_NET_ADMIN, or leave the interface to a script:"
                    + " Device.kernel().unconfigured()";
            case Errno.EEXIST -> "it is there already; remove it first";
            case Errno.EINVAL -> "the kernel does not accept this value; IPv6 needs an MTU of at least 1280 bytes";
            case Errno.EOPNOTSUPP, Errno.EAFNOSUPPORT -> "the kernel has this address family switched off; leave the"
                    + " address out";
            case Errno.ENODEV -> "the interface was deleted by somebody else";
            case Errno.ENETDOWN -> "the interface was set down by somebody else";
            default -> "see rtnetlink(7)";
        });
    }

    /** A descriptor that worked does no more. */
    static DeviceException using(String call, int errno, String role) {
        return failure(call, errno, role, switch (errno) {
            case Errno.EBADFD, Errno.ENODEV, Errno.EIO -> "the interface was deleted by somebody else; start the node again";
            default -> "start the node again";
        });
    }

    /** A call without anything particular to it. */
    static DeviceException failure(String call, int errno, String role, String remedy) {
        return new DeviceException(call + ": " + Errno.describe(errno) + " on " + role + "; " + remedy);
    }
}
