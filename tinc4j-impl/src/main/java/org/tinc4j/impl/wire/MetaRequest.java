package org.tinc4j.impl.wire;

import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * One request of the meta protocol: a line of text between two neighbours. Values; {@link MetaRequestParser} reads them.
 *
 * <p><b>Units and shapes.</b> Flooded requests carry a nonce that only makes their text unique, so a receiver that passes one on sends the
 * text it got and not {@link #encode()}: other spellings of the same content are legal. Text fields hold 1 to
 * {@value #MAX_FIELD_LENGTH} characters without white space.
 *
 * <p><b>Errors.</b> Constructors throw {@link IllegalArgumentException} for content that could not be read back.
 *
 * <p><b>Source.</b> tinc 1.1 meta protocol, sections on handshake, housekeeping, flooded and routed requests and packets on TCP.
 */
public sealed interface MetaRequest {

    /** Longest text field. "String fields hold no white space and at most 2048 characters." */
    int MAX_FIELD_LENGTH = 2048;

    /** Largest length a packet on the meta connection may announce, in bytes. */
    int MAX_PACKET_BYTES = 32767;

    /** Smallest value {@link MtuInfo} may carry, in bytes. "value &lt; 512: failure". */
    int MIN_MTU_BYTES = 512;

    /** {@link ReqKey#sub()} of a request without sub-request, as nodes without SPTPS send it. */
    int NO_SUB_REQUEST = -1;

    /**
     * Which request it is.
     *
     * @return its kind
     */
    RequestKind kind();

    /**
     * The line as tinc writes it.
     *
     * @return the text, without the newline that ends it on the wire
     */
    String encode();

    /**
     * Identifies the sender; the first line in either direction.
     *
     * @param name a node name; {@code ^} and a cookie for a control connection; {@code ?} and a public key for an invitation. Any text: the
     *     receiver decides
     * @param major protocol version, 0 to 99
     * @param minor protocol version, 0 to 999
     */
    record Id(String name, int major, int minor) implements MetaRequest {
        /** Checks the fields. */
        public Id {
            Fields.requireText("ID", "name", name);
            Fields.requireRange("ID", "major version", major, 0, 99);
            Fields.requireRange("ID", "minor version", minor, 0, 999);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.ID;
        }

        @Override
        public String encode() {
            return "0 " + name + " " + major + "." + minor;
        }

        /** Without the cookie of a control connection, which is a secret. */
        @Override
        public String toString() {
            return "Id[name=" + (name.startsWith("^") ? "^…" : name) + ", major=" + major + ", minor=" + minor + "]";
        }
    }

    /**
     * Activates the connection.
     *
     * @param udpPort the sender's UDP port, 0 to 65535
     * @param weight the sender's estimate of the edge's weight, in milliseconds; any int
     * @param options flags in the low 24 bits, minor version in the top 8
     */
    record Ack(int udpPort, int weight, int options) implements MetaRequest {
        /** Checks the fields. */
        public Ack {
            Fields.requireRange("ACK", "UDP port", udpPort, 0, 65535);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.ACK;
        }

        @Override
        public String encode() {
            return "4 " + udpPort + " " + weight + " " + Integer.toHexString(options);
        }
    }

    /** Asks the receiver to close the connection. */
    record Termreq() implements MetaRequest {
        @Override
        public RequestKind kind() {
            return RequestKind.TERMREQ;
        }

        @Override
        public String encode() {
            return "7";
        }
    }

    /** To be answered by {@link Pong} at once. */
    record Ping() implements MetaRequest {
        @Override
        public RequestKind kind() {
            return RequestKind.PING;
        }

        @Override
        public String encode() {
            return "8";
        }
    }

    /** The answer to {@link Ping}. */
    record Pong() implements MetaRequest {
        @Override
        public RequestKind kind() {
            return RequestKind.PONG;
        }

        @Override
        public String encode() {
            return "9";
        }
    }

    /**
     * A node owns a subnet. Flooded.
     *
     * @param nonce any number
     * @param owner the node
     * @param subnet the subnet; host bits may be set
     */
    record AddSubnet(int nonce, NodeName owner, Subnet subnet) implements MetaRequest {
        @Override
        public RequestKind kind() {
            return RequestKind.ADD_SUBNET;
        }

        @Override
        public String encode() {
            return "10 " + Integer.toHexString(nonce) + " " + owner + " " + subnet;
        }
    }

    /**
     * A node no longer owns a subnet. Flooded.
     *
     * @param nonce any number
     * @param owner the node
     * @param subnet the subnet; host bits may be set
     */
    record DelSubnet(int nonce, NodeName owner, Subnet subnet) implements MetaRequest {
        @Override
        public RequestKind kind() {
            return RequestKind.DEL_SUBNET;
        }

        @Override
        public String encode() {
            return "11 " + Integer.toHexString(nonce) + " " + owner + " " + subnet;
        }
    }

    /**
     * A node has a meta connection to another one. Flooded.
     *
     * @param nonce any number
     * @param from the node that says so
     * @param to the other node, different from {@code from}
     * @param address where {@code from} sees {@code to}: a numeric address, {@code unspec}, or any text
     * @param port UDP port of {@code to} as text
     * @param options flags of the edge
     * @param weight weight of the edge, any int
     * @param localAddress address of {@code from} on that connection, empty when absent
     * @param localPort UDP port of {@code from} as text, empty when {@code localAddress} is
     */
    record AddEdge(
            int nonce,
            NodeName from,
            NodeName to,
            String address,
            String port,
            int options,
            int weight,
            String localAddress,
            String localPort)
            implements MetaRequest {
        /** Checks the fields. */
        public AddEdge {
            Fields.requireDifferent("ADD_EDGE", from, to);
            Fields.requireText("ADD_EDGE", "address", address);
            Fields.requireText("ADD_EDGE", "port", port);
            Fields.requireBothOrNeither("ADD_EDGE", "local address", localAddress, "local port", localPort);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.ADD_EDGE;
        }

        @Override
        public String encode() {
            String line = "12 " + Integer.toHexString(nonce) + " " + from + " " + to + " " + address + " " + port + " "
                    + Integer.toHexString(options) + " " + weight;
            return localAddress.isEmpty() ? line : line + " " + localAddress + " " + localPort;
        }
    }

    /**
     * A node lost its meta connection to another one. Flooded.
     *
     * @param nonce any number
     * @param from the node that says so
     * @param to the other node, different from {@code from}
     */
    record DelEdge(int nonce, NodeName from, NodeName to) implements MetaRequest {
        /** Checks the fields. */
        public DelEdge {
            Fields.requireDifferent("DEL_EDGE", from, to);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.DEL_EDGE;
        }

        @Override
        public String encode() {
            return "13 " + Integer.toHexString(nonce) + " " + from + " " + to;
        }
    }

    /**
     * A node's legacy packet keys are void. Flooded; without effect on nodes that speak SPTPS.
     *
     * @param nonce any number
     * @param node the node
     */
    record KeyChanged(int nonce, NodeName node) implements MetaRequest {
        @Override
        public RequestKind kind() {
            return RequestKind.KEY_CHANGED;
        }

        @Override
        public String encode() {
            return "14 " + Integer.toHexString(nonce) + " " + node;
        }
    }

    /**
     * Starts a tunnel, fetches a public key, or carries a datagram as text. Routed.
     *
     * @param from the sender
     * @param to the destination
     * @param sub number of the sub-request: 15 start, 19 ask for key, 20 the key, 21 datagram; others may come and are to be ignored;
     *     {@value #NO_SUB_REQUEST} for the legacy form
     * @param data what the sub-request carries, empty when nothing
     */
    record ReqKey(NodeName from, NodeName to, int sub, String data) implements MetaRequest {
        /** Checks the fields. */
        public ReqKey {
            Fields.requireRange("REQ_KEY", "sub-request", sub, NO_SUB_REQUEST, Integer.MAX_VALUE);
            if (!data.isEmpty()) {
                Fields.requireText("REQ_KEY", "data", data);
                Fields.requireRange("REQ_KEY", "sub-request of data", sub, 0, Integer.MAX_VALUE);
            }
        }

        @Override
        public RequestKind kind() {
            return RequestKind.REQ_KEY;
        }

        @Override
        public String encode() {
            String line = "15 " + from + " " + to;
            if (sub != NO_SUB_REQUEST) {
                line += " " + sub;
            }
            return data.isEmpty() ? line : line + " " + data;
        }
    }

    /**
     * Carries a handshake record of a tunnel, or a legacy key. Routed.
     *
     * @param from the sender
     * @param to the destination
     * @param key the record in tinc's base64, or the legacy key
     * @param cipher legacy cipher, -1 with SPTPS
     * @param digest legacy digest, -1 with SPTPS
     * @param macLength legacy MAC length in bytes, -1 with SPTPS
     * @param compression level in which {@code from} wants to receive; not checked here, since an unknown one is no violation
     * @param address UDP address of {@code from} as a relay on the way sees it, empty when absent
     * @param port the port of {@code address} as text, empty when that is
     */
    record AnsKey(
            NodeName from,
            NodeName to,
            String key,
            int cipher,
            int digest,
            int macLength,
            int compression,
            String address,
            String port)
            implements MetaRequest {
        /** Checks the fields. */
        public AnsKey {
            Fields.requireText("ANS_KEY", "key", key);
            Fields.requireBothOrNeither("ANS_KEY", "address", address, "port", port);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.ANS_KEY;
        }

        @Override
        public String encode() {
            String line = "16 " + from + " " + to + " " + key + " " + cipher + " " + digest + " " + macLength + " "
                    + compression;
            return address.isEmpty() ? line : line + " " + address + " " + port;
        }

        /** Without the key: in the legacy form it is a secret. */
        @Override
        public String toString() {
            return "AnsKey[from=" + from + ", to=" + to + ", key=…, cipher=" + cipher + ", digest=" + digest
                    + ", macLength=" + macLength + ", compression=" + compression + ", address=" + address + ", port="
                    + port + "]";
        }
    }

    /**
     * The next record of the connection is a packet: a whole Ethernet frame, in router mode too.
     *
     * @param length its length in bytes, 0 to {@value #MAX_PACKET_BYTES}; 0 means that nothing follows
     */
    record PacketHeader(int length) implements MetaRequest {
        /** Checks the field. */
        public PacketHeader {
            Fields.requireRange("PACKET", "length", length, 0, MAX_PACKET_BYTES);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.PACKET;
        }

        @Override
        public String encode() {
            return "17 " + length;
        }
    }

    /**
     * The next raw bytes of the stream, outside of SPTPS, are a sealed datagram behind destination id and source id.
     *
     * @param length their number, ids included, {@value RelayIds#BYTES} to {@value #MAX_PACKET_BYTES}
     */
    record SptpsPacketHeader(int length) implements MetaRequest {
        /** Checks the field. */
        public SptpsPacketHeader {
            Fields.requireRange("SPTPS_PACKET", "length", length, RelayIds.BYTES, MAX_PACKET_BYTES);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.SPTPS_PACKET;
        }

        @Override
        public String encode() {
            return "21 " + length;
        }
    }

    /**
     * Tells the nodes on the way to {@code to} where the hop before sees {@code from}. Routed.
     *
     * @param from whose address it is
     * @param to the destination
     * @param address the UDP address
     * @param port the UDP port as text
     */
    record UdpInfo(NodeName from, NodeName to, String address, String port) implements MetaRequest {
        /** Checks the fields. */
        public UdpInfo {
            Fields.requireText("UDP_INFO", "address", address);
            Fields.requireText("UDP_INFO", "port", port);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.UDP_INFO;
        }

        @Override
        public String encode() {
            return "22 " + from + " " + to + " " + address + " " + port;
        }
    }

    /**
     * Tells {@code to} which packet size reaches {@code from}. Routed.
     *
     * @param from whom the size reaches
     * @param to the destination
     * @param mtu the size in bytes, at least {@value #MIN_MTU_BYTES}; values above 1518 are legal and to be cut to it
     */
    record MtuInfo(NodeName from, NodeName to, int mtu) implements MetaRequest {
        /** Checks the fields. */
        public MtuInfo {
            Fields.requireRange("MTU_INFO", "mtu", mtu, MIN_MTU_BYTES, Integer.MAX_VALUE);
        }

        @Override
        public RequestKind kind() {
            return RequestKind.MTU_INFO;
        }

        @Override
        public String encode() {
            return "23 " + from + " " + to + " " + mtu;
        }
    }
}
