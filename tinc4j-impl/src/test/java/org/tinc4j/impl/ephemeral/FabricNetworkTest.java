package org.tinc4j.impl.ephemeral;

import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.slf4j.helpers.NOPLogger;
import org.tinc4j.impl.fabric.Fabric;
import org.tinc4j.impl.fabric.FabricObserver;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.NetworkContract;

/** The contract on two hosts of the virtual network, in real time. */
class FabricNetworkTest extends NetworkContract {

    private final RealTime time = new RealTime(NOPLogger.NOP_LOGGER);
    private final HostNames names = new HostNames();
    private final Fabric fabric = new Fabric(time, new SplittableRandom(1), FabricObserver.NONE);
    private final Host near = fabric.host("near");
    private final Host far = fabric.host("far");
    private final Host down = fabric.host("down");

    FabricNetworkTest() {
        time.start("fabric of " + getClass().getSimpleName());
    }

    @AfterEach
    void close() {
        time.close();
    }

    @Override
    protected Network near() {
        return new FabricNetwork(time, near, names, ledger);
    }

    @Override
    protected Network far() {
        return new FabricNetwork(time, far, names, ledger);
    }

    @Override
    protected InetSocketAddress farAddress() {
        return new InetSocketAddress(far.address(), 0);
    }

    @Override
    protected InetSocketAddress nearAddress() {
        return new InetSocketAddress(near.address(), 0);
    }

    /** That of a host that lost power. */
    @Override
    protected InetSocketAddress silentAddress() {
        time.lock.lock();
        try {
            fabric.down(down);
            return new InetSocketAddress(down.address(), 655);
        } finally {
            time.lock.unlock();
        }
    }
}
