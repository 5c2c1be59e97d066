package org.tinc4j.impl.engine;

import java.util.Optional;
import java.util.function.BiConsumer;
import org.tinc4j.Device;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.control.NodeThreads;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.sockets.KernelSockets;
import org.tinc4j.impl.sockets.MeshDirectory;
import org.tinc4j.impl.sockets.NodeSockets;
import org.tinc4j.impl.sockets.StackSockets;
import org.tinc4j.impl.stack.HostStack;
import org.tinc4j.impl.stack.StackDevice;
import org.tinc4j.spi.PacketDevice;

/** Gives a node the sockets that fit its device. */
final class Sockets {

    private Sockets() {}

    /** The sockets; empty for a device that none could stand on. */
    static Optional<NodeSockets> of(NodeSettings settings, PacketDevice device, DataPlane plane, NodeThreads threads) {
        MeshDirectory directory = new MeshDirectory(settings.network(), settings.name(), plane::table);
        BiConsumer<String, Runnable> start = threads::start;
        if (device instanceof StackDevice stack) {
            HostStack host = new HostStack(stack, directory, System::nanoTime, start);
            return Optional.of(new NodeSockets(new StackSockets(host, directory), directory, start));
        }
        boolean kernel = settings.device() instanceof Device.Kernel || settings.device() instanceof Device.Auto;
        return kernel ? Optional.of(new NodeSockets(new KernelSockets(directory), directory, start)) : Optional.empty();
    }
}
