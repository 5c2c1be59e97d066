package org.tinc4j.linux.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.sys.Errno;

class GrantedOffloadsTest {

    private final GrantedOffloads offloads =
            new GrantedOffloads("TUN test0", Set.of(Offload.TSO, Offload.USO), DataPathOptions.DEFAULT);

    @Test
    void withoutSuperPacketsOfTcpThereAreNoneOfUdp() {
        offloads.refuse(Offload.TSO, "ioctl TUNSETIFF with IFF_VNET_HDR", Errno.EINVAL, "one by one");
        assertThat(offloads.capabilities().active()).isEmpty();
        assertThat(offloads.capabilities().inactive())
                .containsEntry(Offload.TSO, "ioctl TUNSETIFF with IFF_VNET_HDR: EINVAL (22)")
                .containsEntry(Offload.USO, "ioctl TUNSETIFF with IFF_VNET_HDR: EINVAL (22)");
    }

    @Test
    void whatIsRefusedFirstKeepsItsReason() {
        offloads.refuse(Offload.USO, "ioctl TUNSETOFFLOAD with TUN_F_USO4", Errno.EINVAL, "one by one");
        assertThat(offloads.capabilities().active()).containsExactly(Offload.TSO);
        offloads.refuse(Offload.TSO, "write of a TCP super-packet", Errno.EINVAL, "one by one");
        assertThat(offloads.capabilities().inactive()).containsEntry(Offload.USO, "ioctl TUNSETOFFLOAD with TUN_F_USO4: EINVAL (22)");
    }
}
