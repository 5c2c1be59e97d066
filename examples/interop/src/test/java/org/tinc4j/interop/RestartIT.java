package org.tinc4j.interop;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.testkit.Netns;

/** A node dies without a word and comes back with no memory; packets flow again by themselves. */
@RequiresTincd
class RestartIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String[] IMPATIENT = {"PingInterval = 2", "PingTimeout = 1", "MaxTimeout = 1"};

    @ParameterizedTest(name = "{0} is killed, {1} dials")
    @CsvSource({"C, JAVA", "C, C", "JAVA, JAVA", "JAVA, C"})
    void packetsFlowAgainAfterAKill(Mesh.Program killed, Mesh.Program dialler) {
        try (Mesh mesh = Mesh.of("restart")) {
            MeshNode victim = mesh.node(killed, "victim", IMPATIENT);
            MeshNode survivor = mesh.node(killed == Mesh.Program.C ? Mesh.Program.JAVA : Mesh.Program.C, "survivor", IMPATIENT);
            if (dialler == killed) {
                mesh.dial(victim, survivor);
            } else {
                mesh.dial(survivor, victim);
            }
            mesh.start(LIMIT);
            Traffic.awaitPing(survivor, victim, LIMIT);

            victim.kill();
            await("the survivor notices").atMost(LIMIT).until(() -> !survivor.reaches(victim));
            victim.start();

            mesh.awaitReachable(LIMIT);
            Traffic.awaitPing(survivor, victim, LIMIT);
            Traffic.awaitPing(victim, survivor, LIMIT);
            Traffic.stream(victim, survivor, 1 << 20);
        }
    }

    @ParameterizedTest(name = "{0} dials")
    @EnumSource
    void packetsFlowAgainAfterTheCableWasPulled(Mesh.Program dialler) {
        try (Mesh mesh = Mesh.of("cable")) {
            MeshNode first = mesh.node(dialler, "first", IMPATIENT);
            MeshNode second = mesh.node(dialler == Mesh.Program.C ? Mesh.Program.JAVA : Mesh.Program.C, "second", IMPATIENT);
            mesh.dial(first, second).start(LIMIT);
            Traffic.awaitPing(first, second, LIMIT);

            first.site().netns().link(Lan.DEVICE, Netns.LinkState.DOWN);
            await("both notice").atMost(LIMIT).until(() -> !first.reaches(second) && !second.reaches(first));
            first.site().netns().link(Lan.DEVICE, Netns.LinkState.UP);

            mesh.awaitReachable(LIMIT);
            Traffic.awaitPing(first, second, LIMIT);
            Traffic.awaitPing(second, first, LIMIT);
        }
    }
}
