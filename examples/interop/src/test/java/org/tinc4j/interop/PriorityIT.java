package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.testkit.Netns;

/** The outer datagram has the inner packet's DSCP where that is wanted, and no ECN bits, over both IP versions. */
@RequiresTincd
class PriorityIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int PINGS = 5;

    /** Expedited forwarding, 46, and the ECN bits of an ECN-capable transport. */
    private static final String EXPEDITED = Integer.toString(46 << 2 | 2);

    @ParameterizedTest
    @EnumSource
    void datagramsHaveTheirPacketsPriority(Mesh.Underlay underlay) {
        try (Mesh mesh = Mesh.over(underlay, "priority")) {
            JavaNode java = mesh.java("java", "PriorityInheritance = yes");
            CTincd daemon = mesh.tincd("daemon");
            mesh.dial(java, daemon);
            mesh.start(LIMIT);
            Traffic.awaitPing(java, daemon, LIMIT);
            Netns receiver = daemon.site().netns();
            receiver.countIncoming(Lan.DEVICE, "udp dport " + daemon.site().port() + (underlay == Mesh.Underlay.IPV4
                    ? " ip dscp ef ip ecn not-ect"
                    : " ip6 dscp ef ip6 ecn not-ect"));

            ping(java, daemon.site().overlay4(), "0");
            assertThat(receiver.counted()).isZero();
            ping(java, daemon.site().overlay4(), EXPEDITED);
            assertThat(receiver.counted()).isEqualTo(PINGS);
            ping(java, daemon.site().overlay6(), EXPEDITED);
            assertThat(receiver.counted()).isEqualTo(2 * PINGS);
        }
    }

    private static void ping(JavaNode from, String address, String trafficClass) {
        from.site().netns().require("ping", "-n", "-q", "-i", "0.2", "-c", Integer.toString(PINGS), "-Q", trafficClass, address);
    }
}
