package org.tinc4j.interop;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.Device;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DeviceProvider;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * Main program of a wire as bad as the Internet: what is routed into its TUN comes back out of it, but for some packets, some twice, some
 * after others that were sent later. Super-packets of the kernel are cut before they come here, so each datagram has its own fate.
 *
 * <pre>
 * arguments   INTERFACE SEED
 * output      READY
 * </pre>
 */
final class RoughWireProcess {

    /** The TUN. */
    static final String DEVICE = "rough0";

    // Of a thousand packets.
    private static final int LOST = 5;
    private static final int TWICE = 5;
    private static final int HELD = 20;

    private static final long HELD_NANOS = 2_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<PacketBuffer> held = new ArrayDeque<>(); // guarded by lock
    private final PacketBatch out = PacketBatch.lending(1); // guarded by lock
    private final PacketDevice device;
    private final SplittableRandom random;
    private final BufferPool pool;

    private RoughWireProcess(PacketDevice device, long seed) {
        this.device = device;
        this.random = new SplittableRandom(seed);
        this.pool = new BufferPool(
                BufferPool.Memory.DIRECT, PacketDevice.HEADROOM_BYTES + device.info().mtuBytes() + PacketDevice.TAILROOM_BYTES);
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        DataPathOptions plain = DataPathOptions.DEFAULT.without(Offload.TSO, Offload.USO).withQueues(1);
        Device.Kernel kernel = Device.kernel().name(arguments[0]).mtu(1500).address("192.0.2.253/32");
        try (PacketDevice device = ServiceLoader.load(DeviceProvider.class).findFirst().orElseThrow().open(kernel, plain)) {
            RoughWireProcess wire = new RoughWireProcess(device, Long.parseLong(arguments[1]));
            Thread.ofPlatform().daemon().name("release").start(wire::releaseForEver);
            System.out.println(NodeProcess.READY);
            wire.run();
        }
    }

    private void run() throws IOException {
        PacketBatch in = pool.batch(64);
        while (true) {
            int count = device.read(in);
            lock.lock();
            try {
                for (int i = 0; i < count; i++) {
                    pass(in.get(i));
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void pass(PacketBuffer packet) throws IOException {
        int fate = random.nextInt(1000);
        if (fate < LOST) {
            return;
        }
        if (fate < LOST + HELD) {
            PacketBuffer copy = pool.batch(1).get(0);
            copy.reset(packet.offset(), packet.length());
            copy.memory().put(copy.offset(), packet.memory(), packet.offset(), packet.length());
            held.add(copy);
            return;
        }
        write(packet);
        if (fate >= 1000 - TWICE) {
            write(packet);
        }
    }

    private void write(PacketBuffer packet) throws IOException {
        out.clear();
        out.lend(packet);
        device.write(out);
    }

    private void releaseForEver() {
        while (true) {
            LockSupport.parkNanos(HELD_NANOS);
            lock.lock();
            try {
                while (!held.isEmpty()) {
                    write(held.removeLast());
                }
            } catch (IOException e) {
                return; // The program ends.
            } finally {
                lock.unlock();
            }
        }
    }
}
