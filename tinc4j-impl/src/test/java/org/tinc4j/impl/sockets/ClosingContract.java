package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** What a program may expect of the ends of a connection: half-close, linger, resets. */
interface ClosingContract extends TwoHosts {

    @Test
    default void halfCloseLetsTheOtherDirectionGoOn() throws Exception {
        try (Pair pair = pair()) {
            pair.near().getOutputStream().write(1);
            pair.near().shutdownOutput();

            assertThat(pair.far().getInputStream().readAllBytes()).containsExactly(1);
            pair.far().getOutputStream().write(new byte[] {2, 3});
            pair.far().close();

            assertThat(pair.near().getInputStream().readAllBytes()).containsExactly(2, 3);
        }
    }

    @Test
    default void refusesWritesAfterShutdownOutput() throws Exception {
        try (Pair pair = pair()) {
            var out = pair.near().getOutputStream();
            pair.near().shutdownOutput();

            assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> pair.near().getOutputStream())
                    .isInstanceOf(SocketException.class).hasMessage("Socket output is shutdown");
        }
    }

    @Test
    default void shutdownInputEndsTheStreamForABlockedReader() throws Exception {
        try (Pair pair = pair()) {
            InputStream in = pair.near().getInputStream();
            Blocking<Integer> reader = Blocking.call(in::read).awaitBlocked();

            pair.near().shutdownInput();

            assertThat(reader.value()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    default void readsWhatWasSentBeforeTheClose() throws Exception {
        try (Pair pair = pair()) {
            pair.near().getOutputStream().write(TwoHosts.bytes(100_000, 5));
            pair.near().close();

            assertThat(pair.far().getInputStream().readAllBytes()).isEqualTo(TwoHosts.bytes(100_000, 5));
        }
    }

    @Test
    default void lingerOfZeroResets() throws Exception {
        try (Pair pair = pair()) {
            pair.near().setSoLinger(true, 0);
            pair.near().close();

            assertThatThrownBy(() -> pair.far().getInputStream().read())
                    .isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    @Test
    default void resetReachesABlockedReader() throws Exception {
        try (Pair pair = pair()) {
            Blocking<Integer> reader = Blocking.call(() -> pair.far().getInputStream().read()).awaitBlocked();

            pair.near().setSoLinger(true, 0);
            pair.near().close();

            assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    /**
     * The JDK sends a FIN before the RST that the system sends for unread data, so what the peer sees first is a matter of time; we only
     * reset.
     */
    @Test
    default void closingWithUnreadDataEndsTheConnection() throws Exception {
        try (Pair pair = pair()) {
            pair.near().getOutputStream().write(new byte[100]);
            assertThat(pair.far().getInputStream().read()).isZero();
            pair.far().close();

            try {
                assertThat(pair.near().getInputStream().read()).isEqualTo(-1);
            } catch (SocketException e) {
                assertThat(e).hasMessage("Connection reset");
            }
        }
    }

    @Test
    default void writesToAPeerThatIsGoneFail() throws Exception {
        try (Pair pair = pair()) {
            pair.far().close();

            assertThatThrownBy(() -> {
                for (int i = 0; i < 1_000_000; i++) {
                    pair.near().getOutputStream().write(new byte[1000]);
                }
            }).isInstanceOf(SocketException.class).message().isIn("Broken pipe", "Connection reset", "Connection reset by peer");
        }
    }

    @Test
    default void lingerWaitsForTheLastByte() throws Exception {
        byte[] sent = TwoHosts.bytes(1 << 20, 6);
        try (Pair pair = pair()) {
            Blocking<byte[]> reader = Blocking.call(() -> pair.far().getInputStream().readAllBytes());
            pair.near().setSoLinger(true, 20);
            pair.near().getOutputStream().write(sent);
            pair.near().close();

            assertThat(reader.value()).isEqualTo(sent);
        }
    }
}
