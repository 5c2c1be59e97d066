package org.tinc4j.impl.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The head of an HTTP/1.1 message: first line and fields, without the empty line.
 *
 * <p><b>Source.</b> RFC 9112 sections 2, 3.2 and 5; RFC 9110 section 7.6.1 for what a proxy must not pass on.
 *
 * @param first request or status line
 * @param fields in order
 */
record HttpHead(String first, List<Field> fields) {

    /**
     * One field.
     *
     * @param name in lower case
     * @param line as it came
     */
    record Field(String name, String value, String line) {}

    private static final int MAX_BYTES = 64 << 10;

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** "Intermediaries MUST NOT forward" these; and no upgrade, since there is one request for each connection. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "proxy-connection", "keep-alive", "proxy-authorization", "proxy-authenticate", "proxy-authentication-info",
            "upgrade", "http2-settings", "te", "trailer");

    /** What says how long the body is goes with it, whoever names it in Connection: without it the next server would see another message. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    /**
     * Reads one; the body stays in the stream, as long as that does not read ahead by itself.
     *
     * @throws ProtocolException if it is longer than 64 KiB, or some line is none; what is read of the stream then is of no use
     */
    static HttpHead read(InputStream in) throws IOException {
        int[] room = {MAX_BYTES};
        String first = line(in, room);
        if (first.isEmpty()) {
            first = line(in, room); // RFC 9112 section 2.2: "SHOULD ignore at least one empty line (CRLF) received prior to the request-line".
        }
        if (first.isEmpty()) {
            throw new ProtocolException("the head is empty");
        }
        List<Field> fields = new ArrayList<>();
        for (String line = line(in, room); !line.isEmpty(); line = line(in, room)) {
            fields.add(field(line));
        }
        return new HttpHead(first, fields);
    }

    /**
     * A line without its end.
     *
     * @param room bytes it may have; gets what is left
     */
    static String line(InputStream in, int[] room) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int value = in.read(); value != '\n'; value = in.read()) {
            if (value < 0) {
                throw new EOFException("the message ended within a line");
            }
            if (--room[0] <= 0) {
                throw new ProtocolException("the head is longer than " + MAX_BYTES + " bytes");
            }
            bytes.write(value);
        }
        String line = bytes.toString(StandardCharsets.ISO_8859_1);
        String stripped = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        // "A recipient of such a bare CR MUST consider that element to be invalid". Others take NUL for an end.
        if (stripped.indexOf('\r') >= 0 || stripped.indexOf('\0') >= 0) {
            throw new ProtocolException("a line of the head has CR or NUL in it");
        }
        return stripped;
    }

    /** Neither a continued line, nor one with space before its colon: such have been used to hide fields from one of two readers. */
    private static Field field(String line) throws ProtocolException {
        int colon = line.indexOf(':');
        if (colon < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
            throw new ProtocolException("a line of the head is no field");
        }
        return new Field(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip(), line);
    }

    /** The values of a field, one for each time it is there. */
    List<String> all(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
    }

    /**
     * A request as it is passed on, the last one of its connection.
     *
     * @param host whom it is for. RFC 9112 section 3.2.2: a proxy "MUST ignore the received Host header field (if any) and instead replace it
     *     with the host information of the request-target"
     */
    byte[] forwarded(String newFirst, String host) {
        return forwarded(new StringBuilder(newFirst).append("\r\nHost: ").append(host).append("\r\n"), Set.of("host"));
    }

    /** A response as it is passed on, the last one of its connection. */
    byte[] forwarded() {
        return forwarded(new StringBuilder(first).append("\r\n"), Set.of());
    }

    private byte[] forwarded(StringBuilder text, Set<String> replaced) {
        // "Intermediaries MUST parse a received Connection header field before a message is forwarded and, for each connection-option in
        // this field, remove any header or trailer field(s) from the message with the same name as the connection-option".
        Set<String> dropped = new HashSet<>();
        all("connection").forEach(value -> List.of(value.split(",")).forEach(option -> dropped.add(option.strip().toLowerCase(Locale.ROOT))));
        dropped.removeAll(FRAMING);
        dropped.addAll(HOP_BY_HOP);
        dropped.addAll(replaced);
        for (Field field : fields) {
            if (!dropped.contains(field.name())) {
                text.append(field.line()).append("\r\n");
            }
        }
        return text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As it came. */
    byte[] unchanged() {
        StringBuilder text = new StringBuilder(first).append("\r\n");
        fields.forEach(field -> text.append(field.line()).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
