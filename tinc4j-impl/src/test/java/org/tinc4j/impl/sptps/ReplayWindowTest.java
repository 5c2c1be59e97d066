package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tinc4j.impl.crypto.Vectors;
import org.tinc4j.impl.sptps.ReplayWindow.Verdict;

class ReplayWindowTest {

    @TestFactory
    Stream<DynamicTest> judgesLikeTinc() {
        return StreamSupport.stream(Vectors.read("replay-window.json").get("scenarios").spliterator(), false)
                .map(scenario -> DynamicTest.dynamicTest(scenario.get("name").textValue(), () -> check(scenario)));
    }

    private static void check(JsonNode scenario) {
        ReplayWindow window =
                new ReplayWindow(scenario.get("window_bytes").intValue(), scenario.get("first_expected_seqno").intValue());
        int i = 0;
        for (JsonNode step : scenario.get("steps")) {
            int seqno = (int) step.get("seqno").longValue();
            Verdict foreseen = window.judge(seqno);
            assertThat(window.accept(seqno)).as("step %d", i).isEqualTo(foreseen);
            assertThat(foreseen == Verdict.FRESH).as("step %d: %s", i, step).isEqualTo(step.get("accepted").booleanValue());
            assertThat(window.expected()).as("step %d", i).isEqualTo(step.get("inseqno_after").longValue());
            assertThat(window.farFuture()).as("step %d", i).isEqualTo(step.get("farfuture_after").intValue());
            i++;
        }
    }

    @Test
    void tellsWhyItRefuses() {
        ReplayWindow window = new ReplayWindow(16, 2);
        window.accept(2);
        assertThat(window.accept(2)).isEqualTo(Verdict.REPLAYED);
        assertThat(window.accept(500)).isEqualTo(Verdict.FAR_FUTURE);
        for (int seqno = 3; seqno < 300; seqno++) {
            assertThat(window.accept(seqno)).isEqualTo(Verdict.FRESH);
        }
        assertThat(window.accept(171)).isEqualTo(Verdict.TOO_LATE);
        assertThat(window.accept(172)).isEqualTo(Verdict.REPLAYED);
    }

    @Test
    void believesInAJumpAfterASilence() {
        ReplayWindow window = new ReplayWindow(16, 2);
        assertThat(window.accept(2, 0)).isEqualTo(Verdict.FRESH);
        assertThat(window.accept(500, 4_000_000)).isEqualTo(Verdict.FAR_FUTURE);
        assertThat(window.accept(501, 5_000_000)).isEqualTo(Verdict.FRESH);
        assertThat(window.accept(501, 20_000_000)).isEqualTo(Verdict.REPLAYED);
        assertThat(window.accept(500, 20_000_000)).as("in the window now").isEqualTo(Verdict.FRESH);
        assertThat(window.accept(3, 20_000_000)).isEqualTo(Verdict.TOO_LATE);
    }

    @Test
    void theSilenceBeginsWithTheFirstAuthenticNumber() {
        ReplayWindow window = new ReplayWindow(16, 2);
        assertThat(window.accept(500, -7_000_000)).isEqualTo(Verdict.FAR_FUTURE);
        assertThat(window.accept(501, -2_000_000)).isEqualTo(Verdict.FRESH);
    }

    @Test
    void doesNotComeRoundAfterTheLastNumber() {
        ReplayWindow window = new ReplayWindow(16, -2);
        assertThat(window.accept(-2)).isEqualTo(Verdict.FRESH);
        assertThat(window.accept(-1)).isEqualTo(Verdict.FRESH);
        assertThat(window.accept(0)).isEqualTo(Verdict.TOO_LATE);
        assertThat(window.accept(-1)).isEqualTo(Verdict.REPLAYED);
    }

    @Test
    void worksWithASizeThatIsNoPowerOfTwo() {
        ReplayWindow window = new ReplayWindow(3, 2);
        assertThat(window.accept(25)).isEqualTo(Verdict.FRESH);
        for (int seqno = 2; seqno < 25; seqno++) {
            assertThat(window.accept(seqno)).isEqualTo(Verdict.FRESH);
            assertThat(window.accept(seqno)).isEqualTo(Verdict.REPLAYED);
        }
    }

    @Test
    void refusesASizeThatMakesNoSense() {
        assertThatThrownBy(() -> new ReplayWindow(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}
