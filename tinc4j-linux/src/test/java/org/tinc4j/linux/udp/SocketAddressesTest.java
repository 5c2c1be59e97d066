package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.linux.sys.Sockets.AF_INET;
import static org.tinc4j.linux.sys.Sockets.AF_INET6;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Addresses against bytes written by hand from ip(7) and ipv6(7). */
class SocketAddressesTest {

    private static final int AT = 4;

    private final ByteBuffer memory = ByteBuffer.allocate(40).order(ByteOrder.nativeOrder());

    @Test
    void anIpv4Address() {
        assertThat(write("192.0.2.7", 655, AF_INET)).isEqualTo(family(2) + "028f" + "c0000207" + "0000000000000000");
        assertThat(SocketAddresses.read(memory, AT)).isEqualTo(new InetSocketAddress("192.0.2.7", 655));
    }

    @Test
    void anIpv6Address() {
        assertThat(write("2001:db8::5", 65535, AF_INET6))
                .isEqualTo(family(10) + "ffff" + "00000000" + "20010db8000000000000000000000005" + "00000000");
        assertThat(SocketAddresses.read(memory, AT)).isEqualTo(new InetSocketAddress("2001:db8::5", 65535));
    }

    @Test
    void anIpv4AddressOfASocketOfBothFamiliesIsMappedThereOnly() {
        assertThat(write("192.0.2.7", 1, AF_INET6))
                .isEqualTo(family(10) + "0001" + "00000000" + "00000000000000000000ffffc0000207" + "00000000");
        InetSocketAddress read = SocketAddresses.read(memory, AT);
        assertThat(read).isEqualTo(new InetSocketAddress("192.0.2.7", 1));
        assertThat(read.getAddress()).isInstanceOf(Inet4Address.class);
    }

    @Test
    void theInterfaceOfALinkLocalAddressStays() throws Exception {
        Inet6Address local = Inet6Address.getByAddress(null, new byte[] {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 7);
        SocketAddresses.write(new InetSocketAddress(local, 655), AF_INET6, memory, AT);
        assertThat(((Inet6Address) SocketAddresses.read(memory, AT).getAddress()).getScopeId()).isEqualTo(7);
    }

    @Test
    void theInterfaceOfAnyOtherAddressIsLeftOut() {
        write("2001:db8::5", 655, AF_INET6);
        memory.putInt(AT + 24, 7);
        assertThat(((Inet6Address) SocketAddresses.read(memory, AT).getAddress()).getScopeId()).isZero();
    }

    @Test
    void anAddressThatTheSocketCannotReachHasNoName() {
        assertThat(SocketAddresses.write(new InetSocketAddress("::1", 655), AF_INET, memory, AT)).isZero();
        assertThat(SocketAddresses.write(InetSocketAddress.createUnresolved("example.net", 655), AF_INET6, memory, AT)).isZero();
        assertThat(SocketAddresses.write(null, AF_INET, memory, AT)).isZero();
    }

    @Test
    void aSenderIsTheSameObjectAgainAmongMany() {
        Senders senders = new Senders();
        write("2001:db8::5", 655, AF_INET6);
        InetSocketAddress first = senders.read(memory, AT);
        for (int i = 0; i < 20; i++) {
            write("192.0.2." + i, 655, AF_INET);
            assertThat(senders.read(memory, AT)).isEqualTo(new InetSocketAddress("192.0.2." + i, 655));
        }
        write("2001:db8::5", 655, AF_INET6);
        assertThat(senders.read(memory, AT)).isSameAs(first);
    }

    @Test
    void sendersThatDifferInPortOrInterfaceOnlyAreTwo() throws Exception {
        Senders senders = new Senders();
        write("fe80::1", 655, AF_INET6);
        memory.putInt(AT + 24, 1);
        InetSocketAddress one = senders.read(memory, AT);
        memory.putInt(AT + 24, 2);
        InetSocketAddress two = senders.read(memory, AT);
        assertThat(((Inet6Address) one.getAddress()).getScopeId()).isEqualTo(1);
        assertThat(((Inet6Address) two.getAddress()).getScopeId()).isEqualTo(2);
        write("192.0.2.1", 655, AF_INET);
        senders.read(memory, AT);
        write("192.0.2.1", 0x8f02, AF_INET);
        assertThat(senders.read(memory, AT).getPort()).isEqualTo(0x8f02);
    }

    @Test
    void manySendersAreAllRead() {
        Senders senders = new Senders();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5000; i++) {
                String address = "10.1." + i / 250 + "." + i % 250;
                write(address, i, AF_INET);
                assertThat(senders.read(memory, AT)).isEqualTo(new InetSocketAddress(address, i));
            }
        }
    }

    private String write(String address, int port, int family) {
        int length = SocketAddresses.write(new InetSocketAddress(address, port), family, memory, AT);
        return HexFormat.of().formatHex(memory.array(), AT, AT + length);
    }

    private static String family(int number) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "%02x00".formatted(number) : "00%02x".formatted(number);
    }
}
