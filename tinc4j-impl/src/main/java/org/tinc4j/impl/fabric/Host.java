package org.tinc4j.impl.fabric;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A machine on the network, with one interface and one address. */
public final class Host implements AddressOwner {

    private static final int DEFAULT_MTU_BYTES = 1500;
    private static final int MIN_MTU_BYTES = 576;

    /** RFC 6335, section 6: "the Dynamic Ports, also known as the Private or Ephemeral Ports, from 49152-65535". */
    private static final int FIRST_EPHEMERAL_PORT = 49152;

    private final Fabric fabric;
    private final String name;
    private final int number;
    private final InetAddress address;
    private final Optional<NatBox> nat;

    private final Map<Integer, FabricUdp> udp = new HashMap<>();
    private final Map<Integer, FabricListener> listeners = new HashMap<>();
    private final Set<Integer> diallingPorts = new HashSet<>();

    /** In order of their making: it is gone through. */
    private final Set<FabricStream> streams = new LinkedHashSet<>();

    private boolean up = true;
    private int interfaceMtuBytes = DEFAULT_MTU_BYTES;
    private int nextPort = FIRST_EPHEMERAL_PORT;

    Host(Fabric fabric, String name, int number, InetAddress address, Optional<NatBox> nat) {
        this.fabric = fabric;
        this.name = name;
        this.number = number;
        this.address = address;
        this.nat = nat;
    }

    /** As it was given. */
    public String name() {
        return name;
    }

    /** Its only address; a private one behind a NAT box. */
    public InetAddress address() {
        return address;
    }

    /** The box it is behind. */
    public Optional<NatBox> nat() {
        return nat;
    }

    /** Whether it has power. */
    public boolean isUp() {
        return up;
    }

    /** The MTU of its own interface, which {@link FabricUdp#send} knows; 1500 unless changed. */
    public int interfaceMtuBytes() {
        return interfaceMtuBytes;
    }

    /** Changes the MTU of its own interface; 576 to 65535. */
    public void interfaceMtuBytes(int bytes) {
        if (bytes < MIN_MTU_BYTES || bytes > 65535) {
            throw new IllegalArgumentException("mtu=" + bytes + " bytes is outside " + MIN_MTU_BYTES + "..65535");
        }
        interfaceMtuBytes = bytes;
    }

    /**
     * Opens a UDP socket.
     *
     * @param port 0 for any free one
     * @throws BindException if the port is in use, or the host is down
     */
    public FabricUdp bindUdp(int port, DatagramSink sink) throws BindException {
        int bound = port(port, udp.keySet(), "UDP");
        FabricUdp socket = new FabricUdp(fabric, this, new InetSocketAddress(address, bound), sink);
        udp.put(bound, socket);
        return socket;
    }

    /**
     * Accepts TCP connections.
     *
     * @param port 0 for any free one
     * @throws BindException if the port is in use, or the host is down
     */
    public FabricListener listen(int port, StreamAcceptor acceptor) throws BindException {
        int bound = port(port, listeners.keySet(), "TCP");
        FabricListener listener = new FabricListener(this, new InetSocketAddress(address, bound), acceptor);
        listeners.put(bound, listener);
        return listener;
    }

    /**
     * Dials. The sink hears {@link StreamSink#connected} after a round trip, or {@link StreamSink#failed}: refused, where the host is up
     * and nobody listens; timed out after five seconds, where nothing comes back. {@link FabricStream#abort()} gives up earlier.
     *
     * @throws BindException if the host is down, or has no free port
     */
    public FabricStream connect(InetSocketAddress to, StreamSink sink) throws BindException {
        int bound = port(0, diallingPorts, "TCP");
        FabricStream stream = FabricStream.dial(fabric, this, new InetSocketAddress(address, bound), to, sink);
        diallingPorts.add(bound);
        return stream;
    }

    /** How many sockets it has open: UDP, listeners, and ends of streams, those included that still send what was written before their close. */
    public int openSockets() {
        return udp.size() + listeners.size() + streams.size();
    }

    private int port(int wanted, Set<Integer> used, String protocol) throws BindException {
        if (!up) {
            throw new BindException(name + " is down; call up() first");
        }
        if (wanted < 0 || wanted > 65535) {
            throw new IllegalArgumentException("port=" + wanted + " is outside 0..65535");
        }
        if (wanted != 0) {
            if (used.contains(wanted)) {
                throw new BindException(protocol + " port " + wanted + " of " + name + " is in use");
            }
            return wanted;
        }
        for (int tries = FIRST_EPHEMERAL_PORT; tries <= 65535; tries++) {
            int port = nextPort;
            nextPort = port == 65535 ? FIRST_EPHEMERAL_PORT : port + 1;
            if (!used.contains(port) && !listeners.containsKey(port)) {
                return port;
            }
        }
        throw new BindException("every ephemeral " + protocol + " port of " + name + " is in use");
    }

    int number() {
        return number;
    }

    /** Whether what it sends to an owner of an address goes through its NAT box. */
    boolean translatesTo(AddressOwner owner) {
        return nat.isPresent() && !(owner instanceof Host host && host.nat.equals(nat));
    }

    /** The socket at a port, or null. */
    FabricUdp udp(int port) {
        return udp.get(port);
    }

    /** The listener at a port, or null. */
    FabricListener listener(int port) {
        return listeners.get(port);
    }

    void remove(FabricUdp socket) {
        udp.remove(socket.local().getPort(), socket);
    }

    void remove(FabricListener listener) {
        listeners.remove(listener.local().getPort(), listener);
    }

    void add(FabricStream stream) {
        streams.add(stream);
    }

    /** A stream is over. */
    void remove(FabricStream stream, boolean dialled) {
        streams.remove(stream);
        if (dialled) {
            diallingPorts.remove(stream.local().getPort());
        }
    }

    void loseSockets() {
        up = false;
        udp.clear();
        listeners.clear();
        for (FabricStream stream : streams.toArray(FabricStream[]::new)) {
            stream.vanish();
        }
    }

    void start() {
        up = true;
    }

    @Override
    public String toString() {
        return name + " " + address.getHostAddress();
    }
}
