package org.tinc4j.impl.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** Packets to test with: some that a Linux 6 kernel sent over its loopback interface, and builders for others. */
public final class TestPackets {

    public static final byte[] PING_V4 = hex("4500002c5e9340004001c8260a0700050a070005 0800ffba36690001ab23046b000000000e4c040000000000");
    public static final byte[] PONG_V4 = hex("4500002c5e940000400108260a0700050a070005 000007bb36690001ab23046b000000000e4c040000000000");
    public static final byte[] PING_V6 = hex("6008face00193a40fd000007000000000000000000000005fd000007000000000000000000000005"
            + "8000de45366a0001ab23046b00000000be51040000000000ff");
    public static final byte[] PONG_V6 = hex("6001675b00193a40fd000007000000000000000000000005fd000007000000000000000000000005"
            + "8100dd45366a0001ab23046b00000000be51040000000000ff");

    /** The UDP packets went to a device that completes checksums: theirs is the folded pseudo header only. */
    public static final byte[] UDP_V4 = hex("4500002122504000401104650a0700050a070005 cf330009000d143668656c6c6f");
    public static final byte[] UDP_V6 = hex("600e50ab000d1140fd000007000000000000000000000005fd000007000000000000000000000005"
            + "86400009000dfa3768656c6c6f");
    public static final byte[] PORT_UNREACHABLE_V4 =
            hex("45c0003d5e950000400107540a0700050a070005 0303d5aa00000000 4500002122504000401104650a0700050a070005cf330009000d143668656c6c6f");
    public static final byte[] PORT_UNREACHABLE_V6 = hex("60091c19003d3a40fd000007000000000000000000000005fd000007000000000000000000000005"
            + "010483e900000000" + HexFormat.of().formatHex(UDP_V6));

    /** Where {@link #staysInside} puts the packet. */
    public static final int GUARD_BYTES = 32;

    private static final String ADDRESSES_V4 = "0a070001" + "0a090002";
    private static final String ADDRESSES_V6 = "fd000007000000000000000000000001" + "fd000009000000000000000000000002";

    private TestPackets() {}

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** From 10.7.0.1 to 10.9.0.2, TTL 64, header checksum right. */
    public static byte[] v4(int protocol, int flagsAndOffset, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity());
        packet.putShort((short) 0x1234).putShort((short) flagsAndOffset);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0).put(hex(ADDRESSES_V4)).put(payload);
        packet.putShort(10, (short) referenceChecksum(packet.array(), 0, 20));
        return packet.array();
    }

    /** From fd00:7::1 to fd00:9::2, hop limit 64. */
    public static byte[] v6(int nextHeader, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
        packet.putInt(0x60000000).putShort((short) payload.length).put((byte) nextHeader).put((byte) 64);
        return packet.put(hex(ADDRESSES_V6)).put(payload).array();
    }

    /** A TCP SYN over either, checksum right. {@code options} in hex, a multiple of four bytes. */
    public static byte[] syn(int version, String options) {
        byte[] optionBytes = hex(options);
        ByteBuffer tcp = ByteBuffer.allocate(20 + optionBytes.length);
        tcp.putShort((short) 49152).putShort((short) 443).putInt(0x11223344).putInt(0);
        tcp.put((byte) ((tcp.capacity() / 4) << 4)).put((byte) 2).putShort((short) 64240).putInt(0).put(optionBytes);
        byte[] packet = version == 4 ? v4(IpPacket.TCP, 0x4000, tcp.array()) : v6(IpPacket.TCP, tcp.array());
        int at = packet.length - tcp.capacity();
        int checksum = transportChecksum(packet, at);
        packet[at + 16] = (byte) (checksum >> 8);
        packet[at + 17] = (byte) checksum;
        return packet;
    }

    /** 0 if the checksum of the TCP segment or ICMPv6 message that starts at {@code at} is right. */
    public static int transportChecksum(byte[] packet, int at) {
        boolean v4 = packet[0] >> 4 == 4;
        byte[] addresses = v4 ? Arrays.copyOfRange(packet, 12, 20) : Arrays.copyOfRange(packet, 8, 40);
        int protocol = v4 ? packet[9] : packet[6];
        ByteBuffer covered = ByteBuffer.allocate(addresses.length + 8 + packet.length - at);
        covered.put(addresses).putInt(packet.length - at).putInt(protocol).put(packet, at, packet.length - at);
        return referenceChecksum(covered.array(), 0, covered.capacity());
    }

    /** RFC 1071 as it is written down: 16 bits at a time, the carry added at once. */
    public static int referenceChecksum(byte[] bytes, int off, int len) {
        int sum = 0;
        for (int i = 0; i < len; i++) {
            sum += (bytes[off + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }

    /** A buffer with the packet behind the usual headroom. */
    public static PacketBuffer buffer(byte[] packet) {
        PacketBuffer buffer = new PacketBuffer(ByteBuffer.allocateDirect(2048));
        buffer.reset(PacketDevice.HEADROOM_BYTES, packet.length);
        buffer.memory().put(buffer.offset(), packet);
        return buffer;
    }

    public static byte[] contents(PacketBuffer buffer) {
        byte[] bytes = new byte[buffer.length()];
        buffer.memory().get(buffer.offset(), bytes);
        return bytes;
    }

    /** Random bytes, or one of ours with some bytes changed and the end moved: the latter come further into a parser. */
    public static byte[] damaged(Random random) {
        byte[] packet =
                switch (random.nextInt(10)) {
                    case 0 -> PING_V4;
                    case 1 -> PING_V6;
                    case 2 -> PORT_UNREACHABLE_V4;
                    case 3 -> PORT_UNREACHABLE_V6;
                    case 4 -> syn(4, "0101020405b40101");
                    case 5 -> syn(6, "01020405b4010100");
                    case 6 -> v4(IpPacket.IPV4, 0, syn(4, "020405b4"));
                    case 7 -> v6(0, hex("2b00010400000000 2c00000000000000 3c00000112345678 3a00010400000000 8000000000000000"));
                    default -> {
                        byte[] bytes = new byte[random.nextInt(200)];
                        random.nextBytes(bytes);
                        yield bytes;
                    }
                };
        packet = Arrays.copyOf(packet, random.nextInt(3) == 0 ? random.nextInt(packet.length + 9) : packet.length);
        for (int i = random.nextInt(4); i > 0 && packet.length > 0; i--) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        }
        return packet;
    }

    /**
     * Runs a tool on a packet at the very end of its memory, so that touching a byte behind it throws; says whether the bytes before it were
     * left alone.
     */
    public static boolean staysInside(byte[] packet, Consumer<ByteBuffer> tool) {
        ByteBuffer memory = ByteBuffer.allocate(GUARD_BYTES + packet.length);
        Arrays.fill(memory.array(), (byte) 0xa5);
        memory.put(GUARD_BYTES, packet);
        tool.accept(memory);
        for (int i = 0; i < GUARD_BYTES; i++) {
            if (memory.get(i) != (byte) 0xa5) {
                return false;
            }
        }
        return true;
    }
}
