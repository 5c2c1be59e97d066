package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceivingTest {

    private static final int MS = Script.MS;
    private static final int MSS = Script.MSS;

    @Test
    void oneSegmentIsAcknowledgedLater() {
        Script script = Script.established();
        script.peer().data("hello").send();
        script.nothing();
        script.advance(40 * MS);
        Script.Sent ack = script.next();
        assertThat(ack.ack()).isEqualTo(6);
        assertThat(ack.length()).isZero();
        assertThat(script.read()).isEqualTo("hello");
    }

    @Test
    void everySecondFullSegmentIsAcknowledgedAtOnce() {
        Script script = Script.established();
        script.peer().data(MSS).send();
        script.nothing();
        script.peer().seq(1 + MSS).data(MSS).send();
        assertThat(script.next().ack()).isEqualTo(1 + 2 * MSS);
        script.nothing();
    }

    @Test
    void aSuperSegmentIsAcknowledgedOnceAndAtOnce() {
        Script script = Script.established();
        script.peer().data(45 * MSS).send();
        assertThat(script.next().ack()).isEqualTo(1 + 45 * MSS);
        script.nothing();
    }

    @Test
    void dataCarryTheAcknowledgment() {
        Script script = Script.established();
        script.peer().data("ping").send();
        script.write("pong");
        Script.Sent reply = script.next();
        assertThat(reply.ack()).isEqualTo(5);
        script.peer().seq(5).ack(5).send();
        script.advance(100 * MS);
        script.nothing();
    }

    @Test
    void aGapIsReportedAtOnceAndFilled() {
        Script script = Script.established();
        script.peer().seq(6).data("world").send();
        Script.Sent duplicate = script.next();
        assertThat(duplicate.ack()).isEqualTo(1);
        assertThat(duplicate.options().sackBlocks()).isEqualTo(1);
        assertThat(duplicate.options().sackLeft(0) - Script.REMOTE_ISN).isEqualTo(6);
        assertThat(duplicate.options().sackRight(0) - Script.REMOTE_ISN).isEqualTo(11);
        assertThat(script.connection.readable()).isZero();
        script.peer().seq(1).data("hello").send();
        Script.Sent ack = script.next();
        assertThat(ack.ack()).isEqualTo(11);
        assertThat(ack.options().sackBlocks()).isZero();
        assertThat(script.read()).isEqualTo("helloworld");
    }

    @Test
    void whatCameTwiceIsReportedAndReadOnce() {
        Script script = Script.established();
        script.peer().data("hello").send();
        script.peer().data("hello").send();
        Script.Sent ack = script.next();
        assertThat(ack.ack()).isEqualTo(6);
        assertThat(ack.options().sackBlocks()).isEqualTo(1);
        assertThat(ack.options().sackLeft(0) - Script.REMOTE_ISN).isEqualTo(1);
        assertThat(ack.options().sackRight(0) - Script.REMOTE_ISN).isEqualTo(6);
        script.peer().seq(4).data("loXX").send();
        assertThat(script.read()).isEqualTo("helloXX");
    }

    @Test
    void dataBeyondTheWindowAreCutOff() {
        TcpSettings small = Script.SETTINGS.withBuffers(4096, 4096);
        Script script = Script.established(small, 65535);
        script.peer().data(5000).send();
        assertThat(script.connection.readable()).isEqualTo(4096);
        Script.Sent ack = script.last();
        assertThat(ack.ack()).isEqualTo(4097);
        assertThat(ack.packet().window()).isZero();
        script.peer().seq(4097).data("more").send();
        assertThat(script.last().ack()).isEqualTo(4097);
        assertThat(script.connection.readable()).isEqualTo(4096);
    }

    @Test
    void readingOpensAClosedWindow() {
        TcpSettings small = Script.SETTINGS.withBuffers(4096, 4096);
        Script script = Script.established(small, 65535);
        script.peer().data(4096).send();
        script.sent.clear();
        byte[] some = new byte[1000];
        script.connection.read(some, 0, 1000, script.now, script);
        script.nothing();
        script.connection.read(some, 0, 1000, script.now, script);
        assertThat(script.next().packet().window()).isEqualTo(2000);
    }

    @Test
    void theWindowShrinksByLessThanItsUnit() {
        Script script = Script.established();
        int edge = 0;
        int at = 1;
        for (int i = 0; i < 60; i++) {
            script.peer().seq(at).data(997).send();
            at += 997;
            script.advance(50 * MS);
            Script.Sent ack = script.last();
            int now = ack.ack() + (ack.packet().window() << 7);
            assertThat(now).isGreaterThan(edge - 128);
            edge = Math.max(edge, now);
        }
        assertThat(edge).isLessThanOrEqualTo(1 + (128 << 10) + 128);
    }

    @Test
    void theBufferGrowsWithWhatIsRead() {
        Script script = Script.established();
        assertThat(script.connection.statistics().receiveBufferBytes()).isEqualTo(128 << 10);
        int at = 1;
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 3; i++) {
                script.peer().seq(at).data(40_000).send();
                at += 40_000;
                script.read();
            }
            script.advance(11 * MS);
        }
        assertThat(script.connection.statistics().receiveBufferBytes()).isGreaterThan(400_000);
    }

    @Test
    void aFixedBufferStays() {
        Script script = Script.established();
        script.connection.receiveBuffer(64 << 10);
        int at = 1;
        for (int i = 0; i < 20; i++) {
            script.peer().seq(at).data(10_000).send();
            at += 10_000;
            script.read();
            script.advance(11 * MS);
        }
        assertThat(script.connection.statistics().receiveBufferBytes()).isEqualTo(64 << 10);
    }

    @Test
    void urgentDataAreData() {
        Script script = Script.established();
        script.peer().flags(TcpFlags.ACK | TcpFlags.URG).data("urgent").send();
        assertThat(script.read()).isEqualTo("urgent");
    }

    @Test
    void oldTimestampsAreRefused() {
        Script script = Script.established();
        script.peer().time(80_000).data("new").send();
        script.peer().seq(4).time(79_000).data("old").send();
        assertThat(script.next().ack()).isEqualTo(4);
        assertThat(script.read()).isEqualTo("new");
        script.peer().seq(4).time(80_000).data("same").send();
        assertThat(script.read()).isEqualTo("same");
    }

    @Test
    void theEchoIsOfTheSegmentThatMovedTheWindow() {
        Script script = Script.established();
        script.peer().time(80_000).data("aaa").send();
        script.peer().seq(7).time(80_005).data("ccc").send();
        assertThat(script.last().options().timestampEcho()).isEqualTo(80_000);
        script.peer().seq(4).time(80_009).data("bbb").send();
        assertThat(script.last().options().timestampEcho()).isEqualTo(80_009);
    }

    @Test
    void segmentsWithoutTimestampsAreDroppedOnceAgreedOn() {
        Script script = Script.established();
        script.peer().options(new byte[0]).data("bare").send();
        assertThat(script.connection.readable()).isZero();
        script.nothing();
    }
}
