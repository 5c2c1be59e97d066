package org.tinc4j.linux;

import java.util.ServiceLoader;
import org.tinc4j.Device;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.DeviceException;
import org.tinc4j.spi.DeviceProvider;

/** Opens a TUN whose name no kernel accepts, so that native code is loaded and called but nothing changes, with or without root. */
final class OpenInvalidName {

    static final String EXPECTED = "native calls work";

    private OpenInvalidName() {}

    /** Prints {@link #EXPECTED} if a system call came back with an errno. */
    public static void main(String[] arguments) throws Exception {
        DeviceProvider provider = ServiceLoader.load(DeviceProvider.class).findFirst().orElseThrow();
        try {
            provider.open(Device.kernel().name(".."), DataPathOptions.DEFAULT).close();
        } catch (DeviceException e) {
            boolean fromTheKernel = e.getMessage().startsWith("open: ") || e.getMessage().startsWith("ioctl TUNSETIFF: ");
            System.out.println(fromTheKernel ? EXPECTED : e.getMessage());
        }
    }
}
