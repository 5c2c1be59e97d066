package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ClosingTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int FIN_ACK = TcpFlags.FIN | TcpFlags.ACK;

    @Test
    void weCloseFirst() {
        Script script = Script.established();
        script.connection.close(script.now, script);
        Script.Sent fin = script.next();
        assertThat(fin.has(TcpFlags.FIN)).isTrue();
        assertThat(fin.seq()).isEqualTo(1);
        assertThat(script.connection.state()).isEqualTo(TcpState.FIN_WAIT_1);
        script.peer().ack(2).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.FIN_WAIT_2);
        script.peer().ack(2).flags(FIN_ACK).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.TIME_WAIT);
        assertThat(script.next().ack()).isEqualTo(2);
        script.advance(59 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.TIME_WAIT);
        script.advance(SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
        assertThat(script.connection.failure()).isEmpty();
    }

    @Test
    void thePeerClosesFirst() {
        Script script = Script.established();
        script.peer().flags(FIN_ACK).data("bye").send();
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(script.next().ack()).isEqualTo(5);
        assertThat(script.connection.readEnded()).isFalse();
        assertThat(script.read()).isEqualTo("bye");
        assertThat(script.connection.readEnded()).isTrue();
        assertThat(script.read()).isNull();
        script.write("last words");
        assertThat(script.next().text()).isEqualTo("last words");
        script.connection.shutdownOutput(script.now, script);
        assertThat(script.next().has(TcpFlags.FIN)).isTrue();
        assertThat(script.connection.state()).isEqualTo(TcpState.LAST_ACK);
        script.peer().seq(5).ack(12).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
        assertThat(script.connection.failure()).isEmpty();
        assertThat(script.connection.nextDeadlineNanos()).isEqualTo(TcpConnection.NEVER);
    }

    @Test
    void finsMayCross() {
        Script script = Script.established();
        script.connection.shutdownOutput(script.now, script);
        script.next();
        script.peer().ack(1).flags(FIN_ACK).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSING);
        assertThat(script.next().ack()).isEqualTo(2);
        script.peer().seq(2).ack(2).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.TIME_WAIT);
    }

    @Test
    void aFinThatAcknowledgesOursGoesToTimeWait() {
        Script script = Script.established();
        script.connection.shutdownOutput(script.now, script);
        script.next();
        script.peer().ack(2).flags(FIN_ACK).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.TIME_WAIT);
    }

    @Test
    void halfClosedStillReceives() {
        Script script = Script.established();
        script.connection.shutdownOutput(script.now, script);
        script.next();
        script.peer().ack(2).send();
        script.advance(3600 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.FIN_WAIT_2);
        script.peer().ack(2).data("still here").send();
        assertThat(script.read()).isEqualTo("still here");
        assertThatIllegalStateException().isThrownBy(() -> script.write("no"));
    }

    @Test
    void closedFinWait2EndsByItself() {
        Script script = Script.established();
        script.connection.close(script.now, script);
        script.peer().ack(2).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.FIN_WAIT_2);
        script.advance(60 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
    }

    @Test
    void closeWithUnreadDataResets() {
        Script script = Script.established();
        script.peer().data("unread").send();
        script.connection.close(script.now, script);
        assertThat(script.next().has(TcpFlags.RST)).isTrue();
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
    }

    @Test
    void dataAfterCloseReset() {
        Script script = Script.established();
        script.connection.close(script.now, script);
        script.next();
        script.peer().ack(2).data("too late").send();
        assertThat(script.last().has(TcpFlags.RST)).isTrue();
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
    }

    @Test
    void abortResetsAtOnce() {
        Script script = Script.established();
        script.write("lost");
        script.next();
        script.connection.abort(script);
        Script.Sent reset = script.next();
        assertThat(reset.has(TcpFlags.RST)).isTrue();
        assertThat(reset.seq()).isEqualTo(5);
        assertThat(script.connection.failure()).contains(TcpFailure.ABORTED);
        assertThat(script.connection.statistics().memoryBytes()).isZero();
    }

    @Test
    void aLostFinIsSentAgain() {
        Script script = Script.established();
        script.write("x");
        script.connection.shutdownOutput(script.now, script);
        script.sent.clear();
        script.advance(SECOND);
        assertThat(script.next().has(TcpFlags.FIN)).isTrue();
        assertThat(script.connection.unacknowledged()).isEqualTo(2);
        script.peer().ack(3).send();
        assertThat(script.connection.unacknowledged()).isZero();
        assertThat(script.connection.state()).isEqualTo(TcpState.FIN_WAIT_2);
    }

    @Test
    void aFinBeforeItsDataWaits() {
        Script script = Script.established();
        script.peer().seq(6).flags(FIN_ACK).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        script.peer().seq(1).data("hello").send();
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(script.last().ack()).isEqualTo(7);
        assertThat(script.read()).isEqualTo("hello");
    }

    @Test
    void timeWaitAnswersARepeatedFinAndStartsAnew() {
        Script script = Script.established();
        script.connection.shutdownOutput(script.now, script);
        script.peer().ack(2).flags(FIN_ACK).send();
        script.sent.clear();
        script.advance(50 * SECOND);
        script.peer().ack(2).flags(FIN_ACK).send();
        assertThat(script.next().ack()).isEqualTo(2);
        script.advance(50 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.TIME_WAIT);
        script.advance(10 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
    }

    @Test
    void timeWaitYieldsToANewerSyn() {
        Script script = Script.established();
        script.connection.shutdownOutput(script.now, script);
        script.peer().ack(2).flags(FIN_ACK).send();
        byte[] none = {};
        WirePacket newer = new WirePacket(Script.REMOTE_ISN + 100_000, 0, TcpFlags.SYN, 65535, none, none);
        WirePacket older = new WirePacket(Script.REMOTE_ISN - 100_000, 0, TcpFlags.SYN, 65535, none, none);
        assertThat(script.connection.yieldsTo(newer.segment())).isTrue();
        assertThat(script.connection.yieldsTo(older.segment())).isFalse();
    }
}
