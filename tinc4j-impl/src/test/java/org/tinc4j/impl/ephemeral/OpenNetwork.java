package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.fabric.Fabric;
import org.tinc4j.impl.fabric.FabricObserver;
import org.tinc4j.impl.fabric.Host;

/** What ephemeral meshes in virtual time are made of, put together without a mesh around it. */
public final class OpenNetwork {

    private final VirtualDrive drive = new VirtualDrive(new HostNames());
    private final Fabric fabric;

    public OpenNetwork(RandomGenerator random, FabricObserver observer) {
        this.fabric = new Fabric(drive.timeline(), random, observer);
    }

    public Fabric fabric() {
        return fabric;
    }

    public long nowNanos() {
        return drive.timeline().nowNanos();
    }

    public long elapsedNanos() {
        return drive.elapsedNanos();
    }

    public void at(long atNanos, Runnable event) {
        drive.timeline().at(atNanos, event);
    }

    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        return drive.runUntil(condition, limit);
    }

    /** Starts a node, whose random numbers depend on the seed only. */
    public OpenNode start(NodeSettings settings, Host host, long seed) {
        try {
            return new OpenNode(new SteppedNode(settings, host, drive, new Random(seed)), host, drive.time());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
