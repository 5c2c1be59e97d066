package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SynCookiesTest {

    private static final long SECOND = 1_000_000_000L;
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SynCookies cookies = new SynCookies(KEY);
    private final TcpSettings settings = Script.SETTINGS;
    private final Flow flow = Script.FLOW;

    private static TcpSegment syn(int mss, int shift, boolean sack, boolean timestamps) {
        byte[] b = new byte[TcpOptions.MAX_BYTES];
        int at = TcpOptions.writeSyn(b, mss, sack, shift);
        if (timestamps) {
            at = TcpOptions.writeTimestamps(b, at, 4711, 0);
        }
        return new WirePacket(900, 0, TcpFlags.SYN, 65535, Arrays.copyOf(b, at), new byte[0]).segment();
    }

    private static TcpSegment answerTo(BareSegment synAck, boolean timestamps) {
        byte[] b = new byte[12];
        int at = 0;
        if (timestamps) {
            TcpSegment parsed = new WirePacket(synAck.seq(), synAck.ack(), synAck.flags(), synAck.window(), synAck.options(), new byte[0])
                    .segment();
            at = TcpOptions.writeTimestamps(b, 0, 4712, parsed.options().timestampValue());
        }
        return new WirePacket(901, synAck.seq() + 1, TcpFlags.ACK, 512, Arrays.copyOf(b, at), new byte[0]).segment();
    }

    @Test
    void remembersAllOptionsInTheTimestamp() {
        BareSegment synAck = cookies.answer(settings, flow, syn(1460, 9, true, true), 5 * SECOND);

        assertThat(synAck.flags()).isEqualTo(TcpFlags.SYN | TcpFlags.ACK);
        assertThat(synAck.ack()).isEqualTo(901);
        assertThat(cookies.check(flow, answerTo(synAck, true), 6 * SECOND))
                .contains(new SynCookies.Options(1460, 9, true, true));
    }

    @Test
    void keepsOnlyTheSegmentSizeWithoutTimestamps() {
        BareSegment synAck = cookies.answer(settings, flow, syn(1300, 9, true, false), 5 * SECOND);

        assertThat(cookies.check(flow, answerTo(synAck, false), 6 * SECOND))
                .contains(new SynCookies.Options(1280, -1, false, false));
    }

    @Test
    void refusesWhatItDidNotMake() {
        BareSegment synAck = cookies.answer(settings, flow, syn(1460, 9, true, true), 5 * SECOND);
        TcpSegment ack = answerTo(synAck, true);
        Flow other = new Flow(flow.localAddress(), flow.localPort(), flow.remoteAddress(), flow.remotePort() + 1);
        BareSegment forged = new BareSegment(synAck.seq() ^ 1, synAck.ack(), synAck.flags(), 0, synAck.options());

        assertThat(cookies.check(other, ack, 6 * SECOND)).isEmpty();
        assertThat(cookies.check(flow, answerTo(forged, true), 6 * SECOND)).isEmpty();
        assertThat(new SynCookies("another key 1234".getBytes(StandardCharsets.US_ASCII)).check(flow, ack, 6 * SECOND))
                .isEmpty();
    }

    @Test
    void refusesWhatIsTooOld() {
        BareSegment synAck = cookies.answer(settings, flow, syn(1460, 9, true, true), 5 * SECOND);
        TcpSegment ack = answerTo(synAck, true);

        assertThat(cookies.check(flow, ack, 64 * SECOND)).isPresent();
        assertThat(cookies.check(flow, ack, 130 * SECOND)).isEmpty();
    }

    @Test
    void makesAConnectionThatTalks() {
        Script script = new Script();
        script.now = 5 * SECOND;
        script.timestamps = true;
        BareSegment synAck = cookies.answer(settings, flow, syn(1460, 7, true, true), script.now);
        TcpSegment ack = answerTo(synAck, true);
        Optional<SynCookies.Options> options = cookies.check(flow, ack, script.now);

        script.connection = TcpConnection.acceptCookie(settings, flow, ack, options.orElseThrow(), script.now, script);

        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        script.write("hello");
        Script.Sent sent = script.next();
        assertThat(sent.packet().seq()).isEqualTo(synAck.seq() + 1);
        assertThat(sent.packet().ack()).isEqualTo(901);
        assertThat(sent.text()).isEqualTo("hello");
        assertThat(sent.options().timestampEcho()).isEqualTo(4712);
    }

    @Test
    void initialSequenceNumbersAscendAndDifferByFlow() {
        InitialSequence sequence = new InitialSequence(KEY);
        Flow other = new Flow(flow.localAddress(), flow.localPort(), flow.remoteAddress(), 80);

        assertThat(sequence.of(flow, 4_000_000) - sequence.of(flow, 0)).isEqualTo(1000);
        assertThat(sequence.of(flow, 0)).isNotEqualTo(sequence.of(other, 0));
        assertThat(sequence.of(flow, 0)).isEqualTo(new InitialSequence(KEY).of(flow, 0));
    }

    /** The example in appendix A of the SipHash paper. */
    @Test
    void hashIsSipHash() {
        byte[] key = new byte[16];
        byte[] input = new byte[15];
        for (int i = 0; i < 16; i++) {
            key[i] = (byte) i;
        }
        for (int i = 0; i < 15; i++) {
            input[i] = (byte) i;
        }
        assertThat(new SipHash(key).hash(input)).isEqualTo(0xa129ca6149be45e5L);
    }
}
