package org.tinc4j.bench.datapath;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.tinc4j.testkit.wire.LaneCounters;

/** Every stream of {@link Goodput}, for programs. */
final class GoodputJson {

    private GoodputJson() {}

    /** Writes all runs in their order. */
    static String of(Map<String, String> machine, List<GoodputRun> runs) {
        return "{\n  \"machine\": {" + Json.facts(machine) + "\n  },\n  \"runs\": ["
                + runs.stream().map(GoodputJson::run).collect(Collectors.joining(",")) + "\n  ]\n}\n";
    }

    private static String run(GoodputRun run) {
        return String.format(
                Locale.ROOT,
                "%n    {\"loss_percent\": %s, \"rtt_ms\": %d, \"late_percent\": %s, \"twice_percent\": %s, \"variant\": %s, \"round\": %d, "
                        + "\"bytes\": %d, \"seconds\": %d, \"mbit_s\": %.3f, \"longest_pause_ms\": %.1f, \"there\": %s, \"back\": %s, "
                        + "\"drops\": {%s}}",
                run.cell().lossPercent(),
                run.cell().rttMillis(),
                run.cell().latePercent(),
                run.cell().twicePercent(),
                Json.quoted(run.variant()),
                run.round(),
                run.stream().bytes(),
                run.stream().seconds(),
                run.stream().megabitsPerSecond(),
                run.stream().longestPauseNanos() / 1e6,
                lane(run.there()),
                lane(run.back()),
                run.drops().entrySet().stream()
                        .map(drop -> Json.quoted(drop.getKey()) + ": " + drop.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private static String lane(LaneCounters lane) {
        return String.format(
                Locale.ROOT,
                "{\"sent\": %d, \"lost\": %d, \"twice\": %d, \"late\": %d, \"overflowed\": %d, \"refused\": %d}",
                lane.sent(),
                lane.lost(),
                lane.twice(),
                lane.late(),
                lane.overflowed(),
                lane.refused());
    }
}
