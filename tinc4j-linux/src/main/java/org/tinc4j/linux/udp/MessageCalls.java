package org.tinc4j.linux.udp;

import org.tinc4j.linux.sys.SystemCalls;

/**
 * The system calls that move datagrams. A seam: no kernel refuses everything that some kernel refuses, so tests stand between here and
 * theirs. As in {@link SystemCalls}, a result below zero is the negated errno.
 */
interface MessageCalls {

    /** Those of the kernel. */
    MessageCalls KERNEL = new MessageCalls() {
        @Override
        public int sendmsg(int fd, long message) {
            return SystemCalls.sendmsg(fd, message);
        }

        @Override
        public int sendmmsg(int fd, long messages, int count) {
            return SystemCalls.sendmmsg(fd, messages, count);
        }

        @Override
        public int recvmsg(int fd, long message) {
            return SystemCalls.recvmsg(fd, message);
        }

        @Override
        public int recvmmsg(int fd, long messages, int count) {
            return SystemCalls.recvmmsg(fd, messages, count);
        }
    };

    int sendmsg(int fd, long message);

    int sendmmsg(int fd, long messages, int count);

    int recvmsg(int fd, long message);

    int recvmmsg(int fd, long messages, int count);
}
