package org.tinc4j.linux.tun;

import java.io.IOException;
import org.tinc4j.Device;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.PacketDevice;

/** Main program that holds a TUN with all offloads, to be killed. */
final class TunHolder {

    /** Says that it holds it. */
    static final String READY = "READY";

    private TunHolder() {}

    /** Holds the interface of that name until the input ends. */
    public static void main(String[] arguments) throws IOException {
        Device.Kernel kernel = Device.kernel().name(arguments[0]).unconfigured();
        try (PacketDevice device = new TunProvider().open(kernel, DataPathOptions.DEFAULT.withQueues(1))) {
            System.out.println(device.capabilities().has(Offload.TSO) ? READY : "no super-packets");
            System.in.read();
        }
    }
}
