package org.tinc4j.impl.wire;

import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * Reads the lines of the meta protocol.
 *
 * <p><b>Units and shapes.</b> As tolerant as tincd where its peers could depend on it: any white space separates, leading blanks and surplus
 * fields are ignored, host bits and upper case are accepted. Stricter in one point: a number must fill its field.
 *
 * <p><b>Errors.</b> Never throws; what cannot be a request is {@link Result.Malformed}, which closes the connection it came on.
 *
 * <p><b>Source.</b> tinc 1.1 meta protocol, sections on transport and framing and on tolerance.
 */
public final class MetaRequestParser {

    private MetaRequestParser() {}

    /** What came of a line. */
    public sealed interface Result {

        /**
         * It is a request.
         *
         * @param request the request
         */
        record Parsed(MetaRequest request) implements Result {}

        /**
         * It is none, or one that must not be received.
         *
         * @param reason why, in printable ASCII, at most 80 characters
         */
        record Malformed(String reason) implements Result {}
    }

    /**
     * Reads one request.
     *
     * @param line the text of one record, one character per byte, with or without the newline at its end
     * @return the request, or why it is none
     */
    public static Result parse(String line) {
        FieldReader fields = new FieldReader(line);
        if (line.indexOf('\0') >= 0) {
            // Passed on, it would end the line early for a node written in C, which then closes its connection to us.
            fields.fail("the line contains NUL");
        }
        String number = fields.text("number");
        RequestKind kind = RequestKind.of((int) Math.max(-1, FieldReader.parseDecimal(number)));
        if (kind == null) {
            fields.fail("\"" + FieldReader.quoted(number) + "\" is no request number");
        } else {
            fields.request(kind);
        }
        return fields.failed() ? fields.result(null) : parse(kind, fields);
    }

    private static Result parse(RequestKind kind, FieldReader fields) {
        return switch (kind) {
            case ID -> id(fields);
            case ACK -> ack(fields);
            case TERMREQ -> new Result.Parsed(new MetaRequest.Termreq());
            case PING -> new Result.Parsed(new MetaRequest.Ping());
            case PONG -> new Result.Parsed(new MetaRequest.Pong());
            case ADD_SUBNET, DEL_SUBNET -> subnet(kind, fields);
            case ADD_EDGE -> addEdge(fields);
            case DEL_EDGE -> delEdge(fields);
            case KEY_CHANGED -> keyChanged(fields);
            case REQ_KEY -> reqKey(fields);
            case ANS_KEY -> ansKey(fields);
            case PACKET -> {
                int length = fields.decimal("length", 0, MetaRequest.MAX_PACKET_BYTES);
                yield fields.result(() -> new MetaRequest.PacketHeader(length));
            }
            case SPTPS_PACKET -> {
                int length = fields.decimal("length", RelayIds.BYTES, MetaRequest.MAX_PACKET_BYTES);
                yield fields.result(() -> new MetaRequest.SptpsPacketHeader(length));
            }
            case UDP_INFO -> udpInfo(fields);
            case MTU_INFO -> mtuInfo(fields);
            case METAKEY, CHALLENGE, CHAL_REPLY -> refused(fields, "belongs to the legacy handshake");
            case STATUS, ERROR -> refused(fields, "is not handled by any node");
            case CONTROL -> refused(fields, "belongs on a control socket");
            case REQ_PUBKEY, ANS_PUBKEY -> refused(fields, "is legal inside REQ_KEY only");
        };
    }

    private static Result refused(FieldReader fields, String why) {
        fields.fail(why);
        return fields.result(null);
    }

    private static Result id(FieldReader fields) {
        String name = fields.text("name");
        String version = fields.text("version");
        // "major at most 2 digits; '.'; minor at most 3 digits. The minor part may be missing (counts as 0)."
        int majorDigits = countDigits(version, 0, 2);
        if (majorDigits == 0) {
            fields.fail("version \"" + FieldReader.quoted(version) + "\" does not start with a number");
        }
        boolean hasMinor = version.startsWith(".", majorDigits);
        int minorStart = majorDigits + 1;
        int minorDigits = hasMinor ? countDigits(version, minorStart, 3) : 0;
        return fields.result(() -> new MetaRequest.Id(
                name,
                Integer.parseInt(version, 0, majorDigits, 10),
                minorDigits == 0 ? 0 : Integer.parseInt(version, minorStart, minorStart + minorDigits, 10)));
    }

    private static int countDigits(String text, int from, int max) {
        int count = 0;
        while (count < max && from + count < text.length() && isDigit(text.charAt(from + count))) {
            count++;
        }
        return count;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Result ack(FieldReader fields) {
        int udpPort = fields.decimal("UDP port", 0, 65535);
        int weight = fields.decimal("weight");
        int options = fields.hex("options");
        return fields.result(() -> new MetaRequest.Ack(udpPort, weight, options));
    }

    private static Result subnet(RequestKind kind, FieldReader fields) {
        int nonce = fields.hex("nonce");
        NodeName owner = fields.name("owner");
        Subnet subnet = fields.subnet();
        return fields.result(() -> kind == RequestKind.ADD_SUBNET
                ? new MetaRequest.AddSubnet(nonce, owner, subnet)
                : new MetaRequest.DelSubnet(nonce, owner, subnet));
    }

    private static Result addEdge(FieldReader fields) {
        int nonce = fields.hex("nonce");
        NodeName from = fields.name("from");
        NodeName to = fields.name("to");
        String address = fields.text("address");
        String port = fields.text("port");
        int options = fields.hex("options");
        int weight = fields.decimal("weight");
        String localAddress = fields.optionalText();
        // "exactly 6 or at least 8 parameters after the nonce (7 is a failure)"
        String localPort = localAddress.isEmpty() ? "" : fields.text("local port");
        refuseLoop(fields, from, to);
        return fields.result(() ->
                new MetaRequest.AddEdge(nonce, from, to, address, port, options, weight, localAddress, localPort));
    }

    private static Result delEdge(FieldReader fields) {
        int nonce = fields.hex("nonce");
        NodeName from = fields.name("from");
        NodeName to = fields.name("to");
        refuseLoop(fields, from, to);
        return fields.result(() -> new MetaRequest.DelEdge(nonce, from, to));
    }

    private static void refuseLoop(FieldReader fields, NodeName from, NodeName to) {
        if (from != null && from.equals(to)) {
            fields.fail("from and to are both \"" + FieldReader.quoted(from.value()) + "\"");
        }
    }

    private static Result keyChanged(FieldReader fields) {
        int nonce = fields.hex("nonce");
        NodeName node = fields.name("node");
        return fields.result(() -> new MetaRequest.KeyChanged(nonce, node));
    }

    private static Result reqKey(FieldReader fields) {
        NodeName from = fields.name("from");
        NodeName to = fields.name("to");
        // No violation if it cannot be read: it is for the destination, which may know more than we do.
        long sub = FieldReader.parseDecimal(fields.optionalText());
        String data = sub < 0 ? "" : fields.optionalText();
        return fields.result(() ->
                new MetaRequest.ReqKey(from, to, sub < 0 ? MetaRequest.NO_SUB_REQUEST : (int) sub, data));
    }

    private static Result ansKey(FieldReader fields) {
        NodeName from = fields.name("from");
        NodeName to = fields.name("to");
        String key = fields.text("key");
        int cipher = fields.decimal("cipher");
        int digest = fields.decimal("digest");
        int macLength = fields.decimal("MAC length");
        int compression = fields.decimal("compression");
        String address = fields.optionalText();
        String port = fields.optionalText();
        boolean complete = !port.isEmpty();
        return fields.result(() -> new MetaRequest.AnsKey(
                from, to, key, cipher, digest, macLength, compression, complete ? address : "", port));
    }

    private static Result udpInfo(FieldReader fields) {
        NodeName from = fields.name("from");
        NodeName to = fields.name("to");
        String address = fields.text("address");
        String port = fields.text("port");
        return fields.result(() -> new MetaRequest.UdpInfo(from, to, address, port));
    }

    private static Result mtuInfo(FieldReader fields) {
        NodeName from = fields.name("from");
        NodeName to = fields.name("to");
        int mtu = fields.decimal("mtu", MetaRequest.MIN_MTU_BYTES, Integer.MAX_VALUE);
        return fields.result(() -> new MetaRequest.MtuInfo(from, to, mtu));
    }
}
