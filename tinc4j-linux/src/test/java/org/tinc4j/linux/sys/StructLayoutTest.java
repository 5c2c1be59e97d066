package org.tinc4j.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StructLayoutTest {

    /** An ioctl number holds direction, size of its argument, type and number: {@code asm-generic/ioctl.h}. */
    @Test
    void ioctlNumbersStateTheirArgument() {
        assertThat(IfTun.TUNSETIFF).isEqualTo(1 << 30 | Integer.BYTES << 16 | 'T' << 8 | 202);
        assertThat(IfTun.TUNGETIFF).isEqualTo(2 << 30 | Integer.BYTES << 16 | 'T' << 8 | 210);
    }

    @Test
    void ifreqIsTheNameAndAUnionOfTwentyFourBytes() {
        assertThat(IfTun.IFREQ_FLAGS).isEqualTo(16);
        assertThat(IfTun.IFREQ_SIZE).isEqualTo(40);
    }

    @Test
    void epollEventIsPackedOnX86Only() {
        assertThat(Epoll.dataOffset("amd64")).isEqualTo(4);
        assertThat(Epoll.dataOffset("aarch64")).isEqualTo(8);
        assertThat(Epoll.EVENT_SIZE).isEqualTo(System.getProperty("os.arch").equals("amd64") ? 12 : 16);
    }

    @Test
    void pollStructsLieBehindEachOtherAligned() {
        assertThat(Poll.POLLFD_SIZE).isEqualTo(8);
        assertThat(Poll.TIMESPEC_SIZE).isEqualTo(2 * Long.BYTES);
    }

    @Test
    void messagesAreMadeOfAlignedFields() {
        assertThat(Sockets.MSGHDR_IOV).isEqualTo(Sockets.MSGHDR_NAMELEN + Long.BYTES);
        assertThat(Sockets.MSGHDR_FLAGS).isEqualTo(6 * Long.BYTES);
        assertThat(Sockets.MMSGHDR_LEN).isEqualTo(Sockets.MSGHDR_FLAGS + Long.BYTES);
        assertThat(Sockets.MMSGHDR_SIZE).isEqualTo(Sockets.MMSGHDR_LEN + Long.BYTES);
        assertThat(Sockets.CMSGHDR_DATA).isEqualTo(Long.BYTES + 2 * Integer.BYTES);
        assertThat(Sockets.CMSG_SPACE % Long.BYTES).isZero();
        assertThat(Sockets.SOCKADDR_IN6_SIZE).isEqualTo(Sockets.SOCKADDR_IN6_ADDR + 16 + Integer.BYTES);
    }

    /** An offset for the application's address ends both kinds of offsets, which end the parameters. */
    @Test
    void structuresOfIoUringAreMadeOfAlignedFields() {
        assertThat(IoUring.PARAMS_CQ_OFF - IoUring.PARAMS_SQ_OFF).isEqualTo(IoUring.OFF_USER_ADDR + Long.BYTES);
        assertThat(IoUring.PARAMS_SIZE - IoUring.PARAMS_CQ_OFF).isEqualTo(IoUring.OFF_USER_ADDR + Long.BYTES);
        assertThat(IoUring.SQE_USER_DATA).isEqualTo(IoUring.SQE_OP_FLAGS + Integer.BYTES);
        assertThat(IoUring.SQE_SIZE).isEqualTo(IoUring.SQE_BUF_GROUP + 24);
        assertThat(IoUring.CQE_SIZE).isEqualTo(IoUring.CQE_FLAGS + Integer.BYTES);
        assertThat(IoUring.BUF_SIZE).isEqualTo(IoUring.BUF_RING_TAIL + Short.BYTES);
        assertThat(IoUring.BUF_REG_SIZE).isEqualTo(2 * Long.BYTES + 3 * Long.BYTES);
        assertThat(IoUring.RECVMSG_OUT_SIZE).isEqualTo(IoUring.RECVMSG_OUT_FLAGS + Integer.BYTES);
    }

    @Test
    void onlyLinuxOnKnownProcessorsIsSupported() {
        assertThat(Platform.supported("Linux", "amd64")).isTrue();
        assertThat(Platform.supported("Linux", "aarch64")).isTrue();
        assertThat(Platform.supported("Linux", "ppc64le")).isFalse();
        assertThat(Platform.supported("Mac OS X", "aarch64")).isFalse();
        assertThat(Platform.supported("Windows 11", "amd64")).isFalse();
    }
}
