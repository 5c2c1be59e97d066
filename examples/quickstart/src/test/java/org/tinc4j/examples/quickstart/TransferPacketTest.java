package org.tinc4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TransferPacketTest {

    private static Inet4Address address(int last) throws UnknownHostException {
        return (Inet4Address) InetAddress.getByAddress(new byte[] {10, 77, 0, (byte) last});
    }

    @Test
    void fullPacketHasTheLengthItMayHaveAndGivesBackWhatWasPutIn() throws Exception {
        byte[] data = new byte[TransferPacket.DATA_BYTES];
        data[0] = 42;

        ByteBuffer packet = TransferPacket.data(address(1), address(2), 7, data, data.length);

        assertThat(packet.remaining()).isEqualTo(TransferPacket.MAX_BYTES);
        assertThat(TransferPacket.isOfTransfer(packet)).isTrue();
        assertThat(TransferPacket.number(packet)).isEqualTo(7);
        assertThat(TransferPacket.content(packet)).isEqualTo(ByteBuffer.wrap(data));
    }

    @Test
    void headerSumsUpToAllOnes() throws Exception {
        ByteBuffer packet = TransferPacket.acknowledgement(address(1), address(2), 9);

        int sum = 0;
        for (int at = 0; at < 20; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        assertThat((sum & 0xffff) + (sum >>> 16)).isEqualTo(0xffff);
    }
}
