package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.route.IcmpError;
import org.tinc4j.impl.stack.tcp.Flow;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;

/** ICMP errors lead back to whoever sent what they quote. */
class IcmpQuoteTest {

    private final PacketBuffer error = new PacketBuffer(ByteBuffer.allocate(2000));

    private static ByteBuffer segment(byte[] from, byte[] to) {
        int ip = Packets.ipHeaderBytes(from);
        ByteBuffer m = ByteBuffer.allocate(ip + 20);
        Packets.ip(m, 0, from, to, IpPacket.TCP, ip + 20, 7, true);
        m.putInt(ip, 5000 << 16 | 80);
        m.putInt(ip + 4, 123456);
        return m;
    }

    private IcmpQuote read() {
        ByteBuffer m = error.memory();
        int transport = IpPacket.transportOffset(m, error.offset());
        return IcmpQuote.read(m, error.offset(), transport, IpPacket.totalLength(m, error.offset()) - transport);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.8.0.1 10.8.0.2", "fd00::1 fd00::2"})
    void namesTheFlowAndThePathMtu(String addresses) throws Exception {
        InetAddress from = InetAddress.getByName(addresses.split(" ")[0]);
        InetAddress to = InetAddress.getByName(addresses.split(" ")[1]);
        assertThat(IcmpError.tooBig(1300, segment(from.getAddress(), to.getAddress()), 0, error)).isTrue();

        IcmpQuote quote = read();
        FlowKey key = new FlowKey();
        key.sent(error.memory(), quote.packetAt(), quote.transportAt());

        assertThat(quote.kind()).isEqualTo(IcmpQuote.Kind.TOO_BIG);
        assertThat(quote.mtuBytes()).isEqualTo(1300);
        assertThat(quote.protocol()).isEqualTo(IpPacket.TCP);
        assertThat(error.memory().getInt(quote.transportAt() + 4)).isEqualTo(123456);
        assertThat(key).isEqualTo(FlowKey.of(new Flow(from, 5000, to, 80)));
    }

    @Test
    void tellsWhyADestinationCannotBeReached() throws Exception {
        byte[] from = {10, 8, 0, 1};
        byte[] to = {10, 8, 0, 2};
        IcmpError.unreachable(IcmpError.Unreachable.PORT, segment(from, to), 0, error);
        assertThat(read().kind()).isEqualTo(IcmpQuote.Kind.PORT_UNREACHABLE);
        IcmpError.unreachable(IcmpError.Unreachable.PROHIBITED, segment(from, to), 0, error);
        assertThat(read().kind()).isEqualTo(IcmpQuote.Kind.PROHIBITED);
        IcmpError.unreachable(IcmpError.Unreachable.NET, segment(from, to), 0, error);
        assertThat(read().kind()).isEqualTo(IcmpQuote.Kind.NETWORK_UNREACHABLE);
    }

    @Test
    void aDamagedErrorIsNone() {
        IcmpError.unreachable(IcmpError.Unreachable.PORT, segment(new byte[] {10, 8, 0, 1}, new byte[] {10, 8, 0, 2}), 0, error);
        error.memory().put(error.offset() + 30, (byte) 99);
        assertThat(read()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsAnythingWithoutLookingBeyondIt(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            int length = 20 + random.nextInt(80);
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            bytes[0] = 0x45;
            bytes[20 - 1] = 3;
            ByteBuffer m = ByteBuffer.wrap(bytes);
            IcmpQuote quote = IcmpQuote.read(m, 0, 20, length - 20);
            if (quote != null) {
                assertThat(quote.transportAt() + 8).isLessThanOrEqualTo(length);
            }
        }
    }
}
