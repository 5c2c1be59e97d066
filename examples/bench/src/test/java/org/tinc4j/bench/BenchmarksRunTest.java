package org.tinc4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That the benchmarks still run. Their figures mean nothing here. */
class BenchmarksRunTest {

    @Test
    void everyMicroBenchmarkRuns() throws RunnerException {
        Options once = new OptionsBuilder()
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(once).run();

        assertThat(results).extracting(result -> result.getPrimaryResult().getLabel()).contains("seal", "open", "ipv4", "ipv6");
    }

    @Test
    void aMeshOfThreeIsMeasuredInEitherTopology() throws Exception {
        List<MeshRun> runs = MeshBenchmark.measure(new int[] {3}, 1, 1);

        assertThat(runs).extracting(MeshRun::topology).containsExactly(Topology.STAR, Topology.THREE_EACH);
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.reachableMillis()).isPositive();
            assertThat(run.virtualThreadsPerNode()).isPositive();
        });
        assertThat(MeshBenchmark.table(runs)).contains("| 3 | STAR | 1 |");
        assertThat(MeshBenchmark.json(runs)).contains("\"nodes\": 3, \"topology\": \"THREE_EACH\"");
    }

    @Test
    void meshesInVirtualTimeAreMeasuredAndTheirGrowthIsFitted() {
        List<String> lines = new ArrayList<>();
        VirtualBenchmark.Results results = VirtualBenchmark.measure(new int[] {3, 6}, 2, 4, Duration.ofSeconds(2), 1, lines::add);

        assertThat(results.runs()).hasSize(8).allSatisfy(run -> assertThat(run.simulatedSeconds()).isPositive());
        assertThat(results.runs().stream().map(VirtualRun::digest).distinct()).hasSize(4);
        assertThat(lines).hasSize(8 + 4 + 4);
        assertThat(lines.getFirst()).startsWith("round 1 | 3 nodes, star | wall, s ");
        assertThat(results.sent()).hasSize(4).allSatisfy(sent -> assertThat(sent.bytes()).isPositive());
        assertThat(results.storms()).hasSize(4).allSatisfy(storm -> assertThat(storm.bytes()).isPositive());
        assertThat(VirtualBenchmark.tables(results)).contains("| 6 | random | 2 |", "(n^", "| all killed and started together |");
        assertThat(VirtualBenchmark.json(results)).contains("\"topology\": \"star\", \"nodes\": 3, \"digest\"");
    }
}
