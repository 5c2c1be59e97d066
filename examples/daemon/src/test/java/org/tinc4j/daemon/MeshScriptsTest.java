package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.event.TincEvent;

class MeshScriptsTest {

    private static final NodeName SELF = new NodeName("me");
    private static final NodeName HUB = new NodeName("hub");
    private static final NodeName LEAF = new NodeName("leaf");
    private static final Optional<InetSocketAddress> HUB_ADDRESS = Optional.of(new InetSocketAddress("192.0.2.1", 655));
    private static final Optional<InetSocketAddress> LEAF_ADDRESS = Optional.of(new InetSocketAddress("2001:db8::2", 656));

    @TempDir
    private Path directory;

    private final RecordedLog log = new RecordedLog();
    private ScriptFiles files;

    @BeforeEach
    void makeScripts() throws IOException {
        files = new ScriptFiles(directory).recording(
                "tinc-up", "tinc-down", "host-up", "host-down", "hosts/hub-up", "hosts/hub-down", "subnet-up", "subnet-down");
    }

    private MeshScripts scripts(MeshScripts.DeviceUse use, String... ownSubnets) {
        return new MeshScripts(
                SELF,
                List.of(ownSubnets).stream().map(Subnet::parse).toList(),
                use,
                new Scripts(
                        directory,
                        Scripts.Settings.of(Optional.empty(), Optional.empty()),
                        Map.of("NAME", "me"),
                        new Scripts.Output(Optional.of(directory.resolve("log"))),
                        log),
                log);
    }

    private static TincEvent up(NodeName node, Optional<InetSocketAddress> address) {
        return new TincEvent.NodeReachable(Instant.EPOCH, node, address);
    }

    private static TincEvent down(NodeName node) {
        return new TincEvent.NodeUnreachable(Instant.EPOCH, node, Optional.empty());
    }

    private static TincEvent added(NodeName owner, String subnet) {
        return new TincEvent.SubnetAdded(Instant.EPOCH, owner, Subnet.parse(subnet));
    }

    private static TincEvent removed(NodeName owner, String subnet) {
        return new TincEvent.SubnetRemoved(Instant.EPOCH, owner, Subnet.parse(subnet));
    }

    @Test
    void runsInTheOrderOfTincd() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS, "10.7.0.0/16", "10.7.0.1");

        scripts.start();
        scripts.onEvent(up(HUB, HUB_ADDRESS));
        scripts.onEvent(added(HUB, "10.8.0.0/16"));
        scripts.onEvent(added(HUB, "fd00:8::/64#5"));
        scripts.stop();

        assertThat(files.ran()).containsExactly(
                "tinc-up NAME=me",
                "subnet-up NAME=me NODE=me SUBNET=10.7.0.1 WEIGHT=",
                "subnet-up NAME=me NODE=me SUBNET=10.7.0.0/16 WEIGHT=",
                "host-up NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655",
                "hosts/hub-up NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655",
                "subnet-up NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655 SUBNET=10.8.0.0/16 WEIGHT=",
                "subnet-up NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655 SUBNET=fd00:8::/64 WEIGHT=5",
                "host-down NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655",
                "hosts/hub-down NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655",
                "subnet-down NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655 SUBNET=10.8.0.0/16 WEIGHT=",
                "subnet-down NAME=me NODE=hub REMOTEADDRESS=192.0.2.1 REMOTEPORT=655 SUBNET=fd00:8::/64 WEIGHT=5",
                "subnet-down NAME=me NODE=me SUBNET=10.7.0.1 WEIGHT=",
                "subnet-down NAME=me NODE=me SUBNET=10.7.0.0/16 WEIGHT=",
                "tinc-down NAME=me");
    }

    @Test
    void runsTheDownScriptsOfANodeOnceWhenItsSubnetsAreWithdrawnAfterIt() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS);
        scripts.start();
        scripts.onEvent(up(LEAF, LEAF_ADDRESS));
        scripts.onEvent(added(LEAF, "10.8.0.0/16"));

        scripts.onEvent(down(LEAF));
        scripts.onEvent(removed(LEAF, "10.8.0.0/16"));
        scripts.stop();

        assertThat(names(files.ran())).containsExactly("tinc-up", "host-up", "subnet-up", "host-down", "subnet-down", "tinc-down");
    }

    @Test
    void writesAnIpv6AddressInItsShortForm() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS);

        scripts.onEvent(up(LEAF, LEAF_ADDRESS));

        assertThat(files.ran().get(1)).isEqualTo("host-up NAME=me NODE=leaf REMOTEADDRESS=2001:db8::2 REMOTEPORT=656");
    }

    @Test
    void leavesTheAddressOutWhereNoneIsKnown() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS);
        scripts.start();

        scripts.onEvent(up(LEAF, Optional.empty()));

        assertThat(files.ran().get(1)).isEqualTo("host-up NAME=me NODE=leaf");
    }

    @Test
    void followsSubnetsThatComeAndGoWhileTheirOwnerIsReachable() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS);
        scripts.start();
        scripts.onEvent(up(LEAF, Optional.empty()));

        scripts.onEvent(added(LEAF, "10.8.0.1#7"));
        scripts.onEvent(added(LEAF, "10.8.0.1#7"));
        scripts.onEvent(removed(LEAF, "10.8.0.1#7"));
        scripts.onEvent(removed(LEAF, "10.8.0.1#7"));

        assertThat(files.ran().subList(2, files.ran().size())).containsExactly(
                "subnet-up NAME=me NODE=leaf SUBNET=10.8.0.1 WEIGHT=7",
                "subnet-down NAME=me NODE=leaf SUBNET=10.8.0.1 WEIGHT=7");
    }

    @Test
    void followsOwnSubnetsThatComeAndGo() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS, "10.7.0.1");
        scripts.start();

        scripts.onEvent(added(SELF, "10.7.0.2"));
        scripts.onEvent(removed(SELF, "10.7.0.1"));
        scripts.stop();

        assertThat(files.ran()).containsExactly(
                "tinc-up NAME=me",
                "subnet-up NAME=me NODE=me SUBNET=10.7.0.1 WEIGHT=",
                "subnet-up NAME=me NODE=me SUBNET=10.7.0.2 WEIGHT=",
                "subnet-down NAME=me NODE=me SUBNET=10.7.0.1 WEIGHT=",
                "subnet-down NAME=me NODE=me SUBNET=10.7.0.2 WEIGHT=",
                "tinc-down NAME=me");
    }

    @Test
    void holdsTheDeviceBackUntilAnotherNodeIsReachable() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.WHILE_OTHERS_ARE_REACHABLE, "10.7.0.1");
        scripts.start();
        assertThat(files.ran()).isEmpty();

        scripts.onEvent(up(HUB, Optional.empty()));
        scripts.onEvent(up(LEAF, Optional.empty()));
        scripts.onEvent(down(HUB));
        assertThat(names(files.ran())).containsExactly("tinc-up", "subnet-up", "host-up", "hosts/hub-up", "host-up", "host-down", "hosts/hub-down");

        scripts.onEvent(down(LEAF));
        scripts.stop();
        assertThat(names(files.ran()).subList(7, files.ran().size())).containsExactly("host-down", "subnet-down", "tinc-down");
    }

    @Test
    void ignoresEventsAfterTheStop() throws IOException {
        MeshScripts scripts = scripts(MeshScripts.DeviceUse.ALWAYS);
        scripts.start();
        scripts.stop();

        scripts.onEvent(up(HUB, HUB_ADDRESS));

        assertThat(names(files.ran())).containsExactly("tinc-up", "tinc-down");
    }

    @Test
    void runsNothingAtTheStopOfWhatNeverStarted() throws IOException {
        scripts(MeshScripts.DeviceUse.ALWAYS, "10.7.0.1").stop();

        assertThat(files.ran()).isEmpty();
    }

    @Test
    void warnsOfEventsThatWereLost() {
        scripts(MeshScripts.DeviceUse.ALWAYS).onEvent(new TincEvent.EventsLost(Instant.EPOCH, 9));

        assertThat(log.lines()).singleElement().asString().startsWith("WARN no script was run for 9 events");
    }

    private static List<String> names(List<String> lines) {
        return lines.stream().map(line -> line.split(" ")[0]).toList();
    }
}
