package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Segments from those who do not see the connection. */
class HostileSegmentTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void onlyTheExactSequenceNumberResets() {
        Script script = Script.established();
        script.peer().seq(100).flags(TcpFlags.RST).send();
        Script.Sent challenge = script.next();
        assertThat(challenge.packet().flags()).isEqualTo(TcpFlags.ACK);
        assertThat(challenge.ack()).isEqualTo(1);
        script.peer().seq(-50_000).flags(TcpFlags.RST).send();
        script.nothing();
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        script.peer().seq(1).flags(TcpFlags.RST).send();
        assertThat(script.connection.failure()).contains(TcpFailure.RESET);
        script.nothing();
    }

    @Test
    void aSynIsChallenged() {
        Script script = Script.established();
        script.peer().seq(50).flags(TcpFlags.SYN).send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.ACK);
        script.peer().seq(-70_000).flags(TcpFlags.SYN).send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.ACK);
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void challengesAreLimited() {
        Script script = Script.established();
        for (int i = 0; i < 100; i++) {
            script.peer().seq(50).flags(TcpFlags.SYN).send();
        }
        assertThat(script.sent).hasSize(10);
        script.sent.clear();
        script.advance(5 * SECOND);
        script.peer().seq(50).flags(TcpFlags.SYN).send();
        assertThat(script.sent).hasSize(1);
    }

    @Test
    void dataWithAnImpossibleAcknowledgmentAreDropped() {
        Script script = Script.established();
        script.peer().ack(2).data("early").send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.ACK);
        script.peer().ack(-100_000_000).data("ancient").send();
        assertThat(script.next().packet().flags()).isEqualTo(TcpFlags.ACK);
        assertThat(script.connection.readable()).isZero();
    }

    @Test
    void dataWithoutAckAreDropped() {
        Script script = Script.established();
        script.peer().flags(0).data("bare").send();
        assertThat(script.connection.readable()).isZero();
        script.nothing();
    }

    @Test
    void dataOutsideTheWindowAreAnsweredAndDropped() {
        Script script = Script.established();
        script.peer().seq(1_000_000).data("far").send();
        assertThat(script.next().ack()).isEqualTo(1);
        script.peer().seq(-1000).data("old").send();
        assertThat(script.next().ack()).isEqualTo(1);
        assertThat(script.connection.readable()).isZero();
    }

    @Test
    void aTinySegmentSizeIsNotObeyed() {
        Script script = new Script();
        script.connection = TcpConnection.connect(Script.SETTINGS, Script.FLOW, Script.LOCAL_ISN, script.now, script);
        script.next();
        script.peer().seq(0).flags(TcpFlags.SYN | TcpFlags.ACK).options(new byte[] {2, 4, 0, 1}).send();
        script.next();
        script.write(500);
        assertThat(script.next().mss()).isEqualTo(88);
    }

    @Test
    void aSegmentWithoutConnectionIsReset() {
        byte[] none = {};
        BareSegment toSyn = BareSegment.resetFor(new WirePacket(5, 0, TcpFlags.SYN, 0, none, none).segment());
        assertThat(toSyn).extracting(BareSegment::seq, BareSegment::ack, BareSegment::flags)
                .containsExactly(0, 6, TcpFlags.RST | TcpFlags.ACK);
        BareSegment toAck = BareSegment.resetFor(new WirePacket(5, 9, TcpFlags.ACK, 0, none, new byte[3]).segment());
        assertThat(toAck).extracting(BareSegment::seq, BareSegment::ack, BareSegment::flags).containsExactly(9, 0, TcpFlags.RST);
    }

    @Test
    void aDamagedHeaderIsNotRead() {
        byte[] whole = new WirePacket(5, 9, TcpFlags.ACK, 0, new byte[8], new byte[3]).bytes();
        TcpSegment segment = new TcpSegment();
        for (int length = 0; length < 28; length++) {
            assertThat(segment.read(ByteBuffer.wrap(whole), 0, length)).as("%d bytes", length).isFalse();
        }
        assertThat(segment.read(ByteBuffer.wrap(whole), 0, whole.length)).isTrue();
        whole[12] = 0x40;
        assertThat(segment.read(ByteBuffer.wrap(whole), 0, whole.length)).isFalse();
    }
}
