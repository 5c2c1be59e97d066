package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Heads of HTTP messages as a proxy reads and passes them on. */
class HttpHeadTest {

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void leavesTheBodyInTheStream() throws IOException {
        ByteArrayInputStream in = stream("POST http://far/ HTTP/1.1\r\nHost: far\r\nContent-Length: 4\r\n\r\nbody");
        HttpHead head = HttpHead.read(in);

        assertThat(head.first()).isEqualTo("POST http://far/ HTTP/1.1");
        assertThat(head.field("host")).contains("far");
        assertThat(in.readAllBytes()).isEqualTo("body".getBytes());
    }

    @Test
    void passesOnNothingThatIsMeantForTheProxy() throws IOException {
        HttpHead head = HttpHead.read(stream("GET http://far/ HTTP/1.1\r\nHost: far\r\nProxy-Authorization: Basic c2VjcmV0\r\n"
                + "Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\nAccept: */*\r\n\r\n"));

        assertThat(new String(head.forwarded("GET / HTTP/1.1"), StandardCharsets.ISO_8859_1))
                .isEqualTo("GET / HTTP/1.1\r\nHost: far\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertThatThrownBy(() -> HttpHead.read(stream("GET / HTTP/1.1\r\nHost: far"))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> HttpHead.read(stream("x".repeat(70_000)))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> HttpHead.read(stream("\r\n\r\n"))).isInstanceOf(ProtocolException.class);
    }
}
