package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.Tinc;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;

class ChangesTest {

    private static final NodeKey KEY = NodeKey.generate();
    private static final NodeKey PEER_KEY = NodeKey.generate();

    private static NodeSettings settings(UnaryOperator<Tinc.Builder> more) {
        return more.apply(Tinc.network("net").name("me").key(KEY).device(Device.none())).settings();
    }

    private static NodeSettings withPeer(String name, int port) {
        return settings(node -> node.peer(name, peer -> peer.publicKey(PEER_KEY.publicKey()).endpoint("192.0.2.1", port)));
    }

    @Test
    void areNoneBetweenEqualConfigurations() {
        Changes changes = Changes.between(withPeer("hub", 655), withPeer("hub", 655));

        assertThat(changes.forgotten()).isEmpty();
        assertThat(changes.put()).isEmpty();
        assertThat(changes.withdrawn()).isEmpty();
        assertThat(changes.announced()).isEmpty();
        assertThat(Changes.needingRestart(withPeer("hub", 655), withPeer("hub", 656))).isEmpty();
    }

    @Test
    void tellPeersThatCameAndWent() {
        Changes changes = Changes.between(withPeer("old", 655), withPeer("new", 655));

        assertThat(changes.forgotten()).containsExactly(new NodeName("old"));
        assertThat(changes.put()).extracting(PeerSettings::name).containsExactly(new NodeName("new"));
    }

    @Test
    void tellAPeerWhoseSettingsChanged() {
        Changes changes = Changes.between(withPeer("hub", 655), withPeer("hub", 656));

        assertThat(changes.forgotten()).isEmpty();
        assertThat(changes.put()).containsExactlyElementsOf(withPeer("hub", 656).peers());
    }

    @Test
    void tellOwnSubnetsThatCameAndWentByWeightToo() {
        Changes changes = Changes.between(
                settings(node -> node.subnet("10.7.0.1").subnet("10.7.0.2").subnet("10.7.0.3#5")),
                settings(node -> node.subnet("10.7.0.2").subnet("10.7.0.3#6").subnet("10.7.0.4")));

        assertThat(changes.withdrawn()).containsExactly(Subnet.parse("10.7.0.1"), Subnet.parse("10.7.0.3#5"));
        assertThat(changes.announced()).containsExactly(Subnet.parse("10.7.0.3#6"), Subnet.parse("10.7.0.4"));
    }

    @Test
    void nameWhatOnlyARestartPutsIntoForce() {
        NodeSettings started = settings(node -> node);

        assertThat(Changes.needingRestart(started, settings(node -> node))).isEmpty();
        assertThat(Changes.needingRestart(started, settings(node -> node.key(PEER_KEY)))).containsExactly("Ed25519PrivateKeyFile");
        assertThat(Changes.needingRestart(started, settings(node -> node.port(1655)))).singleElement().asString().contains("Port");
        assertThat(Changes.needingRestart(started, settings(node -> node.device(Device.kernel())))).singleElement().asString().contains("Interface");
        assertThat(Changes.needingRestart(started, settings(node -> node.keyLifetime(Duration.ofSeconds(9)))))
                .singleElement().asString().contains("KeyExpire");
    }
}
