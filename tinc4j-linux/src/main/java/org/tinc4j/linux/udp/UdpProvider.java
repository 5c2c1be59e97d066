package org.tinc4j.linux.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.Offload;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.Platform;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.uring.RingCalls;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.TransportProvider;

/**
 * Opens UDP sockets on Linux.
 *
 * <p><b>Errors.</b> Needs no right. With CAP_NET_ADMIN socket buffers may exceed the limits of the system.
 *
 * <p><b>Source.</b> socket(7), udp(7); SO_REUSEPORT and its groups.
 */
public final class UdpProvider implements TransportProvider {

    private static final Logger LOG = LoggerFactory.getLogger(UdpProvider.class);

    /** What concerns a socket. */
    static final Set<Offload> KINDS = Set.of(Offload.UDP_SEGMENT, Offload.UDP_GRO, Offload.UDP_BATCH, Offload.IO_URING);

    /** Asks for the native part once in a process, and says once why there is none. */
    private static final class Native {
        static final boolean LOADS = loads();

        private static boolean loads() {
            try {
                // Any call does; this one fails and changes nothing.
                SystemCalls.fcntl(-1, SystemCalls.F_GETFD, 0);
                return true;
            } catch (LinkageError e) {
                // Its text may be a whole stack trace.
                LOG.warn("UDP goes through sockets of the JDK: jnr-ffi could not load its native part ({}); enable native access"
                        + " (--enable-native-access=ALL-UNNAMED, on the module path org.jnrproject.jffi), keep the jffi jar with"
                        + " classifier native on the path, and allow executables in java.io.tmpdir or set -Djffi.extract.dir",
                        e.toString().lines().findFirst().orElse(""));
                return false;
            }
        }
    }

    /** Made by {@link java.util.ServiceLoader}. */
    public UdpProvider() {}

    @Override
    public boolean supported() {
        return Platform.supported(System.getProperty("os.name"), System.getProperty("os.arch")) && Native.LOADS;
    }

    @Override
    public List<? extends DatagramTransport> open(
            InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, DataPathOptions options) throws TransportException {
        GrantedOffloads offloads = new GrantedOffloads(SocketSetup.place(address), KINDS, options);
        List<UdpTransport> opened = new ArrayList<>();
        // The first takes the address for itself, so that one in use is refused, and only then lets the others in.
        Port port = new Port(address, options.queueCount() > 1, receiveBufferBytes, sendBufferBytes, offloads);
        opened.add(open(port, false));
        while (opened.size() < options.queueCount()) {
            try {
                opened.add(open(port.at(opened.getFirst().localAddress()), true));
            } catch (TransportException e) {
                LOG.warn("{} sockets instead of {}: {}", opened.size(), options.queueCount(), e.getMessage());
                break;
            }
        }
        return List.copyOf(opened);
    }

    /** What the sockets of one port have in common. */
    private record Port(
            InetSocketAddress address, boolean shared, int receiveBufferBytes, int sendBufferBytes, GrantedOffloads offloads) {

        Port at(InetSocketAddress real) {
            return new Port(real, shared, receiveBufferBytes, sendBufferBytes, offloads);
        }
    }

    private static UdpTransport open(Port port, boolean joins) throws TransportException {
        SocketSetup setup = SocketSetup.socket(port.address());
        InetSocketAddress local;
        try {
            setup.buffers(port.receiveBufferBytes(), port.sendBufferBytes());
            setup.dontFragment();
            if (joins) {
                setup.sharePort();
            }
            setup.bind(port.address());
            setup.offloads(port.offloads());
            local = setup.localAddress();
            if (port.shared() && !joins) {
                setup.sharePort();
            }
        } catch (TransportException e) {
            SystemCalls.close(setup.fd());
            throw e;
        }
        return transport(setup, local, port.offloads());
    }

    /** Takes the descriptor. */
    private static UdpTransport transport(SocketSetup setup, InetSocketAddress local, GrantedOffloads offloads) throws TransportException {
        int receiveBytes = offloads.uses(Offload.UDP_GRO) ? UdpTransport.RUN_BYTES : DatagramTransport.SINGLE_BYTES;
        try {
            Descriptor descriptor = new Descriptor(setup.fd(), UdpTransport.role(local));
            return new UdpTransport(descriptor, setup.family(), local, receiveBytes, offloads, MessageCalls.KERNEL, RingCalls.KERNEL);
        } catch (IOException e) {
            throw new TransportException("cannot bind " + SocketSetup.place(local) + ": " + e.getMessage(), e);
        }
    }
}
