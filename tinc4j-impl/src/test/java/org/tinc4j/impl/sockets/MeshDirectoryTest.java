package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.NodeName;
import org.tinc4j.impl.route.RoutingTable;

/** Names and addresses of a mesh. */
class MeshDirectoryTest {

    private final RoutingTable table = Tables.of(List.of(
            Map.entry("self", List.of("10.1.0.0/16", "10.2.0.1", "fd00::1")),
            Map.entry("billing", List.of("10.3.0.0/24", "10.3.0.9")),
            Map.entry("web_1", List.of("fd00::2")),
            Map.entry("Billing", List.of("10.4.0.1")),
            Map.entry("relay", List.of())));
    private final MeshDirectory directory = new MeshDirectory("corp", new NodeName("self"), () -> table);

    @ParameterizedTest
    @CsvSource({
        "billing, 10.3.0.9",
        "Billing, 10.4.0.1",
        "billing.corp, 10.3.0.9",
        "billing.CORP., 10.3.0.9",
        "WEB-1.corp, fd00:0:0:0:0:0:0:2",
        "10.9.9.9, 10.9.9.9",
        "[fd00::7], fd00:0:0:0:0:0:0:7"
    })
    void findsTheAddressOfAName(String host, String address) throws Exception {
        assertThat(directory.resolve(host).getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "billing.other", "relay", "10.0.0.0/8", "", ".corp", "localhost", "02:00:5e:00:53:01"})
    void knowsNoOtherName(String host) {
        assertThatThrownBy(() -> directory.resolve(host)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void tellsWhatIsOfTheMesh() {
        assertThat(directory.isOfMesh("web-1")).isTrue();
        assertThat(directory.isOfMesh("10.3.0.77")).isTrue();
        assertThat(directory.isOfMesh("10.9.0.1")).isFalse();
        assertThat(directory.isOfMesh("example.org")).isFalse();
    }

    @Test
    void prefersAnAddressThatIsItsAlone() throws Exception {
        assertThat(directory.sourceFor(TwoNodes.address("10.3.0.9"))).isEqualTo(TwoNodes.address("10.2.0.1"));
        assertThat(directory.ownAddresses()).containsExactly(TwoNodes.address("10.2.0.1"), TwoNodes.address("fd00::1"));
        assertThat(directory.isLocal(TwoNodes.address("10.1.2.3"))).isTrue();
        assertThat(directory.isLocal(TwoNodes.address("10.3.0.9"))).isFalse();
        assertThat(directory.ownerOf(TwoNodes.address("10.3.0.200"))).contains(new NodeName("billing"));
    }

    /** A hostile node would get what is meant for this host, or have us take this host for it. */
    @Test
    void nobodyIsThisHost() throws Exception {
        RoutingTable hostile = Tables.of(List.of(
                Map.entry("self", List.of("10.1.0.1")),
                Map.entry("localhost", List.of("10.6.6.6", "127.0.0.0/8", "::/0", "0.0.0.0/0")),
                Map.entry("here", List.of("127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0/0", "10.6.6.7"))));
        MeshDirectory deceived = new MeshDirectory("corp", new NodeName("self"), () -> hostile);

        for (String host : List.of("localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]", "0.0.0.0", "::",
                "::ffff:127.0.0.1", "localhost.corp")) {
            assertThat(deceived.isOfMesh(host)).as(host).isFalse();
        }
        assertThat(deceived.resolve("here").getHostAddress()).isEqualTo("10.6.6.7");
        assertThat(deceived.isOfMesh("10.6.6.6")).isTrue();
    }

    @Test
    void hasNothingBeforeTheFirstTable() {
        MeshDirectory early = new MeshDirectory("corp", new NodeName("self"), () -> null);
        assertThatThrownBy(() -> early.resolve("billing")).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> early.sourceFor(TwoNodes.address("10.3.0.9"))).isInstanceOf(ConnectException.class);
        assertThat(early.ownAddresses()).isEmpty();
    }
}
