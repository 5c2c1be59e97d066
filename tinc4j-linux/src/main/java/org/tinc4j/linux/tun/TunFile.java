package org.tinc4j.linux.tun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tinc4j.DeviceException;
import org.tinc4j.Offload;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.IfTun;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.sys.VirtioNet;
import org.tinc4j.linux.tun.InterfaceConfiguration.Lifetime;

/**
 * An open {@code /dev/net/tun} that is attached to an interface, with as much of what was wanted as the kernel grants.
 *
 * @param fd non-blocking; belongs to whoever asked
 * @param name of the interface
 * @param framing what stands before each packet
 * @param queues whether further descriptors may attach
 * @param lifetime of the interface
 */
record TunFile(int fd, String name, TunQueue.Framing framing, Queues queues, Lifetime lifetime) {

    private static final String TUN_PATH = "/dev/net/tun";

    /** How many descriptors an interface has. */
    enum Queues {
        ONE(0),
        SEVERAL(IfTun.IFF_MULTI_QUEUE);

        private final int flag;

        Queues(int flag) {
            this.flag = flag;
        }
    }

    /** What is asked for at once. */
    private record Wish(TunQueue.Framing framing, Queues queues) {
        private int flags() {
            int header = framing == TunQueue.Framing.VIRTIO ? IfTun.IFF_VNET_HDR : 0;
            return IfTun.IFF_TUN | IfTun.IFF_NO_PI | header | queues.flag;
        }
    }

    /**
     * Opens and attaches to a new interface, or to a persistent one that waits for somebody.
     *
     * @param name of an interface, or a pattern for a new one
     * @param wanted how many descriptors it is to have
     * @param offloads what is wanted; what is refused is entered there
     * @throws DeviceException naming call, error and remedy; nothing is left behind
     */
    static TunFile open(byte[] name, Queues wanted, GrantedOffloads offloads) throws DeviceException {
        int fd = openTun();
        try {
            ByteBuffer ifreq = NativeMemory.allocate(IfTun.IFREQ_SIZE);
            return attached(fd, ifreq, attach(fd, ifreq, name, wanted, offloads), offloads);
        } catch (DeviceException e) {
            SystemCalls.close(fd);
            throw e;
        }
    }

    /**
     * Opens one more queue of an interface that this process holds.
     *
     * @param first what is held of it
     * @throws DeviceException naming call, error and remedy; nothing is left behind
     */
    static TunFile another(TunFile first, GrantedOffloads offloads) throws DeviceException {
        int fd = openTun();
        try {
            ByteBuffer ifreq = NativeMemory.allocate(IfTun.IFREQ_SIZE);
            Wish wish = new Wish(first.framing, Queues.SEVERAL);
            int result = request(fd, ifreq, first.name.getBytes(StandardCharsets.UTF_8), wish.flags());
            if (result < 0) {
                throw SystemCallFailure.attaching(-result, first.name);
            }
            return attached(fd, ifreq, wish, offloads);
        } catch (DeviceException e) {
            SystemCalls.close(fd);
            throw e;
        }
    }

    private static TunFile attached(int fd, ByteBuffer ifreq, Wish granted, GrantedOffloads offloads) throws DeviceException {
        if (granted.framing() == TunQueue.Framing.VIRTIO) {
            takeOver(fd, actualName(ifreq), offloads);
        }
        if (!offloads.uses(Offload.TSO)) {
            giveBack(fd);
        }
        return new TunFile(fd, actualName(ifreq), granted.framing(), granted.queues(), lifetime(fd, ifreq));
    }

    private static int openTun() throws DeviceException {
        ByteBuffer path = NativeMemory.allocate(TUN_PATH.length() + 1);
        path.put(TUN_PATH.getBytes(StandardCharsets.US_ASCII));
        int flags = SystemCalls.O_RDWR | SystemCalls.O_NONBLOCK | SystemCalls.O_CLOEXEC;
        int fd = SystemCalls.open(NativeMemory.address(path), flags);
        if (fd < 0) {
            throw SystemCallFailure.opening(-fd, TUN_PATH);
        }
        return fd;
    }

    /** An interface that was there before says by EINVAL that it has one queue and not several, or the other way round. */
    private static Wish attach(int fd, ByteBuffer ifreq, byte[] name, Queues wanted, GrantedOffloads offloads) throws DeviceException {
        TunQueue.Framing framing = offloads.uses(Offload.TSO) ? TunQueue.Framing.VIRTIO : TunQueue.Framing.BARE;
        Queues other = wanted == Queues.ONE ? Queues.SEVERAL : Queues.ONE;
        List<Wish> wishes = List.of(
                new Wish(framing, wanted),
                new Wish(framing, other),
                new Wish(TunQueue.Framing.BARE, wanted),
                new Wish(TunQueue.Framing.BARE, other));
        int result = 0;
        for (Wish wish : wishes) {
            result = attachAlone(fd, ifreq, name, wish);
            if (result >= 0) {
                if (wish.framing() != framing) {
                    offloads.refuse(Offload.TSO, "ioctl TUNSETIFF with IFF_VNET_HDR", Errno.EINVAL, "packets are read and written one by one");
                }
                return wish;
            }
            if (result != -Errno.EINVAL) {
                break;
            }
        }
        throw SystemCallFailure.attaching(-result, new String(name, StandardCharsets.UTF_8));
    }

    /** An interface with several queues lets anybody in, also while it is another node's: EBUSY then, as with one queue. */
    private static int attachAlone(int fd, ByteBuffer ifreq, byte[] name, Wish wish) throws DeviceException {
        if (wish.queues() == Queues.ONE) {
            return request(fd, ifreq, name, wish.flags());
        }
        int result = request(fd, ifreq, name, wish.flags() | IfTun.IFF_TUN_EXCL);
        if (result != -Errno.EBUSY) {
            return result;
        }
        result = request(fd, ifreq, name, wish.flags());
        return result >= 0 && lifetime(fd, ifreq) != Lifetime.PERSISTENT ? -Errno.EBUSY : result;
    }

    private static int request(int fd, ByteBuffer ifreq, byte[] name, int flags) {
        ifreq.put(IfTun.IFREQ_NAME, name).put(IfTun.IFREQ_NAME + name.length, (byte) 0);
        ifreq.putShort(IfTun.IFREQ_FLAGS, (short) flags);
        return SystemCalls.ioctl(fd, IfTun.TUNSETIFF, NativeMemory.address(ifreq));
    }

    /** Tells the kernel what it may leave to us, the most that it accepts. */
    private static void takeOver(int fd, String name, GrantedOffloads offloads) throws DeviceException {
        ByteBuffer size = NativeMemory.allocate(Integer.BYTES);
        size.order(java.nio.ByteOrder.nativeOrder()).putInt(0, VirtioNet.SIZE);
        int result = SystemCalls.ioctl(fd, IfTun.TUNSETVNETHDRSZ, NativeMemory.address(size));
        if (result < 0) {
            throw SystemCallFailure.using("ioctl TUNSETVNETHDRSZ", -result, "interface " + name);
        }
        int tcp = IfTun.TUN_F_CSUM | IfTun.TUN_F_TSO4 | IfTun.TUN_F_TSO6 | IfTun.TUN_F_TSO_ECN;
        if (offloads.uses(Offload.USO)) {
            result = SystemCalls.ioctl(fd, IfTun.TUNSETOFFLOAD, tcp | IfTun.TUN_F_USO4 | IfTun.TUN_F_USO6);
            if (result >= 0) {
                return;
            }
            offloads.refuse(Offload.USO, "ioctl TUNSETOFFLOAD with TUN_F_USO4", -result, "it needs Linux 6.2; datagrams are read one by one");
        }
        result = SystemCalls.ioctl(fd, IfTun.TUNSETOFFLOAD, tcp);
        if (result < 0) {
            offloads.refuse(Offload.TSO, "ioctl TUNSETOFFLOAD with TUN_F_TSO4", -result, "segments are read one by one");
        }
    }

    /**
     * Leaves everything to the kernel again. A persistent interface keeps what its last reader took over (Linux 6.18), and would hand
     * super-packets and unfinished checksums to one that does not know of them.
     *
     * @param fd of a queue of it
     */
    static void giveBack(int fd) {
        // Refused only when the interface is gone, and all this with it.
        SystemCalls.ioctl(fd, IfTun.TUNSETOFFLOAD, 0);
    }

    /** The kernel writes the name back, with a number for the pattern. */
    private static String actualName(ByteBuffer ifreq) {
        byte[] name = new byte[IfTun.IFNAMSIZ];
        ifreq.get(IfTun.IFREQ_NAME, name);
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }

    private static Lifetime lifetime(int fd, ByteBuffer ifreq) throws DeviceException {
        int result = SystemCalls.ioctl(fd, IfTun.TUNGETIFF, NativeMemory.address(ifreq));
        if (result < 0) {
            throw SystemCallFailure.using("ioctl TUNGETIFF", -result, "interface " + actualName(ifreq));
        }
        boolean persistent = (ifreq.getShort(IfTun.IFREQ_FLAGS) & IfTun.IFF_PERSIST) != 0;
        return persistent ? Lifetime.PERSISTENT : Lifetime.OF_DESCRIPTOR;
    }
}
