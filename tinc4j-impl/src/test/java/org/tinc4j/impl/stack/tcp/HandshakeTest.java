package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    private static final int SYN_ACK = TcpFlags.SYN | TcpFlags.ACK;
    private static final long SECOND = 1_000_000_000L;

    private static Script connecting() {
        Script script = new Script();
        script.connection = TcpConnection.connect(Script.SETTINGS, Script.FLOW, Script.LOCAL_ISN, script.now, script);
        return script;
    }

    private static Script accepting() {
        Script script = new Script();
        script.timestamps = true;
        byte[] b = new byte[TcpOptions.MAX_BYTES];
        int at = TcpOptions.writeSyn(b, 1460, true, 7);
        at = TcpOptions.writeTimestamps(b, at, script.peerTime, 0);
        WirePacket syn = new WirePacket(Script.REMOTE_ISN, 0, TcpFlags.SYN, 65535, Arrays.copyOf(b, at), new byte[0]);
        script.connection =
                TcpConnection.accept(Script.SETTINGS, Script.FLOW, Script.LOCAL_ISN, syn.segment(), script.now, script);
        return script;
    }

    @Test
    void synOffersEveryOption() {
        Script script = connecting();
        Script.Sent syn = script.next();
        assertThat(syn.packet().flags()).isEqualTo(TcpFlags.SYN);
        assertThat(syn.seq()).isZero();
        assertThat(syn.options().mss()).isEqualTo(1460);
        assertThat(syn.options().windowShift()).isEqualTo(7);
        assertThat(syn.options().sackPermitted()).isTrue();
        assertThat(syn.options().timestamps()).isTrue();
    }

    @Test
    void synAckIsAcknowledged() {
        Script script = Script.established();
        assertThat(script.connection.statistics().srttNanos()).isEqualTo(10 * Script.MS);
        assertThat(script.connection.statistics().mssBytes()).isEqualTo(Script.MSS);
        script.nothing();
    }

    @Test
    void synIsRepeatedWithGrowingIntervalsAndGivenUp() {
        Script script = connecting();
        script.next();
        script.advance(SECOND);
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.SYN);
        script.advance(2 * SECOND - 1);
        script.nothing();
        script.advance(1);
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.SYN);
        script.advance(176 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_SENT);
        script.advance(SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.CLOSED);
        assertThat(script.connection.failure()).contains(TcpFailure.TIMED_OUT);
        assertThat(script.connection.nextDeadlineNanos()).isEqualTo(TcpConnection.NEVER);
    }

    @Test
    void resetRefusesOnlyWithOurAcknowledgment() {
        Script script = connecting();
        script.next();
        script.peer().seq(0).ack(0).flags(TcpFlags.RST).send();
        script.peer().seq(0).ack(5).flags(TcpFlags.RST | TcpFlags.ACK).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_SENT);
        script.peer().seq(0).ack(1).flags(TcpFlags.RST | TcpFlags.ACK).send();
        assertThat(script.connection.failure()).contains(TcpFailure.REFUSED);
    }

    @Test
    void wrongAcknowledgmentIsReset() {
        Script script = connecting();
        script.next();
        script.peer().seq(0).ack(77).flags(SYN_ACK).send();
        Script.Sent reset = script.next();
        assertThat(reset.packet().flags()).isEqualTo(TcpFlags.RST);
        assertThat(reset.seq()).isEqualTo(77);
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_SENT);
    }

    @Test
    void plainPeerGetsNoOptions() {
        Script script = Script.plain();
        script.write("x");
        Script.Sent sent = script.next();
        assertThat(sent.packet().options()).isEmpty();
        assertThat(sent.mss()).isEqualTo(1460);
    }

    @Test
    void bothMayOpen() {
        Script script = connecting();
        Script.Sent syn = script.next();
        script.lastEcho = syn.options().timestampValue();
        script.timestamps = true;
        script.peer().seq(0).ack(0).flags(TcpFlags.SYN).synOptions(1460, 7, true).send();
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_RECEIVED);
        assertThat(script.next().packet().flags()).isEqualTo(SYN_ACK);
        script.peer().seq(0).ack(1).flags(SYN_ACK).synOptions(1460, 7, true).send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.ACK);
        script.peer().send();
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void acceptsAndTakesDataOfTheThirdSegment() {
        Script script = accepting();
        Script.Sent synAck = script.next();
        assertThat(synAck.packet().flags()).isEqualTo(SYN_ACK);
        assertThat(synAck.ack()).isEqualTo(1);
        assertThat(synAck.options().timestampEcho()).isEqualTo(script.peerTime);
        script.peer().data("hello").send();
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(script.read()).isEqualTo("hello");
    }

    @Test
    void repeatsSynAckForARepeatedSyn() {
        Script script = accepting();
        script.next();
        script.peer().seq(0).ack(0).flags(TcpFlags.SYN).synOptions(1460, 7, true).send();
        assertThat(script.next().packet().flags()).isEqualTo(SYN_ACK);
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_RECEIVED);
    }

    @Test
    void aChallengeBeforeTheHandshakeEndsHasAScaledWindow() {
        Script script = accepting();
        script.next();
        script.peer().seq(50).flags(TcpFlags.RST).send();
        Script.Sent challenge = script.next();
        assertThat(challenge.packet().window() << 7).isEqualTo(128 << 10);
        assertThat(challenge.mss()).isPositive();
    }

    @Test
    void wrongThirdSegmentIsReset() {
        Script script = accepting();
        script.next();
        script.peer().ack(9).send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.RST);
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_RECEIVED);
    }

    @Test
    void dataWrittenEarlyWaitForTheHandshake() {
        Script script = connecting();
        Script.Sent syn = script.next();
        script.lastEcho = syn.options().timestampValue();
        script.timestamps = true;
        script.write("early");
        script.connection.shutdownOutput(script.now, script);
        script.nothing();
        script.peer().seq(0).ack(1).flags(SYN_ACK).synOptions(1460, 7, true).send();
        Script.Sent data = script.next();
        assertThat(data.text()).isEqualTo("early");
        assertThat(data.has(TcpFlags.FIN)).isTrue();
        assertThat(script.connection.state()).isEqualTo(TcpState.FIN_WAIT_1);
        script.nothing();
    }

    @Test
    void unreachableEndsOnlyAHandshake() {
        Script script = connecting();
        script.connection.onUnreachable(TcpFailure.HOST_UNREACHABLE, Script.LOCAL_ISN + 1, script.now);
        assertThat(script.connection.state()).isEqualTo(TcpState.SYN_SENT);
        script.connection.onUnreachable(TcpFailure.HOST_UNREACHABLE, Script.LOCAL_ISN, script.now);
        assertThat(script.connection.failure()).contains(TcpFailure.HOST_UNREACHABLE);

        Script established = Script.established();
        established.write("x");
        established.connection.onUnreachable(TcpFailure.HOST_UNREACHABLE, Script.LOCAL_ISN + 1, established.now);
        assertThat(established.connection.state()).isEqualTo(TcpState.ESTABLISHED);
    }
}
