package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of HTTP messages as a proxy reads and passes them on. */
class HttpHeadTest {

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1);
    }

    @Test
    void leavesTheBodyInTheStream() throws IOException {
        ByteArrayInputStream in = stream("POST http://far/ HTTP/1.1\r\nHost: far\r\nContent-Length: 4\r\n\r\nbody");
        HttpHead head = HttpHead.read(in);

        assertThat(head.first()).isEqualTo("POST http://far/ HTTP/1.1");
        assertThat(head.all("content-length")).containsExactly("4");
        assertThat(in.readAllBytes()).isEqualTo("body".getBytes());
    }

    @Test
    void passesOnNothingThatIsMeantForTheProxy() throws IOException {
        HttpHead head = HttpHead.read(stream("GET http://far/ HTTP/1.1\r\nHost: far\r\nProxy-Authorization: Basic c2VjcmV0\r\n"
                + "TE: trailers\r\nKeep-Alive: 5\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c\r\nAccept: */*\r\n\r\n"));

        assertThat(text(head.forwarded("GET / HTTP/1.1", "far")))
                .isEqualTo("GET / HTTP/1.1\r\nHost: far\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    }

    @Test
    void passesOnNothingThatConnectionNames() throws IOException {
        String fields = "X-Hop: 1\r\nConnection: close, x-hop\r\nX-End: 2\r\nconnection: X-OTHER\r\nx-other: 3\r\n\r\n";

        assertThat(text(HttpHead.read(stream("HTTP/1.1 200 OK\r\n" + fields)).forwarded()))
                .isEqualTo("HTTP/1.1 200 OK\r\nX-End: 2\r\nConnection: close\r\n\r\n");
    }

    /** The next server would take the body for another request. */
    @Test
    void keepsWhatSaysHowLongTheBodyIs() throws IOException {
        HttpHead head = HttpHead.read(stream("POST http://far/ HTTP/1.1\r\nConnection: content-length\r\nContent-Length: 4\r\n\r\n"));

        assertThat(text(head.forwarded("POST / HTTP/1.1", "far"))).contains("\r\nContent-Length: 4\r\n");
    }

    @Test
    void theTargetDecidesWhatTheHostIs() throws IOException {
        HttpHead head = HttpHead.read(stream("GET http://far:8080/ HTTP/1.1\r\nAccept: a\r\nHost: other\r\nhost: third\r\n\r\n"));

        assertThat(text(head.forwarded("GET / HTTP/1.1", "far:8080")))
                .isEqualTo("GET / HTTP/1.1\r\nHost: far:8080\r\nAccept: a\r\nConnection: close\r\n\r\n");
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertThatThrownBy(() -> HttpHead.read(stream("GET / HTTP/1.1\r\nHost: far"))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> HttpHead.read(stream("x".repeat(70_000)))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> HttpHead.read(stream("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(20_000)))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> HttpHead.read(stream("\r\n\r\n"))).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Proxy-Authorization: Basic\r\n c2VjcmV0", "Content-Length : 4", "a: b\rc: d", "a: \0", ": b", "nothing"})
    void refusesAFieldThatReadersTakeDifferently(String field) {
        assertThatThrownBy(() -> HttpHead.read(stream("GET / HTTP/1.1\r\n" + field + "\r\n\r\n"))).isInstanceOf(ProtocolException.class);
    }
}
