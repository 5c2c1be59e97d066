package org.tinc4j.impl.datapath;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.tinc4j.Broadcast;
import org.tinc4j.Device;
import org.tinc4j.Forwarding;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Tinc;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.graph.NodeId;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.net.Traffic;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/** The data path of one node between a device and a socket that take super-packets and runs, all stepped by hand. */
final class BurstNode implements ControlPort {

    private static final RoutingOptions INHERITING = new RoutingOptions(
            Forwarding.INTERNAL, Broadcast.SPANNING_TREE, List.of(), false, false, true, false, false, true);

    final NodeName name;
    final InetSocketAddress address;
    final Tunnel tunnel;
    final DataPlane plane;
    final Drops drops = new Drops();
    final Socket socket = new Socket();
    final Tun device = new Tun();
    final List<String> told = new ArrayList<>();

    private final PacketPath outbound;
    private final PacketPath inbound;

    BurstNode(String name, String host, Supplier<Aead> engines) {
        this.name = new NodeName(name);
        this.address = new InetSocketAddress(host, 655);
        this.tunnel = new Tunnel(this.name, NodeId.of(this.name));
        NodeSettings settings = Tinc.network("burst").name(name).key(NodeKey.generate()).device(Device.none())
                .routing(INHERITING).settings();
        this.plane = new DataPlane(
                settings, device, new UdpSockets(List.of(socket)), this, drops, new PingReplies(1), engines, () -> 1, Ledger.silent());
        StageMemory memory = plane.newMemory("test");
        this.outbound = new PacketPath(new Stage(plane, memory, new Outlet(plane, 0)));
        this.inbound = new PacketPath(new Stage(plane, memory, SocketSource.outlet(plane, 0, memory)));
    }

    /** What the device reader does with a batch. */
    void outbound(PacketBuffer... packets) {
        outbound.begin();
        for (PacketBuffer packet : packets) {
            outbound.outbound(packet);
        }
        outbound.flush();
    }

    /** What the socket reader does with a batch. */
    void inbound(List<PacketBuffer> received) {
        inbound.begin();
        for (int i = 0; i < received.size(); i++) {
            inbound.datagrams(received.get(i), 0);
        }
        inbound.flush();
    }

    /** A socket that keeps what is sent, as the receiver's kernel would hand it over: the buffers are valid until {@link #take}. */
    final class Socket implements DatagramTransport {
        final PacketBatch wire = new BufferPool(BufferPool.Memory.DIRECT, 65535 + 96).batch(64);
        final List<PacketBuffer> sent = new ArrayList<>();

        @Override
        public InetSocketAddress localAddress() {
            return address;
        }

        @Override
        public int receiveBytes() {
            return 65535;
        }

        @Override
        public int sendBytes() {
            return MAX_RUN_BYTES;
        }

        @Override
        public BufferPool.Memory memory() {
            return BufferPool.Memory.DIRECT;
        }

        @Override
        public int receive(PacketBatch batch) {
            throw new UnsupportedOperationException("stepped by hand");
        }

        @Override
        public void send(PacketBatch batch, SendResult[] results) {
            for (int i = 0; i < batch.size(); i++) {
                PacketBuffer copy = wire.next();
                copyOf(batch.get(i), copy);
                copy.remote(address);
                copy.trafficClass(batch.get(i).trafficClass());
                sent.add(copy);
                results[i] = SendResult.SENT;
            }
        }

        /** The list is reused. */
        List<PacketBuffer> take() {
            wire.clear();
            return sent;
        }

        @Override
        public void close() {}
    }

    /** A device that keeps what is written. */
    static final class Tun implements PacketDevice {
        final PacketBatch host = new BufferPool(BufferPool.Memory.DIRECT, 65535 + 96).batch(256);
        Set<Segmentation> kinds = Set.of(Segmentation.NONE, Segmentation.TCP_V4, Segmentation.TCP_V6, Segmentation.UDP);

        @Override
        public DeviceInfo info() {
            return new DeviceInfo("tun", "test", 1425, "");
        }

        @Override
        public int readBytes() {
            return 65535;
        }

        @Override
        public Set<Segmentation> writes() {
            return kinds;
        }

        @Override
        public BufferPool.Memory memory() {
            return BufferPool.Memory.DIRECT;
        }

        @Override
        public int read(PacketBatch batch) {
            throw new UnsupportedOperationException("stepped by hand");
        }

        @Override
        public int write(PacketBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                copyOf(batch.get(i), host.next());
            }
            return batch.size();
        }

        @Override
        public void close() {}
    }

    static void copyOf(PacketBuffer from, PacketBuffer to) {
        to.reset(PacketDevice.HEADROOM_BYTES, from.length());
        ByteBuffer target = to.memory();
        target.put(PacketDevice.HEADROOM_BYTES, from.memory(), from.offset(), from.length());
        if (from.segmentation() != Segmentation.NONE) {
            to.segmented(from.segmentation(), from.headerBytes(), from.segmentBytes());
        }
        if (from.checksumStart() >= 0) {
            to.checksumNeeded(from.checksumStart(), from.checksumOffset());
        }
    }

    @Override
    public boolean wanted(Tunnel to) {
        return true;
    }

    @Override
    public boolean probe(Tunnel from, byte[] record, InetSocketAddress address, int socketIndex) {
        told.add("probe");
        return true;
    }

    @Override
    public boolean moved(Tunnel from, InetSocketAddress address, int socketIndex) {
        told.add("moved");
        return true;
    }

    @Override
    public boolean indirect(Tunnel from) {
        return true;
    }

    @Override
    public boolean denied(NodeName node, Traffic.Protocol protocol, int port) {
        return true;
    }

    @Override
    public boolean undecryptable(Tunnel from) {
        told.add("undecryptable");
        return true;
    }

    @Override
    public boolean tooLong(Tunnel to, int recordBytes) {
        told.add("too long " + recordBytes);
        return true;
    }

    @Override
    public boolean sendFrame(Tunnel to, byte[] frame) {
        told.add("frame " + frame.length);
        return true;
    }

    @Override
    public boolean sendSealed(Tunnel to, byte[] packet) {
        told.add("sealed " + packet.length);
        return true;
    }
}
