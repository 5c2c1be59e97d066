package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.Offload;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.udp.Datagrams.Arrived;
import org.tinc4j.linux.uring.RingCalls;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;

/** A kernel that refuses while the socket is in use: nothing is lost that could be sent, and what is refused is not tried again. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class RefusalTest {

    /** Source: {@code asm-generic/socket.h}. A socket without checksums has no segmentation either. */
    private static final int SO_NO_CHECK = 11;

    private final RefusingCalls calls = new RefusingCalls();
    private SocketSetup setup;
    private DatagramTransport left;
    private DatagramTransport right;

    @BeforeEach
    void open() throws Exception {
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        GrantedOffloads offloads = new GrantedOffloads("test", UdpProvider.KINDS, DataPathOptions.DEFAULT);
        setup = SocketSetup.socket(any);
        setup.dontFragment();
        setup.bind(any);
        setup.offloads(offloads);
        left = new UdpTransport(
                new Descriptor(setup.fd(), "left"), setup.family(), setup.localAddress(), UdpTransport.RUN_BYTES, offloads, calls,
                RingCalls.KERNEL);
        right = new UdpProvider().open(any, 1 << 20, 0, DataPathOptions.DEFAULT.withQueues(1)).getFirst();
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    /** A datagram, a run, a datagram, a shorter run: two messages, or 15 datagrams. */
    private PacketBatch batch() {
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 4);
        Datagrams.add(batch, right.localAddress(), Datagrams.bytes(1, 500));
        Datagrams.addRun(batch, right.localAddress(), Datagrams.bytes(2, 9500), 1000);
        Datagrams.add(batch, right.localAddress(), Datagrams.bytes(3, 700));
        Datagrams.addRun(batch, right.localAddress(), Datagrams.bytes(4, 2100), 700);
        return batch;
    }

    private void assertAllArrived() throws Exception {
        ByteBuffer all = ByteBuffer.allocate(500 + 9500 + 700 + 2100);
        for (Arrived arrived : Datagrams.receive(right, Datagrams.batch(Memory.DIRECT, 8), 15)) {
            all.put(arrived.bytes());
        }
        ByteBuffer expected = ByteBuffer.allocate(all.capacity());
        expected.put(Datagrams.bytes(1, 500)).put(Datagrams.bytes(2, 9500)).put(Datagrams.bytes(3, 700)).put(Datagrams.bytes(4, 2100));
        assertThat(all.array()).isEqualTo(expected.array());
    }

    /** From now on the kernel refuses runs of a socket. */
    static void switchChecksumsOff(int fd) {
        ByteBuffer one = NativeMemory.allocate(Integer.BYTES).putInt(0, 1);
        assertThat(SystemCalls.setsockopt(fd, Sockets.SOL_SOCKET, SO_NO_CHECK, NativeMemory.address(one))).isZero();
    }

    @Test
    void aKernelThatReallyRefusesRunsGetsDatagrams() throws Exception {
        switchChecksumsOff(setup.fd());
        assertThat(Datagrams.send(left, batch())).containsOnly(SendResult.SENT);
        assertAllArrived();
        assertThat(left.capabilities().inactive()).containsEntry(Offload.UDP_SEGMENT, "sendmsg with UDP_SEGMENT: EINVAL (22)");
        assertThat(left.sendBytes()).isEqualTo(65507);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOPROTOOPT})
    void refusedRunsGoDatagramByDatagramAndAreNotTriedAgain(int errno) throws Exception {
        calls.runErrno = errno;
        assertThat(Datagrams.send(left, batch())).containsOnly(SendResult.SENT);
        assertAllArrived();
        assertThat(left.capabilities().inactive())
                .containsEntry(Offload.UDP_SEGMENT, "sendmsg with UDP_SEGMENT: " + Errno.describe(errno));
        calls.sends = 0;
        assertThat(Datagrams.send(left, batch())).containsOnly(SendResult.SENT);
        assertAllArrived();
        assertThat(calls.sends).isEqualTo(1);
    }

    @Test
    void aRunRefusedForAReasonThatDatagramsMeetTooSaysNothingAboutRuns() throws Exception {
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 1);
        Datagrams.addRun(batch, new InetSocketAddress("127.0.0.1", 0), new byte[3000], 1000);
        assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.FAILED);
        assertThat(left.capabilities().has(Offload.UDP_SEGMENT)).isTrue();
    }

    @Test
    void ofBuffersThatWereTooLongTogetherEachIsTried() throws Exception {
        calls.runErrno = Errno.EMSGSIZE;
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 3);
        Datagrams.add(batch, right.localAddress(), new byte[1000]);
        Datagrams.add(batch, right.localAddress(), new byte[300]);
        assertThat(Datagrams.send(left, batch)).containsOnly(SendResult.SENT);
        batch.clear();
        Datagrams.addRun(batch, right.localAddress(), new byte[3000], 1000);
        assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.TOO_LONG);
        assertThat(left.capabilities().has(Offload.UDP_SEGMENT)).isTrue();
    }

    /** A kernel that does not have the call, and a container's filter. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM})
    void aKernelWithoutCallsForManyIsAskedForEach(int errno) throws Exception {
        calls.manyErrno = errno;
        assertThat(Datagrams.send(left, batch())).containsOnly(SendResult.SENT);
        assertAllArrived();
        assertThat(left.capabilities().inactive()).containsEntry(Offload.UDP_BATCH, "sendmmsg: " + Errno.describe(errno));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM})
    void aReceiverWithoutCallsForManyTakesOneByOne(int errno) throws Exception {
        calls.manyErrno = errno;
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 4);
        Datagrams.add(batch, left.localAddress(), new byte[1]);
        Datagrams.add(batch, left.localAddress(), new byte[2]);
        Datagrams.send(right, batch);
        assertThat(Datagrams.receive(left, batch, 2)).hasSize(2);
        assertThat(left.capabilities().inactive()).containsEntry(Offload.UDP_BATCH, "recvmmsg: " + Errno.describe(errno));
    }

    @Test
    void whatWasNotTakenAtOnceFollows() throws Exception {
        calls.runErrno = Errno.EIO;
        calls.atOnce = 4;
        assertThat(Datagrams.send(left, batch())).containsOnly(SendResult.SENT);
        assertAllArrived();
    }

    @Test
    void anInterruptedSendAndAnErrorOfAnEarlierDatagramAreTriedAgain() throws Exception {
        calls.sendErrors.addAll(List.of(Errno.EINTR, Errno.ECONNREFUSED, Errno.EINTR));
        assertThat(Datagrams.send(left, batch())).containsOnly(SendResult.SENT);
        assertAllArrived();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.ENOBUFS, Errno.EPERM})
    void aMessageThereIsNoRoomForIsLostAndTheRestIsSent(int errno) throws Exception {
        calls.sendErrors.addAll(List.of(0, errno));
        calls.atOnce = 1;
        assertThat(Datagrams.send(left, batch()))
                .containsExactly(SendResult.SENT, SendResult.FAILED, SendResult.SENT, SendResult.SENT);
        assertThat(left.capabilities().inactive()).containsOnlyKeys(Offload.IO_URING);
    }

    @Test
    void errorsOfEarlierDatagramsDoNotEndAReceive() throws Exception {
        calls.receiveErrors.addAll(List.of(Errno.ECONNREFUSED, Errno.EINTR, Errno.EHOSTUNREACH));
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 2);
        Datagrams.add(batch, left.localAddress(), new byte[1]);
        Datagrams.send(right, batch);
        assertThat(Datagrams.receive(left, batch, 1)).hasSize(1);
        assertThat(calls.receives).isEqualTo(4);
    }

    @Test
    void aSocketThatFailsSaysWhy() {
        calls.receiveErrors.add(Errno.EBADF);
        assertThatThrownBy(() -> left.receive(Datagrams.batch(Memory.DIRECT, 1)))
                .isInstanceOf(TransportException.class)
                .hasMessage("recvmsg: EBADF (9) on UDP socket 127.0.0.1 port " + left.localAddress().getPort() + "; start the node again");
    }
}
