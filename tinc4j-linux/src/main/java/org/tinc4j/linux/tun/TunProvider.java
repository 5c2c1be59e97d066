package org.tinc4j.linux.tun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.Device;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.DeviceException;
import org.tinc4j.Subnet;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.netlink.NetlinkReply;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.IfTun;
import org.tinc4j.linux.sys.Platform;
import org.tinc4j.linux.tun.InterfaceConfiguration.Lifetime;
import org.tinc4j.linux.uring.RingCalls;
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

    private static final Logger LOG = LoggerFactory.getLogger(TunProvider.class);

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
            return open(name, options, dataPath);
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

    private static PacketDevice open(byte[] name, Device.Kernel options, DataPathOptions dataPath) throws DeviceException {
        String role = "TUN " + new String(name, StandardCharsets.UTF_8);
        GrantedOffloads offloads = new GrantedOffloads(role, Set.of(Offload.TSO, Offload.USO, Offload.IO_URING), dataPath);
        TunFile.Queues wanted = dataPath.queueCount() > 1 ? TunFile.Queues.SEVERAL : TunFile.Queues.ONE;
        TunFile file = TunFile.open(name, wanted, offloads);
        Descriptor descriptor = watch(file);
        List<Descriptor> more = new ArrayList<>();
        try {
            int count = file.queues() == TunFile.Queues.SEVERAL ? dataPath.queueCount() : 1;
            if (count < dataPath.queueCount()) {
                LOG.info("interface {} has one queue; {} were wanted", file.name(), dataPath.queueCount());
            }
            for (int i = 1; i < count; i++) {
                more.add(watch(TunFile.another(file, offloads)));
            }
            return options.configure()
                    ? configured(file, descriptor, more, offloads, options)
                    : unconfigured(file, descriptor, more, offloads, options);
        } catch (DeviceException e) {
            TunFile.giveBack(file.fd());
            more.forEach(Descriptor::close);
            descriptor.close();
            throw e;
        }
    }

    private static Descriptor watch(TunFile file) throws DeviceException {
        try {
            return new Descriptor(file.fd(), "TUN " + file.name());
        } catch (IOException e) {
            throw new DeviceException(e.getMessage(), e);
        }
    }

    private static PacketDevice configured(
            TunFile file, Descriptor descriptor, List<Descriptor> more, GrantedOffloads offloads, Device.Kernel options)
            throws DeviceException {
        int mtuBytes = options.mtuBytes().orElse(DEFAULT_MTU_BYTES);
        try (RouteSocket socket = new RouteSocket()) {
            NetlinkReply.Link before = InterfaceConfiguration.find(socket, file.name());
            InterfaceConfiguration configuration =
                    new InterfaceConfiguration(file.name(), before, file.lifetime(), options.addresses());
            try {
                configuration.apply(socket, mtuBytes, options.addresses());
            } catch (DeviceException e) {
                configuration.undo();
                throw e;
            }
            DeviceInfo info = new DeviceInfo("tun", file.name(), mtuBytes, "");
            return device(info, file, descriptor, more, offloads, Optional.of(configuration));
        }
    }

    /** The MTU is the one asked for, which the script will set, or else the one there is. */
    private static PacketDevice unconfigured(
            TunFile file, Descriptor descriptor, List<Descriptor> more, GrantedOffloads offloads, Device.Kernel options)
            throws DeviceException {
        try (RouteSocket socket = new RouteSocket()) {
            int mtuBytes = options.mtuBytes().orElse(InterfaceConfiguration.find(socket, file.name()).mtuBytes());
            DeviceInfo info = new DeviceInfo("tun", file.name(), mtuBytes, "not configured by this process");
            return device(info, file, descriptor, more, offloads, Optional.empty());
        }
    }

    private static TunDevice device(
            DeviceInfo info,
            TunFile file,
            Descriptor descriptor,
            List<Descriptor> more,
            GrantedOffloads offloads,
            Optional<InterfaceConfiguration> configuration) {
        List<TunDevice> moreQueues = more.stream()
                .map(queue -> new TunDevice(
                        info, queue, file.framing(), offloads, RingCalls.KERNEL, Lifetime.OF_DESCRIPTOR, Optional.empty(), List.of()))
                .toList();
        return new TunDevice(
                info, descriptor, file.framing(), offloads, RingCalls.KERNEL, file.lifetime(), configuration, moreQueues);
    }
}
