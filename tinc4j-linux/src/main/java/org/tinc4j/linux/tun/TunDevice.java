package org.tinc4j.linux.tun;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.Capabilities;
import org.tinc4j.DeviceException;
import org.tinc4j.DropReason;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Offload;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.reactor.PolledDescriptor;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.tun.InterfaceConfiguration.Lifetime;
import org.tinc4j.linux.uring.BatchRing;
import org.tinc4j.linux.uring.RingCalls;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;
import org.tinc4j.spi.Pollable;
import org.tinc4j.spi.RouteTable;

/**
 * One queue of a kernel TUN. A read goes through these steps:
 *
 * <ol>
 *   <li>take packets until the batch is full, {@value #BATCH_BYTES} bytes are there, or the kernel has no more;
 *   <li>with none: wait, and look again.
 * </ol>
 *
 * <p>Reading and writing run in parallel; one descriptor keeps the order of each.
 */
final class TunDevice implements PacketDevice {

    private static final Logger LOG = LoggerFactory.getLogger(TunDevice.class);

    /** Two super-packets: the first ones are under way while the kernel makes the next. */
    private static final int BATCH_BYTES = 128 * 1024;

    private static final Set<Segmentation> SINGLE = Set.of(Segmentation.NONE);
    private static final Set<Segmentation> WITH_TCP = Set.of(Segmentation.NONE, Segmentation.TCP_V4, Segmentation.TCP_V6);
    private static final Set<Segmentation> WITH_UDP =
            Set.of(Segmentation.NONE, Segmentation.TCP_V4, Segmentation.TCP_V6, Segmentation.UDP);

    private final DeviceInfo info;
    private final int readBytes;
    private final Descriptor descriptor;
    private final TunQueue queue;
    private final BatchRing writes;
    private final GrantedOffloads offloads;
    private final Lifetime lifetime;
    private final Optional<InterfaceConfiguration> configuration;
    private final List<TunDevice> moreQueues;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Confined to the reader. */
    private final PolledDescriptor packets;

    /** Confined to the reader. */
    private boolean misfitTold;

    /**
     * Takes the descriptor and the other queues.
     *
     * @param lifetime of the interface; of the descriptor for all queues but the first, which leave the interface alone
     * @param configuration what is to be undone at the end; empty where somebody else configures, and for all queues but the first
     */
    TunDevice(
            DeviceInfo info,
            Descriptor descriptor,
            TunQueue.Framing framing,
            GrantedOffloads offloads,
            RingCalls rings,
            Lifetime lifetime,
            Optional<InterfaceConfiguration> configuration,
            List<TunDevice> moreQueues) {
        this.info = info;
        // Offloads may be given up later; what the kernel was told stays in force.
        this.readBytes = offloads.uses(Offload.TSO) ? TunQueue.MAX_PACKET_BYTES : info.mtuBytes();
        this.descriptor = descriptor;
        this.queue = new TunQueue(framing);
        this.offloads = offloads;
        this.writes = new BatchRing(rings, descriptor, offloads);
        this.lifetime = lifetime;
        this.configuration = configuration;
        this.moreQueues = List.copyOf(moreQueues);
        this.packets = new PolledDescriptor(descriptor, this::drain);
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public int readBytes() {
        return readBytes;
    }

    @Override
    public Set<Segmentation> writes() {
        if (!offloads.uses(Offload.TSO)) {
            return SINGLE;
        }
        return offloads.uses(Offload.USO) ? WITH_UDP : WITH_TCP;
    }

    @Override
    public BufferPool.Memory memory() {
        return BufferPool.Memory.DIRECT;
    }

    @Override
    public List<TunDevice> moreQueues() {
        return moreQueues;
    }

    @Override
    public Capabilities capabilities() {
        return offloads.capabilities();
    }

    @Override
    public int read(PacketBatch batch) throws IOException {
        return packets.read(batch);
    }

    @Override
    public Optional<Pollable> pollable() {
        return Optional.of(packets);
    }

    private void checkRoom(PacketBatch batch) {
        int neededBytes = HEADROOM_BYTES + readBytes + TAILROOM_BYTES;
        if (batch.get(0).capacity() < neededBytes) {
            throw new IllegalArgumentException("a block of " + batch.get(0).capacity() + " bytes is too small for what is read from "
                    + info.name() + ", up to " + readBytes + " bytes; make blocks of at least " + neededBytes + " bytes");
        }
    }

    /** Takes what is there without waiting; the batch has the size of the result. */
    private int drain(PacketBatch batch) throws IOException {
        checkRoom(batch);
        batch.clear();
        int fd = descriptor.use();
        try {
            int count = 0;
            int bytes = 0;
            while (count < batch.capacity() && bytes < BATCH_BYTES) {
                int length = queue.read(fd, batch.get(count));
                if (length == -Errno.EAGAIN) {
                    break;
                }
                if (length == -Errno.EBADMSG) {
                    handOverEmpty(batch.get(count++));
                    continue;
                }
                if (length < 0) {
                    failUnlessFilled(count, -length);
                    break;
                }
                bytes += length;
                count++;
            }
            batch.size(count);
            return count;
        } finally {
            descriptor.leave();
        }
    }

    /** Only a kernel that contradicts itself makes one. The node counts it. */
    private void handOverEmpty(PacketBuffer misfit) {
        if (!misfitTold) {
            misfitTold = true;
            LOG.warn("a packet of {} bytes does not fit its virtio-net header ({}) on TUN {} and is dropped; this and all further ones count as {}"
                            + " in NodeStatus.drops; if it goes on, switch off Offload.TSO with Builder.dataPath",
                    misfit.length(), queue.describeHeader(misfit), info.name(), DropReason.MALFORMED_PACKET);
        }
        misfit.reset(HEADROOM_BYTES, 0);
    }

    /** Packets that were read come first: the error is still there at the next read. */
    private void failUnlessFilled(int count, int errno) throws IOException {
        if (count == 0) {
            throw SystemCallFailure.using("read", errno, "TUN " + info.name());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Dropped is what the kernel refuses for whatever is wrong with the one packet: no room, no IP version, interface down.
     */
    @Override
    public int write(PacketBatch batch) throws IOException {
        int fd = descriptor.use();
        try {
            BatchRing.Batch ring = batch.size() > 1 ? writes.take() : null;
            if (ring == null) {
                return writeEach(fd, batch, 0);
            }
            try {
                return writeTogether(ring, fd, batch);
            } finally {
                writes.give(ring);
            }
        } finally {
            descriptor.leave();
        }
    }

    private int writeEach(int fd, PacketBatch batch, int from) throws IOException {
        int taken = 0;
        for (int i = from; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            taken += accept(packet, queue.write(fd, packet));
        }
        return taken;
    }

    /** In groups as large as the ring takes. What it does not take, as the memory of Java arrays, goes by itself, in its turn. */
    private int writeTogether(BatchRing.Batch ring, int fd, PacketBatch batch) throws IOException {
        int taken = 0;
        int first = 0;
        while (first < batch.size()) {
            int end = first;
            ring.clear();
            while (end < batch.size() && ring.count() < BatchRing.Batch.OPERATIONS && fits(batch.get(end))) {
                PacketBuffer packet = batch.get(end++);
                ring.write(queue.framed(packet), queue.framedBytes(packet));
            }
            if (end == first) {
                taken += accept(batch.get(first), queue.write(fd, batch.get(first)));
                first++;
                continue;
            }
            int done = ring.run();
            for (int i = 0; i < done; i++) {
                taken += accept(batch.get(first + i), ring.result(i));
            }
            first += done;
            if (first < end) {
                return taken + writeEach(fd, batch, first);
            }
        }
        return taken;
    }

    private boolean fits(PacketBuffer packet) {
        return packet.memory().isDirect() && queue.refusal(packet) == 0;
    }

    /** How many packets were taken, one or none. */
    private int accept(PacketBuffer packet, int result) throws IOException {
        if (result == -Errno.EBADFD || result == -Errno.ENODEV) {
            throw SystemCallFailure.using("write", -result, "TUN " + info.name());
        }
        if (result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP) {
            giveUp(packet.segmentation(), -result);
        }
        return result >= 0 ? 1 : 0;
    }

    /** A super-packet is well-formed when it comes here, so it is its kind that the kernel does not take. */
    private void giveUp(Segmentation kind, int errno) {
        switch (kind) {
            case NONE -> {}
            case UDP -> offloads.refuse(Offload.USO, "write of a UDP run", errno, "datagrams are written one by one");
            case TCP_V4, TCP_V6 -> offloads.refuse(Offload.TSO, "write of a TCP super-packet", errno, "segments are written one by one");
        }
    }

    @Override
    public Optional<RouteTable> routes() {
        return configuration.map(InterfaceConfiguration::routes);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (configuration.isPresent()) {
                configuration.get().undo();
            }
        } catch (DeviceException e) {
            LOG.warn("could not undo the configuration of {}: {}", info.name(), e.getMessage());
        } finally {
            giveBackWhatStays();
            moreQueues.forEach(TunDevice::close);
            descriptor.close();
            writes.close();
        }
    }

    private void giveBackWhatStays() {
        if (lifetime != Lifetime.PERSISTENT) {
            return;
        }
        try {
            int fd = descriptor.use();
            try {
                TunFile.giveBack(fd);
            } finally {
                descriptor.leave();
            }
        } catch (NodeClosedException e) {
            throw new IllegalStateException("the descriptor was closed by somebody else than its device", e);
        }
    }
}
