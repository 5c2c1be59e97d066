package org.tinc4j.impl.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The head of an HTTP/1.1 message: first line and fields, without the empty line.
 *
 * <p><b>Source.</b> RFC 9112 section 2; RFC 9110 section 7.6.1 for what a proxy must not pass on.
 *
 * @param first request or status line
 * @param fields as they came, one a line
 */
record HttpHead(String first, List<String> fields) {

    private static final int MAX_BYTES = 64 << 10;

    /** "Intermediaries MUST NOT forward" these; and no upgrade, since there is one request for each connection. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "proxy-connection", "keep-alive", "proxy-authorization", "proxy-authenticate", "upgrade", "http2-settings", "te");

    /** Reads one; the body stays in the stream, as long as that does not read ahead by itself. */
    static HttpHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        while (true) {
            int value = in.read();
            if (value < 0) {
                throw new EOFException("the message ended within its head");
            }
            bytes.write(value);
            last = last << 8 | value;
            if (last == 0x0d0a0d0a || (last & 0xffff) == 0x0a0a) {
                break;
            }
            if (bytes.size() > MAX_BYTES) {
                throw new ProtocolException("the head is longer than " + MAX_BYTES + " bytes");
            }
        }
        List<String> lines = new ArrayList<>(bytes.toString(StandardCharsets.ISO_8859_1).lines().toList());
        lines.removeIf(String::isEmpty);
        if (lines.isEmpty()) {
            throw new ProtocolException("the head is empty");
        }
        return new HttpHead(lines.getFirst(), lines.subList(1, lines.size()));
    }

    /** A field's value. */
    Optional<String> field(String name) {
        return fields.stream()
                .filter(line -> name(line).equals(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static String name(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }

    /** As it is passed on: with another first line, and an end of the connection behind the message. */
    byte[] forwarded(String newFirst) {
        StringBuilder text = new StringBuilder(newFirst).append("\r\n");
        for (String line : fields) {
            if (!HOP_BY_HOP.contains(name(line))) {
                text.append(line).append("\r\n");
            }
        }
        return text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As it came. */
    byte[] unchanged() {
        StringBuilder text = new StringBuilder(first).append("\r\n");
        fields.forEach(line -> text.append(line).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
