package org.tinc4j.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.tinc4j.Device;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.spi.DeviceProvider;

class SystemCallFailureTest {

    @Test
    void withoutTheRightTheRemedyIsACapabilityOrAnotherDevice() {
        assertThat(SystemCallFailure.opening(Errno.EACCES, "/dev/net/tun"))
                .hasMessage("open: EACCES (13) on /dev/net/tun; run with CAP_NET_ADMIN (in a container: --cap-add NET_ADMIN"
                        + " --device /dev/net/tun), or use Device.inProcess()");
        assertThat(SystemCallFailure.attaching(Errno.EPERM, "tinc%d"))
                .hasMessage("ioctl TUNSETIFF: EPERM (1) on interface tinc%d; run with CAP_NET_ADMIN, or as the user a"
                        + " persistent TUN was made for, or use Device.inProcess()");
    }

    @Test
    void withoutTheDriverTheRemedyIsToLoadIt() {
        assertThat(SystemCallFailure.opening(Errno.ENOENT, "/dev/net/tun"))
                .hasMessage("open: ENOENT (2) on /dev/net/tun; load the tun module (modprobe tun), or hand the device to the"
                        + " container (--device /dev/net/tun), or use Device.inProcess()");
    }

    @Test
    void aNameInUseAsksForAnotherName() {
        assertThat(SystemCallFailure.attaching(Errno.EBUSY, "corp"))
                .hasMessageStartingWith("ioctl TUNSETIFF: EBUSY (16) on interface corp; it is in use by another process");
    }

    @Test
    void aNameOfMoreThanFifteenBytesIsRefusedBeforeAnythingIsOpened() {
        assertThatThrownBy(() -> new TunProvider().open(Device.kernel().name("überlänge-ß-äöü"), DataPathOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interface name \"überlänge-ß-äöü\" has 21 bytes, more than the 15 Linux allows");
    }

    @Test
    void aMacAddressIsRefusedBeforeAnythingIsOpened() {
        assertThatThrownBy(() -> new TunProvider().open(Device.kernel().address("02:00:5e:00:53:01"), DataPathOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address 02:00:5e:00:53:01 is a MAC address; a TUN has IPv4 and IPv6 only");
    }

    @Test
    void theProviderIsFoundByServiceLoader() {
        assertThat(ServiceLoader.load(DeviceProvider.class)).hasExactlyElementsOfTypes(TunProvider.class);
    }
}
