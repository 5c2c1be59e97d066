package org.tinc4j.linux.udp;

import org.tinc4j.TransportException;
import org.tinc4j.linux.sys.Errno;

/** Turns a failed system call into what an embedder reads: address or role, call, errno, remedy. */
final class SocketFailure {

    private SocketFailure() {}

    /**
     * No socket at an address.
     *
     * @param place {@code UDP 0.0.0.0 port 655}
     */
    static TransportException binding(String call, int errno, String place) {
        return new TransportException("cannot bind " + place + ": " + call + ": " + Errno.describe(errno) + "; " + switch (errno) {
            case Errno.EACCES, Errno.EPERM -> "run with CAP_NET_BIND_SERVICE, or choose a port from 1024 on, or 0 for any free port";
            case Errno.EMFILE, Errno.ENFILE -> "raise the limit of open files (ulimit -n)";
            case Errno.EAFNOSUPPORT -> "this system has the address family switched off; choose an address of the other";
            case Errno.ENOBUFS, Errno.ENOMEM -> "the system is out of memory for sockets";
            default -> "choose another address or port, or 0 for any free port";
        });
    }

    /** A socket that worked does no more. */
    static TransportException receiving(int errno, String role) {
        return new TransportException("recvmsg: " + Errno.describe(errno) + " on " + role + "; start the node again");
    }
}
