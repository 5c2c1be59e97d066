package org.tinc4j.linux.tun;

import static org.tinc4j.linux.sys.Rtnetlink.AF_NETLINK;
import static org.tinc4j.linux.sys.Rtnetlink.NETLINK_ROUTE;
import static org.tinc4j.linux.sys.Rtnetlink.SOCKADDR_NL_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.SOCK_RAW;

import java.nio.ByteBuffer;
import org.tinc4j.DeviceException;
import org.tinc4j.linux.netlink.NetlinkReply;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Poll;
import org.tinc4j.linux.sys.SystemCalls;

/**
 * A netlink socket for a few requests, one after the other.
 *
 * <p><b>Threads.</b> Confined to the one that opened it; made for each use, so that nobody needs a lock. The kernel works off a
 * request within {@code send}, so the reply is there when that returns; the wait below is for a kernel that should ever do otherwise.
 */
final class RouteSocket implements AutoCloseable {

    /** A reply about an interface carries its statistics and settings: some 2 KiB, on Linux 6.18. */
    private static final int REPLY_BYTES = 16 * 1024;

    private static final int REPLY_WAIT_SECONDS = 1;

    private final int fd;
    private final ByteBuffer memory = NativeMemory.allocate(REPLY_BYTES);
    private final long address = NativeMemory.address(memory);

    RouteSocket() throws DeviceException {
        int flags = SOCK_RAW | SystemCalls.O_CLOEXEC | SystemCalls.O_NONBLOCK;
        fd = SystemCalls.socket(AF_NETLINK, flags, NETLINK_ROUTE);
        if (fd < 0) {
            throw SystemCallFailure.failure("socket", -fd, "rtnetlink", "raise the limit of open files (ulimit -n)");
        }
        ByteBuffer self = NativeMemory.allocate(SOCKADDR_NL_SIZE).putShort(0, (short) AF_NETLINK);
        int result = SystemCalls.bind(fd, NativeMemory.address(self), SOCKADDR_NL_SIZE);
        if (result < 0) {
            close();
            throw SystemCallFailure.failure("bind", -result, "rtnetlink", "see netlink(7)");
        }
    }

    /**
     * Carries out one request.
     *
     * @param request one message
     * @return the first message of the reply
     * @throws DeviceException if there was none
     */
    NetlinkReply ask(ByteBuffer request) throws DeviceException {
        memory.clear().put(0, request, 0, request.limit());
        int sent = SystemCalls.send(fd, address, request.limit());
        if (sent < 0) {
            throw SystemCallFailure.failure("send", -sent, "rtnetlink", "see netlink(7)");
        }
        NetlinkReply reply = receive();
        // What was found is followed by an acknowledgement, which would be taken for the reply to the next request.
        return reply instanceof NetlinkReply.Link || reply instanceof NetlinkReply.Route ? andThen(reply) : reply;
    }

    /**
     * Carries out one request that is only acknowledged.
     *
     * @param request one message
     * @return 0 when done, else a positive error number
     * @throws DeviceException if there was no reply that makes sense
     */
    int tell(ByteBuffer request) throws DeviceException {
        NetlinkReply reply = ask(request);
        if (reply instanceof NetlinkReply.Status(int errno)) {
            return errno;
        }
        throw new DeviceException("rtnetlink answered a change with " + reply + "; see netlink(7)");
    }

    private NetlinkReply andThen(NetlinkReply found) throws DeviceException {
        return receive() instanceof NetlinkReply.Status(int errno) && errno != 0 ? new NetlinkReply.Status(errno) : found;
    }

    private NetlinkReply receive() throws DeviceException {
        int count = SystemCalls.recv(fd, address, REPLY_BYTES);
        if (count == -Errno.EAGAIN) {
            awaitReply();
            count = SystemCalls.recv(fd, address, REPLY_BYTES);
        }
        if (count < 0) {
            throw SystemCallFailure.failure("recv", -count, "rtnetlink", "see netlink(7)");
        }
        return NetlinkReply.read(memory.clear().limit(count));
    }

    private void awaitReply() {
        ByteBuffer poll = NativeMemory.allocate(Poll.POLLFD_SIZE + Poll.TIMESPEC_SIZE);
        poll.putInt(Poll.POLLFD_FD, fd).putShort(Poll.POLLFD_EVENTS, Poll.POLLIN);
        poll.putLong(Poll.POLLFD_SIZE + Poll.TIMESPEC_SEC, REPLY_WAIT_SECONDS);
        long start = NativeMemory.address(poll);
        // Whatever it says, the next recv tells.
        SystemCalls.ppoll(start, 1, start + Poll.POLLFD_SIZE);
    }

    @Override
    public void close() {
        SystemCalls.close(fd);
    }
}
