package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeepAliveTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void isOffUnlessAskedFor() {
        Script script = Script.established();
        script.advance(1_000_000 * SECOND);
        script.nothing();
        assertThat(script.connection.nextDeadlineNanos()).isEqualTo(TcpConnection.NEVER);
    }

    @Test
    void asksASilentPeer() {
        Script script = Script.established();
        script.connection.keepAlive(true, 100 * SECOND, 10 * SECOND, 3);
        script.advance(99 * SECOND);
        script.nothing();
        script.advance(SECOND);
        Script.Sent probe = script.next();
        assertThat(probe.seq()).isZero();
        assertThat(probe.length()).isZero();
        script.peer().send();
        script.advance(99 * SECOND);
        script.nothing();
        script.advance(SECOND);
        assertThat(script.next().seq()).isZero();
    }

    @Test
    void givesADeadPeerUp() {
        Script script = Script.established();
        script.connection.keepAlive(true, 100 * SECOND, 10 * SECOND, 3);
        script.advance(129 * SECOND);
        assertThat(script.sent).hasSize(3);
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        script.advance(SECOND);
        assertThat(script.connection.failure()).contains(TcpFailure.TIMED_OUT);
    }

    @Test
    void answersThePeersProbes() {
        Script script = Script.established();
        script.peer().seq(0).send();
        assertThat(script.next().ack()).isEqualTo(1);
    }
}
