package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "hub.example.net, hub.example.net:655",
        "192.0.2.1, 192.0.2.1:655",
        "2001:db8::1, [2001:db8::1]:655",
        "fe80::1%eth0, [fe80::1%eth0]:655",
        "h\u00fcb.example, h\u00fcb.example:655",
    })
    void printsHostAndPort(String host, String printed) {
        assertThat(new Endpoint(host, 655)).hasToString(printed);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void refusesPortsOutsideTheRange(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint("hub", port))
                .withMessageContainingAll("port " + port, "host hub", "1..65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "hub example", "hub\n", "[2001:db8::1]", "http://hub", "hub\u009b"})
    void refusesWhatIsNoBareHost(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint(host, 655))
                .satisfies(e -> assertThat(e.getMessage()).matches("endpoint host [ -~]+"));
    }

    @Test
    void refusesAPortInsideTheHost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint("hub.example.net:655", 655))
                .withMessageContaining("give the port as the second argument");
    }
}
