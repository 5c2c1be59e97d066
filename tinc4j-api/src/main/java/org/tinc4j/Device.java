package org.tinc4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.tinc4j.spi.PacketDevice;

/** Where a node's inner packets come from and go to. Choose one with the factory methods; values are immutable. */
public sealed interface Device {

    /**
     * A kernel TUN interface where this process may open one, else in-process. Which it became, and why, is in the log and
     * in {@link NodeStatus#device()}. The default.
     *
     * @return the choice
     */
    static Device auto() {
        return new Auto(Kernel.DEFAULT);
    }

    /**
     * No interface: packets end in this process, which has TCP, UDP and ICMP of its own. {@link TincNode#connect(String, int)} and its like
     * give sockets, the node answers pings to its addresses, and {@link TincNode#packets()} gives what concerns no socket. Needs no
     * privilege and no native access.
     *
     * @return the choice
     */
    static Device inProcess() {
        return new InProcess();
    }

    /**
     * A kernel TUN interface; start fails with {@link DeviceException} where it cannot be had. Needs {@code tinc4j-linux} and
     * CAP_NET_ADMIN.
     *
     * @return the choice, to be refined with the methods of {@link Kernel}
     */
    static Kernel kernel() {
        return Kernel.DEFAULT;
    }

    /**
     * No device at all: the node relays for others and drops what is addressed to itself.
     *
     * @return the choice
     */
    static Device none() {
        return new None();
    }

    /**
     * A device of the embedder's own. The node takes it and closes it.
     *
     * @param device an open device
     * @return the choice
     */
    static Device of(PacketDevice device) {
        return new Custom(device);
    }

    /**
     * See {@link #auto()}.
     *
     * @param kernel how the kernel interface shall look, when there is one
     */
    record Auto(Kernel kernel) implements Device {}

    /** See {@link #inProcess()}. */
    record InProcess() implements Device {}

    /** See {@link #none()}. */
    record None() implements Device {}

    /**
     * See {@link #of(PacketDevice)}.
     *
     * @param device the device
     */
    record Custom(PacketDevice device) implements Device {
        /** Checks the device. */
        public Custom {
            Objects.requireNonNull(device, "device");
        }
    }

    /**
     * See {@link #kernel()}.
     *
     * @param name interface name, at most 15 bytes; empty lets the kernel number one as {@code tincN}
     * @param addresses addresses with the prefix length of the interface's network; empty takes the node's own /32 and /128
     *     subnets
     * @param mtuBytes the interface's MTU in bytes; empty takes the largest inner packet that fits a 1500-byte path
     * @param configure whether the node sets addresses, MTU, up and routes; false leaves that to a script
     */
    record Kernel(
            Optional<String> name, List<Subnet> addresses, OptionalInt mtuBytes, boolean configure)
            implements Device {

        static final Kernel DEFAULT = new Kernel(Optional.empty(), List.of(), OptionalInt.empty(), true);

        /** Checks name and MTU. */
        public Kernel {
            addresses = List.copyOf(addresses);
            name.ifPresent(text -> {
                if (text.isEmpty() || text.length() > 15 || text.contains("/") || text.contains(" ")) {
                    throw new IllegalArgumentException(
                            "interface name \"" + text + "\" must have 1 to 15 characters and no blank or slash");
                }
            });
            if (mtuBytes.isPresent() && (mtuBytes.getAsInt() < 576 || mtuBytes.getAsInt() > 65535)) {
                throw new IllegalArgumentException("mtu=" + mtuBytes.getAsInt() + " bytes is outside 576..65535");
            }
        }

        /**
         * Names the interface.
         *
         * @param interfaceName 1 to 15 characters
         * @return a changed copy
         */
        public Kernel name(String interfaceName) {
            return new Kernel(Optional.of(interfaceName), addresses, mtuBytes, configure);
        }

        /**
         * Adds an address of the interface.
         *
         * @param addressWithPrefix for example {@code 10.7.0.5/16}; host bits may be set
         * @return a changed copy
         */
        public Kernel address(String addressWithPrefix) {
            List<Subnet> more = new ArrayList<>(addresses);
            more.add(Subnet.parseLenient(addressWithPrefix));
            return new Kernel(name, more, mtuBytes, configure);
        }

        /**
         * Sets the interface's MTU.
         *
         * @param bytes 576 to 65535
         * @return a changed copy
         */
        public Kernel mtu(int bytes) {
            return new Kernel(name, addresses, OptionalInt.of(bytes), configure);
        }

        /**
         * Leaves addresses, MTU, up and routes to somebody else, as C tinc leaves them to {@code tinc-up}.
         *
         * <p>A persistent TUN is left without offloads. A process that is killed cannot see to that, and the kernel then leaves checksums and the
         * cutting of super-packets to the next reader as well (seen on Linux 6.18). A node of this library that opens the interface gives back what
         * it does not take over; C tinc does not, and gets pings but hardly any TCP through, until {@code ethtool -K tun0 tx off tso off} or until
         * the interface is made anew.
         *
         * @return a changed copy
         */
        public Kernel unconfigured() {
            return new Kernel(name, addresses, mtuBytes, false);
        }
    }
}
