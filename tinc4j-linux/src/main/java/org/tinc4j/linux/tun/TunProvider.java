package org.tinc4j.linux.tun;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.tinc4j.Device;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.DeviceException;
import org.tinc4j.Subnet;
import org.tinc4j.linux.netlink.NetlinkReply;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.IfTun;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Platform;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.tun.InterfaceConfiguration.Lifetime;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.DeviceProvider;
import org.tinc4j.spi.PacketDevice;

/**
 * Opens kernel TUN interfaces on Linux.
 *
 * <p><b>Errors.</b> Needs CAP_NET_ADMIN in the network namespace of the calling thread, and {@code /dev/net/tun}; without either,
 * {@link #open} says so. The interface lives as long as the device is open; one that was there before and is persistent stays, down and
 * without what was configured.
 *
 * <p><b>Source.</b> Kernel documentation, networking/tuntap; rtnetlink(7).
 */
public final class TunProvider implements DeviceProvider {

    /**
     * MTU of an interface for which none is asked: the largest inner packet that crosses a path of 1500 bytes in one datagram. Of those
     * take the outer IPv4 header 20, UDP 8, the two relay ids 12, and the record's sequence number, type and tag 21, which leaves 1439;
     * tinc compares that with the packet and an Ethernet header of 14, also where there is none. A script for C tinc mostly leaves the
     * interface at 1500, and ICMP brings senders down to the same 1425.
     */
    static final int DEFAULT_MTU_BYTES = 1500 - 20 - 8 - 12 - 21 - 14;

    /** The kernel puts the lowest free number in place of {@code %d}. */
    private static final String NAME_PATTERN = "tinc%d";

    private static final String TUN_PATH = "/dev/net/tun";

    /** Made by {@link java.util.ServiceLoader}. */
    public TunProvider() {}

    @Override
    public boolean supported() {
        return Platform.supported(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    @Override
    public PacketDevice open(Device.Kernel options, DataPathOptions dataPath) throws DeviceException {
        byte[] name = options.name().orElse(NAME_PATTERN).getBytes(StandardCharsets.UTF_8);
        checkName(name);
        options.addresses().forEach(TunProvider::checkAddress);
        try {
            return open(name, options);
        } catch (LinkageError e) {
            // Thrown by the first native call, before anything is open.
            // Its text may be a whole stack trace.
            String firstLine = e.toString().lines().findFirst().orElse("");
            throw new DeviceException("jnr-ffi could not load its native part (" + firstLine + "); enable native access"
                    + " (--enable-native-access=ALL-UNNAMED, on the module path org.jnrproject.jffi), keep the jffi jar with"
                    + " classifier native on the path, and allow executables in java.io.tmpdir or set -Djffi.extract.dir;"
                    + " or use Device.inProcess()", e);
        }
    }

    private static void checkName(byte[] name) {
        if (name.length >= IfTun.IFNAMSIZ) {
            throw new IllegalArgumentException("interface name \"" + new String(name, StandardCharsets.UTF_8) + "\" has "
                    + name.length + " bytes, more than the " + (IfTun.IFNAMSIZ - 1) + " Linux allows");
        }
    }

    private static void checkAddress(Subnet address) {
        if (address.kind() == Subnet.Kind.MAC) {
            throw new IllegalArgumentException("address " + address + " is a MAC address; a TUN has IPv4 and IPv6 only");
        }
    }

    private static PacketDevice open(byte[] name, Device.Kernel options) throws DeviceException {
        int fd = openTun();
        ByteBuffer ifreq = NativeMemory.allocate(IfTun.IFREQ_SIZE);
        try {
            attach(fd, ifreq, name);
        } catch (DeviceException e) {
            SystemCalls.close(fd);
            throw e;
        }
        String actualName = actualName(ifreq);
        Descriptor descriptor = watch(fd, actualName);
        try {
            Lifetime lifetime = lifetime(fd, ifreq);
            return options.configure()
                    ? configured(descriptor, actualName, lifetime, options)
                    : unconfigured(descriptor, actualName, options);
        } catch (DeviceException e) {
            descriptor.close();
            throw e;
        }
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

    private static void attach(int fd, ByteBuffer ifreq, byte[] name) throws DeviceException {
        ifreq.put(IfTun.IFREQ_NAME, name);
        ifreq.putShort(IfTun.IFREQ_FLAGS, (short) (IfTun.IFF_TUN | IfTun.IFF_NO_PI));
        int result = SystemCalls.ioctl(fd, IfTun.TUNSETIFF, NativeMemory.address(ifreq));
        if (result < 0) {
            throw SystemCallFailure.attaching(-result, new String(name, StandardCharsets.UTF_8));
        }
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

    private static Descriptor watch(int fd, String name) throws DeviceException {
        try {
            return new Descriptor(fd, "TUN " + name);
        } catch (IOException e) {
            throw new DeviceException(e.getMessage(), e);
        }
    }

    private static Lifetime lifetime(int fd, ByteBuffer ifreq) throws DeviceException {
        int result = SystemCalls.ioctl(fd, IfTun.TUNGETIFF, NativeMemory.address(ifreq));
        if (result < 0) {
            throw SystemCallFailure.using("ioctl TUNGETIFF", -result, "interface " + actualName(ifreq));
        }
        boolean persistent = (ifreq.getShort(IfTun.IFREQ_FLAGS) & IfTun.IFF_PERSIST) != 0;
        return persistent ? Lifetime.PERSISTENT : Lifetime.OF_DESCRIPTOR;
    }

    private static PacketDevice configured(
            Descriptor descriptor, String name, Lifetime lifetime, Device.Kernel options) throws DeviceException {
        int mtuBytes = options.mtuBytes().orElse(DEFAULT_MTU_BYTES);
        try (RouteSocket socket = new RouteSocket()) {
            NetlinkReply.Link before = InterfaceConfiguration.find(socket, name);
            InterfaceConfiguration configuration =
                    new InterfaceConfiguration(name, before, lifetime, options.addresses());
            try {
                configuration.apply(socket, mtuBytes, options.addresses());
            } catch (DeviceException e) {
                configuration.undo();
                throw e;
            }
            DeviceInfo info = new DeviceInfo("tun", name, mtuBytes, "");
            return new TunDevice(info, descriptor, Optional.of(configuration));
        }
    }

    /** The MTU is the one asked for, which the script will set, or else the one there is. */
    private static PacketDevice unconfigured(Descriptor descriptor, String name, Device.Kernel options)
            throws DeviceException {
        try (RouteSocket socket = new RouteSocket()) {
            int mtuBytes = options.mtuBytes().orElse(InterfaceConfiguration.find(socket, name).mtuBytes());
            DeviceInfo info = new DeviceInfo("tun", name, mtuBytes, "not configured by this process");
            return new TunDevice(info, descriptor, Optional.empty());
        }
    }
}
