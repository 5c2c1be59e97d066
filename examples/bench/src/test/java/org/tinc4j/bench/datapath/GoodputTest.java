package org.tinc4j.bench.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tinc4j.testkit.wire.Conditions;
import org.tinc4j.testkit.wire.LaneCounters;

/** What of the measure of goodput needs no root: arguments, tables, the file. */
class GoodputTest {

    private static final Cell LOSSY = Cell.parse("1/50");
    private static final Cell ROUGH = Cell.parse("0.1/50/2/0.5");

    @Test
    void withoutMoreArgumentsAllCellsAreMeasuredForBothStacks() {
        Plan plan = Plan.parse("measure=goodput");

        assertThat(plan.measure()).isEqualTo(Plan.Measure.GOODPUT);
        assertThat(plan.cells()).hasSize(13).contains(LOSSY, ROUGH);
        assertThat(plan.variants()).startsWith("large-buffer", "in-process+large-buffer");
        assertThat(plan.congestion()).isEqualTo("cubic");
        assertThat(plan.seconds()).isEqualTo(20);
        assertThat(Plan.parse("seconds=5", "measure=goodput", "cells=0/1").cells()).containsExactly(new Cell(0, 1, 0, 0));
    }

    @Test
    void otherMeasuresHaveNoCells() {
        assertThat(Plan.parse("measure=tcp").cells()).isEmpty();
        assertThatThrownBy(() -> Plan.parse("cells=1/50")).hasMessageContaining("cells=1/50");
    }

    @Test
    void aCellIsLossInPercentAndTheRoundTrip() {
        assertThat(ROUGH.conditions())
                .isEqualTo(new Conditions(Duration.ofMillis(25), 0.001, 0.005, 0.02, Duration.ofMillis(2)));
        assertThat(LOSSY).hasToString("1 %, 50 ms");
        assertThat(ROUGH).hasToString("0.1 %, 50 ms, 2 % late, 0.5 % twice");
        assertThatThrownBy(() -> Cell.parse("1")).hasMessageContaining("loss/rtt");
    }

    @Test
    void onlyLossAndDistanceTogetherLetVariantsRunAtOnce() {
        assertThat(LOSSY.slow()).isTrue();
        assertThat(Cell.parse("0/200").slow()).isFalse();
        assertThat(Cell.parse("5/1").slow()).isFalse();
    }

    @Test
    void tablesHaveMediansRatiosAndTheLongestPause() {
        String table = GoodputTable.of(
                List.of(
                        run("tinc4j", 1, 1_000_000, 300), run("in-process", 1, 900_000, 200),
                        run("tinc4j", 2, 1_200_000, 400), run("in-process", 2, 1_000_000, 250),
                        run("tinc4j", 3, 1_100_000, 100), run("in-process", 3, 1_100_000, 150)),
                List.of("tinc4j", "in-process"));

        assertThat(table).containsPattern("kernel to kernel +ours to ours");
        assertThat(table.lines().filter(line -> line.startsWith("1 %, 50 ms")).map(line -> line.substring(11).strip()))
                .containsExactly(
                        "0.88 ± 9%            0.80 ±10%", "1.00 ± 0%            0.90 ± 9%", "400                  250", "9                    9");
    }

    @Test
    void theFileHasEveryStream() throws Exception {
        JsonNode json = new ObjectMapper().readTree(GoodputJson.of(Map.of("kernel", "Linux"), List.of(run("tinc4j", 1, 1_000_000, 300))));

        assertThat(json.at("/machine/kernel").asText()).isEqualTo("Linux");
        assertThat(json.at("/runs/0/loss_percent").asDouble()).isEqualTo(1);
        assertThat(json.at("/runs/0/mbit_s").asDouble()).isEqualTo(0.8);
        assertThat(json.at("/runs/0/longest_pause_ms").asDouble()).isEqualTo(300);
        assertThat(json.at("/runs/0/there/lost").asLong()).isEqualTo(10);
        assertThat(json.at("/runs/0/drops/REPLAYED").asLong()).isEqualTo(2);
    }

    private static GoodputRun run(String variant, int round, long bytes, long pauseMillis) {
        return new GoodputRun(
                LOSSY,
                variant,
                round,
                new GoodputStream(bytes, 10, pauseMillis * 1_000_000),
                new LaneCounters(1000, 10, 0, 0, 1, 0),
                new LaneCounters(500, 5, 0, 0, 0, 1),
                Map.of("REPLAYED", 2L, "TOO_LATE", 1L));
    }
}
