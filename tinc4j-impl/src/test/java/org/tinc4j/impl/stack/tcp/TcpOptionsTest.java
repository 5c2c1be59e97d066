package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {

    private static TcpOptions read(int... bytes) {
        byte[] b = new byte[bytes.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) bytes[i];
        }
        TcpOptions options = new TcpOptions();
        options.read(ByteBuffer.wrap(b), 0, b.length);
        return options;
    }

    @Test
    void readsWhatASynOffers() {
        byte[] b = new byte[TcpOptions.MAX_BYTES];
        int at = TcpOptions.writeSyn(b, 1460, true, 7);
        at = TcpOptions.writeTimestamps(b, at, -5, 6);

        TcpOptions options = new TcpOptions();
        options.read(ByteBuffer.wrap(Arrays.copyOf(b, at)), 0, at);

        assertThat(at % 4).isZero();
        assertThat(options.mss()).isEqualTo(1460);
        assertThat(options.windowShift()).isEqualTo(7);
        assertThat(options.sackPermitted()).isTrue();
        assertThat(options.timestampValue()).isEqualTo(-5);
        assertThat(options.timestampEcho()).isEqualTo(6);
    }

    @Test
    void readsSackBlocks() {
        byte[] b = new byte[TcpOptions.MAX_BYTES];
        int at = TcpOptions.writeSackHead(b, 0, 2);
        at = TcpOptions.writeSackBlock(b, at, -1, 100);
        at = TcpOptions.writeSackBlock(b, at, 200, 300);

        TcpOptions options = new TcpOptions();
        options.read(ByteBuffer.wrap(b), 0, at);

        assertThat(options.sackBlocks()).isEqualTo(2);
        assertThat(options.sackLeft(0)).isEqualTo(-1);
        assertThat(options.sackRight(1)).isEqualTo(300);
    }

    @Test
    void saysWhatIsAbsent() {
        TcpOptions options = read();

        assertThat(options.mss()).isZero();
        assertThat(options.windowShift()).isEqualTo(-1);
        assertThat(options.sackPermitted()).isFalse();
        assertThat(options.timestamps()).isFalse();
        assertThat(options.sackBlocks()).isZero();
    }

    @Test
    void skipsUnknownOptions() {
        assertThat(read(254, 4, 1, 2, 2, 4, 5, 0xb4).mss()).isEqualTo(1460);
    }

    @Test
    void endsAtAnIllegalLength() {
        assertThat(read(254, 0, 2, 4, 5, 0xb4).mss()).isZero();
        assertThat(read(254, 1, 2, 4, 5, 0xb4).mss()).isZero();
        assertThat(read(2, 4, 5).mss()).isZero();
        assertThat(read(2).mss()).isZero();
    }

    @Test
    void readsNothingBehindTheEnd() {
        assertThat(read(0, 2, 4, 5, 0xb4).mss()).isZero();
    }

    @Test
    void limitsTheShift() {
        assertThat(read(3, 3, 200).windowShift()).isEqualTo(14);
    }
}
