package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the body of an HTTP message ends. */
class HttpBodyTest {

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static HttpHead head(String text) throws IOException {
        return HttpHead.read(stream(text + "\r\n\r\n"));
    }

    private static String copied(HttpBody body, ByteArrayInputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.copy(in, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aLengthIsKept() throws IOException {
        ByteArrayInputStream in = stream("bodyGET / HTTP/1.1");

        assertThat(copied(HttpBody.ofRequest(head("POST / HTTP/1.1\r\nContent-Length: 4")), in)).isEqualTo("body");
        assertThat(in.readAllBytes()).isEqualTo("GET / HTTP/1.1".getBytes());
    }

    @Test
    void aRequestThatSaysNothingHasNone() throws IOException {
        assertThat(copied(HttpBody.ofRequest(head("GET / HTTP/1.1")), stream("more"))).isEmpty();
    }

    @Test
    void chunksArePassedOnWithoutTrailer() throws IOException {
        ByteArrayInputStream in = stream("4;name=value\r\nbody\r\n0A\r\n0123456789\r\n0\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\nGET");

        assertThat(copied(HttpBody.ofRequest(head("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked")), in))
                .isEqualTo("4\r\nbody\r\na\r\n0123456789\r\n0\r\n\r\n");
        assertThat(in.readAllBytes()).isEqualTo("GET".getBytes());
    }

    @Test
    void aResponseMayEndWithItsConnection() throws IOException {
        assertThat(copied(HttpBody.ofResponse(head("HTTP/1.1 200 OK"), "GET", 200), stream("all there is"))).isEqualTo("all there is");
    }

    @Test
    void someResponsesHaveNoneWhateverTheySay() throws IOException {
        HttpHead length = head("HTTP/1.1 200 OK\r\nContent-Length: 4");

        assertThat(HttpBody.ofResponse(length, "HEAD", 200)).isEqualTo(new HttpBody.Length(0));
        assertThat(HttpBody.ofResponse(length, "GET", 304)).isEqualTo(new HttpBody.Length(0));
        assertThat(HttpBody.ofResponse(length, "GET", 200)).isEqualTo(new HttpBody.Length(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 4\r\nContent-Length: 5", "Content-Length: +4", "Content-Length: -4", "Content-Length: 4, 4", "Content-Length:",
        "Content-Length: 99999999999999999999", "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: identity"
    })
    void aRequestWhoseEndIsInDoubtIsRefused(String fields) {
        assertThatThrownBy(() -> HttpBody.ofRequest(head("POST / HTTP/1.1\r\n" + fields))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void anOldRequestHasNoChunks() {
        assertThatThrownBy(() -> HttpBody.ofRequest(head("POST / HTTP/1.0\r\nTransfer-Encoding: chunked"))).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4\r\nbodyX\r\n", "x\r\n", "-4\r\nbody", "\r\n", "ffffffffffffffff\r\n"})
    void damagedChunksAreRefused(String chunks) {
        assertThatThrownBy(() -> copied(new HttpBody.Chunked(), stream(chunks))).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4\r\nbod", "4\r\nbody\r\n", "0\r\n", "4"})
    void chunksThatEndEarlyAreNotWhole(String chunks) {
        assertThatThrownBy(() -> copied(new HttpBody.Chunked(), stream(chunks))).isInstanceOf(EOFException.class);
    }
}
