package org.tinc4j.linux.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.tinc4j.Capabilities;
import org.tinc4j.Offload;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.reactor.PolledDescriptor;
import org.tinc4j.linux.uring.BatchRing;
import org.tinc4j.linux.uring.RingCalls;
import org.tinc4j.linux.uring.RingRefused;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;
import org.tinc4j.spi.Pollable;

/**
 * A UDP socket of the kernel: runs of datagrams leave and arrive in one system call each, or through io_uring.
 *
 * <p>Sending and receiving run in parallel; one descriptor keeps the order of each sender.
 */
final class UdpTransport implements DatagramTransport {

    /** The largest UDP payload there is room for in a {@code sk_buff}. */
    static final int RUN_BYTES = 65_535;

    /** A way to receive, and what is readable when there is something. */
    private record Source(Descriptor descriptor, Reception reception) {}

    private final InetSocketAddress local;
    private final Descriptor descriptor;
    private final GrantedOffloads offloads;
    private final MessageCalls calls;
    private final BatchRing sends;
    private final Sender sender;
    private final PolledDescriptor datagrams;
    private final int receiveBytes;

    /** Through a ring, where there is one. */
    private final Source opened;

    /** The same, until the ring fails. Confined to whoever receives. */
    private Source source;

    /**
     * Takes a descriptor.
     *
     * @param receiveBytes {@link #RUN_BYTES} if runs may arrive, else {@link DatagramTransport#SINGLE_BYTES}
     * @throws IOException if a ring cannot be waited for; the descriptor is closed
     */
    UdpTransport(
            Descriptor descriptor, int family, InetSocketAddress local, int receiveBytes, GrantedOffloads offloads, MessageCalls calls,
            RingCalls rings) throws IOException {
        this.local = local;
        this.descriptor = descriptor;
        this.receiveBytes = receiveBytes;
        this.offloads = offloads;
        this.calls = calls;
        try {
            this.opened = offloads.uses(Offload.IO_URING) ? throughRing(rings) : bySystemCalls();
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
        this.source = opened;
        this.datagrams = new PolledDescriptor(opened.descriptor(), this::take);
        this.sends = new BatchRing(rings, descriptor, offloads);
        this.sender = new Sender(new RingSends(calls, sends), offloads, family);
    }

    private Source bySystemCalls() {
        return new Source(descriptor, new Receiver(calls, offloads, role(local), receiveBytes));
    }

    private Source throughRing(RingCalls rings) throws IOException {
        int fd = descriptor.use();
        try {
            RingReceiver receiver = RingReceiver.open(rings, fd, role(local), receiveBytes);
            return new Source(new Descriptor(receiver.fd(), role(local), receiver::end), receiver);
        } catch (RingRefused e) {
            e.tell(offloads);
            return bySystemCalls();
        } finally {
            descriptor.leave();
        }
    }

    /** What the socket at an address is called in messages. */
    static String role(InetSocketAddress local) {
        return "UDP socket " + local.getAddress().getHostAddress() + " port " + local.getPort();
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public int receiveBytes() {
        return receiveBytes;
    }

    /** Runs are always taken: where the kernel does not cut them, they are cut here. */
    @Override
    public int sendBytes() {
        return MAX_RUN_BYTES;
    }

    @Override
    public BufferPool.Memory memory() {
        return BufferPool.Memory.DIRECT;
    }

    @Override
    public Capabilities capabilities() {
        return offloads.capabilities();
    }

    @Override
    public int receive(PacketBatch batch) throws IOException {
        return datagrams.read(batch);
    }

    @Override
    public Optional<Pollable> pollable() {
        return Optional.of(datagrams);
    }

    /** A run that does not fit is lost as a whole, so a mistake here would look like a bad network. */
    private void checkRoom(PacketBatch batch) {
        int neededBytes = PacketDevice.HEADROOM_BYTES + receiveBytes + PacketDevice.TAILROOM_BYTES;
        if (batch.get(0).capacity() < neededBytes) {
            throw new IllegalArgumentException("a block of " + batch.get(0).capacity() + " bytes is too small for what " + role(local)
                    + " receives, up to " + receiveBytes + " bytes; make blocks of at least " + neededBytes + " bytes");
        }
    }

    private int take(PacketBatch batch) throws IOException {
        checkRoom(batch);
        Descriptor used = source.descriptor();
        int fd = used.use();
        try {
            return source.reception().receive(fd, batch);
        } catch (RingRefused e) {
            e.tell(offloads);
            source = bySystemCalls();
        } finally {
            used.leave();
        }
        datagrams.watch(descriptor);
        return 0;
    }

    @Override
    public void send(PacketBatch batch, SendResult[] results) throws IOException {
        int fd = descriptor.use();
        try {
            sender.send(fd, batch, results);
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public void close() {
        opened.descriptor().close();
        descriptor.close();
        sends.close();
    }
}
