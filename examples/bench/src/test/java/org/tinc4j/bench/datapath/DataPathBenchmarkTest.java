package org.tinc4j.bench.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tinc4j.Offload;
import org.tinc4j.bench.Statistics;
import org.tinc4j.config.DataPathOptions.ReaderThreads;
import org.tinc4j.testkit.Netns;

/** What of the data path benchmark needs no root: arguments, the reading of what programs print, statistics, tables. */
class DataPathBenchmarkTest {

    @Test
    void withoutArgumentsEverythingIsComparedInFiveRounds() {
        Plan plan = Plan.parse();

        assertThat(plan.variants()).containsExactly("veth", "wireguard-go", "c-tinc", "tinc4j");
        assertThat(plan.rounds()).isEqualTo(5);
        assertThat(plan.soak()).isEmpty();
        assertThat(plan.profile()).isEqualTo(Plan.Profiler.NONE);
        assertThat(plan.jvm()).isEmpty();
    }

    @Test
    void argumentsChangeThePlan() {
        Plan plan = Plan.parse("variants=no-tso+platform,veth", "soak=10m", "profile=jfr", "jvm=-XX:+UseSerialGC,-Xms64m");

        assertThat(plan.variants()).containsExactly("no-tso+platform", "veth");
        assertThat(plan.soak()).isEqualTo(Optional.of(Duration.ofMinutes(10)));
        assertThat(plan.profile()).isEqualTo(Plan.Profiler.JFR);
        assertThat(plan.jvm()).containsExactly("-XX:+UseSerialGC", "-Xms64m");
    }

    @Test
    void aWrongArgumentIsRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> Plan.parse("variant=veth")).hasMessageContaining("variant=veth").hasMessageContaining("variants");
        assertThatThrownBy(() -> Plan.parse("rounds=0")).hasMessageContaining("rounds=0");
        assertThatThrownBy(() -> Plan.parse("soak=10")).hasMessageContaining("10m");
        assertThatThrownBy(() -> Plan.parse("variants=tinc4j+no-such")).hasMessageContaining("no-such").hasMessageContaining("no-tso");
        assertThatThrownBy(() -> Plan.parse("variants=veth+no-tso")).hasMessageContaining("veth");
    }

    @Test
    void optionsOfAVariantAddUp() {
        assertThat(Variants.dataPath("no-tso+no-gro+platform")).satisfies(options -> {
            assertThat(options.disabled()).containsExactlyInAnyOrder(Offload.TSO, Offload.UDP_GRO, Offload.IO_URING);
            assertThat(options.readers()).isEqualTo(ReaderThreads.PLATFORM);
        });
        assertThat(Variants.dataPath("io_uring").disabled()).isEmpty();
        assertThat(Variants.named("veth", List.of())).isInstanceOf(PlainVariant.class);
        assertThat(Variants.named("no-batch", List.of()).name()).isEqualTo("no-batch");
    }

    @Test
    void percentilesAndSpreadAreThoseOfTheValues() {
        double[] hundred = new double[100];
        for (int i = 0; i < 100; i++) {
            hundred[99 - i] = i + 1;
        }
        assertThat(Statistics.percentile(99, hundred)).isEqualTo(99);
        assertThat(Statistics.percentile(100, hundred)).isEqualTo(100);
        assertThat(Statistics.percentile(50, 7)).isEqualTo(7);
        assertThat(Statistics.spreadPercent(90, 110, 100)).isEqualTo(10);
        assertThat(Statistics.spreadPercent(0, 0)).isZero();
    }

    @Test
    void bothDirectionsAreReadFromIperfsReport() {
        String report = """
                "end":	{ "streams":	[{ "sender": { "bytes": 5, "seconds": 1 } }],
                "sum_received":	{
                    "start":	0, "seconds":	2.0, "bytes":	1000000, "bits_per_second":	4e+06, "sender":	true },
                "sum_received_bidir_reverse":	{
                    "start":	0, "seconds":	1.0, "bytes":	3e+06 } }
                """;

        assertThat(Iperf.received(report).megabitsPerSecond()).isEqualTo(4);
        assertThat(Iperf.receivedBack(report).megabitsPerSecond()).isEqualTo(24);
        assertThat(Iperf.received(report).megabytes()).isEqualTo(1);
    }

    @Test
    void pingsAreReadInMicroseconds() throws IOException {
        Ping ping = Ping.read("""
                64 bytes from 10.99.0.2: icmp_seq=1 ttl=64 time=0.100 ms
                64 bytes from 10.99.0.2: icmp_seq=2 ttl=64 time=2.50 ms
                64 bytes from 10.99.0.2: icmp_seq=3 ttl=64 time=0.300 ms
                """);

        assertThat(ping.medianMicros()).isEqualTo(300);
        assertThat(ping.p99Micros()).isEqualTo(2500);
        assertThatThrownBy(() -> Ping.read("3 packets transmitted, 0 received")).hasMessageContaining("no ping was answered");
    }

    @Test
    void processorTimeIsReadWhateverAProcessIsCalled() {
        assertThat(Proc.processTicks("12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 700 55 0 0 20")).isEqualTo(755);
        assertThat(Proc.machineTicks("cpu  100 20 30 4000 500 6 7 80 0 0\ncpu0 1 2 3")).isEqualTo(163);
    }

    @Test
    void countersOfAProtocolAreReadByName() {
        String snmp = """
                Ip: Forwarding InCsumErrors
                Ip: 1 9
                Tcp: InErrs OutRsts InCsumErrors
                Tcp: 1 2 3
                """;

        assertThat(Netns.counter(snmp, "Tcp", "InCsumErrors")).isEqualTo(3);
        assertThatThrownBy(() -> Netns.counter(snmp, "Tcp", "Other")).hasMessageContaining("Other");
    }

    @Test
    void pausesThatTheBenchmarkAskedForDoNotCount() {
        GcLog log = GcLog.of(List.of(
                "[1.0s][info][gc,start    ] GC(0) Pause Young (Normal) (G1 Evacuation Pause)",
                "[1.0s][info][gc,phases   ] GC(0)   Evacuate Collection Set: 1.4ms",
                "[1.0s][info][gc          ] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 23M->4M(512M) 2.125ms",
                "[2.0s][info][gc          ] GC(1) Pause Full (System.gc()) 8M->3M(64M) 19.000ms",
                "[3.0s][info][gc          ] GC(2) Pause Remark 8M->8M(64M) 1.500ms",
                "[3.0s][info][gc          ] GC(2) Concurrent Mark Cycle 30.000ms"));

        assertThat(log).isEqualTo(new GcLog(2, 2.125));
    }

    @Test
    void systemCallsAreThoseThatPerfCounted() {
        assertThat(SystemCalls.count("# started on Sat\n\n4711,,raw_syscalls:sys_enter,1000,100.00,,\n")).isEqualTo(4711);
        assertThatThrownBy(() -> SystemCalls.count("")).hasMessageContaining("perf counted nothing");
    }

    @Test
    void theFramesThatMostSamplesWereInComeFirst() {
        assertThat(Frames.top(List.of("a;b c;seal 30", "a;read 60", "x;seal 10"), 1)).isEqualTo(String.format(" 60.00%%  read%n"));
        assertThat(Frames.top(List.of("a;b c;seal 30", "a;read 60", "x;seal 10"), 9)).contains(" 40.00%  seal");
    }

    @Test
    void theHighestRateWithoutLossIsFound() throws Exception {
        List<Double> asked = new ArrayList<>();
        double found = PacketRate.search(rate -> {
            asked.add(rate);
            double sent = rate == 0 ? 200_000 : rate;
            // Beyond its limit a tunnel brings less than at the limit.
            return new PacketRate.Step(sent, sent <= 50_000 ? sent : 40_000);
        });

        assertThat(found).isCloseTo(50_000, within(5_000.0)).isLessThanOrEqualTo(50_000);
        assertThat(asked).hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void aTunnelThatBringsWhatTheSenderCanIsDoneAtOnce() throws Exception {
        assertThat(PacketRate.search(rate -> new PacketRate.Step(80_000, 79_900))).isEqualTo(79_900);
        assertThat(PacketRate.search(rate -> new PacketRate.Step(80_000, 0))).isZero();
    }

    @Test
    void roundsInWhichTheWireCollapsedDoNotCount() {
        Round good = round(10_000, 300, 1000);
        Round slower = round(6_000, 200, 900);
        Round collapsed = round(3_000, 100, 100);

        assertThat(Round.valid(List.of(good, slower, good, collapsed))).containsExactly(good, slower, good);
        assertThat(Round.valid(List.of())).isEmpty();
    }

    @Test
    void tablesHaveMediansAndRatiosWithinTheRound() {
        String table = Table.of(List.of(round(1, 300, 1000), round(1, 500, 1000), round(1, 400, 800)), List.of("wireguard-go", "tinc4j"));

        assertThat(table).contains("medians of 3 rounds", "TCP, Mbit/s of payload");
        assertThat(table.lines().filter(line -> line.startsWith("tinc4j ")).toList())
                .anySatisfy(line -> assertThat(line).matches("tinc4j +400 ±25% +- +- +-"))
                .anySatisfy(line -> assertThat(line).startsWith("tinc4j").contains("0.50 ±20%"));
    }

    @Test
    void theFileHasEveryFigureAndSaysWhichRoundsCount() throws Exception {
        List<Round> rounds = List.of(round(1000, 300, 1000), round(10, 1, 2), round(1000, 310, 1010));

        JsonNode json = new ObjectMapper().readTree(Json.of(Map.of("kernel", "Linux \"6\"\n"), rounds));

        assertThat(json.at("/machine/kernel").asText()).isEqualTo("Linux \"6\"\n");
        assertThat(json.at("/rounds/0/counts").asBoolean()).isTrue();
        assertThat(json.at("/rounds/1/counts").asBoolean()).isFalse();
        assertThat(json.at("/rounds/2/variants/tinc4j/tcp_one").asDouble()).isEqualTo(310);
    }

    private static Round round(double control, double tinc4j, double wireguard) {
        return new Round(control, Map.of(
                "wireguard-go", Map.of(Figure.TCP_ONE, wireguard),
                "tinc4j", Map.of(Figure.TCP_ONE, tinc4j)));
    }
}
