package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.config.Timing;

class TincBuilderTest {

    private static final NodeKey KEY = NodeKey.generate();
    private static final String PEER_KEY = NodeKey.generate().publicKey().toString();

    @Test
    void needsNoMoreThanNameAndKey() {
        NodeSettings settings = Tinc.network("corp").name("orders").key(KEY).settings();

        assertThat(settings.network()).isEqualTo("corp");
        assertThat(settings.name()).isEqualTo(new NodeName("orders"));
        assertThat(settings.key()).isSameAs(KEY);
        assertThat(settings.subnets()).isEmpty();
        assertThat(settings.listen()).isEmpty();
        assertThat(settings.peers()).isEmpty();
        assertThat(settings.device()).isEqualTo(Device.auto());
        assertThat(settings.timing()).isEqualTo(Timing.DEFAULT);
        assertThat(settings.routing()).isEqualTo(RoutingOptions.DEFAULT);
        assertThat(settings.link()).isEqualTo(LinkOptions.DEFAULT);
        assertThat(settings.executor()).isEqualTo(Optional.empty());
        assertThat(settings.logger().getName()).isEqualTo("org.tinc4j.corp");
    }

    @Test
    void reportsEveryProblemAtOnce() {
        Tinc.Builder builder = Tinc.network("corp")
                .subnet("10.7.0.5")
                .subnet("10.7.0.5")
                .ping(Duration.ofSeconds(1), Duration.ofSeconds(2))
                .peer("hub", hub -> hub.endpoint("hub.example.net", 655).subnet("10.7.0.0/16"));

        assertThatExceptionOfType(ConfigException.class).isThrownBy(builder::settings).satisfies(e -> {
            assertThat(e.problems()).satisfiesExactly(
                    problem -> assertThat(problem).contains("no name", "Builder.name"),
                    problem -> assertThat(problem).contains("no key", "Builder.key"),
                    problem -> assertThat(problem).contains("PT2S", "PT1S"),
                    problem -> assertThat(problem).contains("10.7.0.5 is given twice"),
                    problem -> assertThat(problem).contains("hub", "no public key", "Peer.publicKey"),
                    problem -> assertThat(problem).contains("10.7.0.0/16", "hub", "covers"));
            assertThat(e).hasMessageStartingWith(e.problems().size() + " problems: ");
        });
    }

    @Test
    void refusesAPeerOfItsOwnName() {
        Tinc.Builder builder = Tinc.network("corp").name("orders").key(KEY).peer("orders", peer -> {});

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(builder::settings)
                .withMessage("peer \"orders\" has the node's own name");
    }

    @Test
    void refusesABadSingleValueAtOnce() {
        Tinc.Builder builder = Tinc.network("corp");

        assertThatIllegalArgumentException().isThrownBy(() -> Tinc.network("a/b")).withMessageContaining("a/b");
        assertThatIllegalArgumentException().isThrownBy(() -> Tinc.network(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.name("a-b"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.key("no key"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.subnet("10.7.0.5/16"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.port(65536));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.keyLifetime(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.peer("hub", hub -> hub.endpoint("hub", 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.peer("hub", hub -> hub.publicKey("short")));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.peer("hub", hub -> hub.pmtu(511)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.peer("hub", hub -> hub.weight(-1)));
    }

    @Test
    void dialsAPeerThatHasAnEndpointUnlessTold() {
        NodeSettings settings = Tinc.network("corp")
                .name("orders")
                .key(KEY)
                .peer("dialled", peer -> peer.publicKey(PEER_KEY).endpoint("hub.example.net", 655))
                .peer("accepted", peer -> peer.publicKey(PEER_KEY).endpoint("hub.example.net", 655).acceptOnly())
                .peer("nowhere", peer -> peer.publicKey(PEER_KEY))
                .peer("met", peer -> {})
                .settings();

        assertThat(settings.peers()).filteredOn(PeerSettings::dial).extracting(PeerSettings::name).containsExactly(new NodeName("dialled"));
        assertThat(settings.peers()).hasSize(4);
    }

    @Test
    void givesSettingsThatLaterCallsDoNotChange() {
        Tinc.Builder builder = Tinc.network("corp").name("orders").key(KEY).subnet("10.7.0.5");
        NodeSettings settings = builder.settings();

        builder.subnet("10.7.0.6").peer("hub", hub -> {}).port(655);

        assertThat(settings.subnets()).isEqualTo(List.of(Subnet.parse("10.7.0.5")));
        assertThat(settings.peers()).isEmpty();
        assertThat(settings.listen()).isEmpty();
    }

    @Test
    void neverPrintsThePrivateKey() {
        NodeSettings settings = Tinc.network("corp").name("orders").key(KEY).settings();

        assertThat(settings.toString()).doesNotContain(KEY.text().lines().skip(1).findFirst().orElseThrow().substring(0, 8));
    }
}
