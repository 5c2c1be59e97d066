package org.tinc4j.impl.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * How far the body of an HTTP/1.1 message reaches.
 *
 * <p><b>Source.</b> RFC 9112 sections 6.3 and 7.1. What leaves a doubt is refused: two readers who see different ends see different messages.
 */
sealed interface HttpBody {

    /** As many bytes as the head says; none if it says nothing. */
    record Length(long bytes) implements HttpBody {}

    /** In chunks. */
    record Chunked() implements HttpBody {}

    /** All there is: of a response without length. */
    record ToEnd() implements HttpBody {}

    int BUFFER_BYTES = 32 << 10;
    int MAX_LINE_BYTES = 4 << 10;
    int MAX_TRAILER_BYTES = 64 << 10;

    /** Of a request. */
    static HttpBody ofRequest(HttpHead head) throws ProtocolException {
        HttpBody body = said(head, head.first().endsWith(" HTTP/1.0"));
        if (body instanceof ToEnd) {
            // "If a Transfer-Encoding header field is present in a request and the chunked transfer coding is not the final encoding, the
            // message body length cannot be determined reliably; the server MUST respond with the 400 (Bad Request) status code".
            throw new ProtocolException("the end of the request's body cannot be told");
        }
        return body == null ? new Length(0) : body;
    }

    /** Of the final response to a request of that method. */
    static HttpBody ofResponse(HttpHead head, String method, int status) throws ProtocolException {
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return new Length(0);
        }
        HttpBody body = said(head, head.first().startsWith("HTTP/1.0 "));
        return body == null ? new ToEnd() : body;
    }

    private static HttpBody said(HttpHead head, boolean old) throws ProtocolException {
        List<String> codings = head.all("transfer-encoding");
        List<String> lengths = head.all("content-length");
        if (codings.isEmpty() && lengths.isEmpty()) {
            return null;
        }
        if (codings.isEmpty()) {
            return new Length(length(lengths));
        }
        // "An HTTP/1.0 message containing a Transfer-Encoding header field" has to be treated "as if the framing is faulty", and one with both
        // "ought to be handled as an error".
        if (!lengths.isEmpty() || old) {
            throw new ProtocolException("the message says two lengths of its body, or chunks that its version has not");
        }
        String last = codings.getLast().toLowerCase(Locale.ROOT);
        return last.substring(last.lastIndexOf(',') + 1).strip().equals("chunked") ? new Chunked() : new ToEnd();
    }

    private static long length(List<String> said) throws ProtocolException {
        if (said.size() != 1 || !said.getFirst().matches("[0-9]{1,18}")) {
            throw new ProtocolException("the message has no single length");
        }
        return Long.parseLong(said.getFirst());
    }

    /**
     * Passes it on, and nothing behind it. Chunks are passed on without extensions and trailer, which need not reach anybody.
     *
     * @throws EOFException if it ends before it is whole
     * @throws ProtocolException if its chunks are none
     */
    default void copy(InputStream in, OutputStream out) throws IOException {
        switch (this) {
            case Length length -> copy(in, out, length.bytes());
            case Chunked chunks -> copyChunks(in, out);
            case ToEnd all -> in.transferTo(out);
        }
    }

    private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, bytes)];
        for (long left = bytes; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("the body ended " + left + " bytes early");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    private static void copyChunks(InputStream in, OutputStream out) throws IOException {
        long bytes;
        do {
            bytes = chunkBytes(HttpHead.line(in, new int[] {MAX_LINE_BYTES}));
            if (bytes > 0) {
                write(out, Long.toHexString(bytes) + "\r\n");
                copy(in, out, bytes);
                if (!HttpHead.line(in, new int[] {3}).isEmpty()) {
                    throw new ProtocolException("a chunk is longer than it says");
                }
                write(out, "\r\n");
            }
        } while (bytes > 0);
        int[] room = {MAX_TRAILER_BYTES};
        while (!HttpHead.line(in, room).isEmpty()) {
            // A field of the trailer.
        }
        write(out, "0\r\n\r\n");
    }

    private static long chunkBytes(String line) throws ProtocolException {
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (!digits.matches("[0-9A-Fa-f]{1,15}")) {
            throw new ProtocolException("a chunk has no length");
        }
        return Long.parseLong(digits, 16);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
