package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.testkit.Command;

/** The example daemon in the place of tincd, beside a C daemon. */
@RequiresTincd
class DaemonIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @ParameterizedTest(name = "{0} dials")
    @EnumSource
    void carriesPingsRunsScriptsAndLeavesNothing(Mesh.Program dialler) {
        try (Mesh mesh = Mesh.of("daemon")) {
            CTincd c = mesh.tincd("c");
            JavaDaemon java = mesh.daemon("java");
            if (dialler == Mesh.Program.C) {
                mesh.dial(c, java);
            } else {
                mesh.dial(java, c);
            }
            java.write().writeScript("hosts/c-up", "");
            java.record("hosts/c-up");
            mesh.start(LIMIT);

            Traffic.awaitPing(java, c, LIMIT);
            assertThat(Traffic.ping(c, java.site().overlay4(), 5).lost()).isZero();
            assertThat(Traffic.ping(java, c.site().overlay6(), 5).lost()).isZero();
            await("the scripts").atMost(LIMIT).untilAsserted(() -> assertThat(java.scripts()).containsExactly(
                    "tinc-up",
                    "subnet-up java 10.7.0.2",
                    "subnet-up java fd07::2",
                    "host-up c",
                    "hosts/c-up c",
                    "subnet-up c 10.7.0.1",
                    "subnet-up c fd07::1"));
            assertThat(java.pidFile()).exists();

            assertThat(java.exitStatus()).isZero();
            assertThat(java.scripts().subList(7, java.scripts().size())).containsExactly(
                    "host-down c",
                    "subnet-down c 10.7.0.1",
                    "subnet-down c fd07::1",
                    "subnet-down java 10.7.0.2",
                    "subnet-down java fd07::2",
                    "tinc-down");
            assertThat(java.site().netns().run("ip", "link", "show", "tun0").succeeded()).as("the interface is left").isFalse();
            assertThat(java.pidFile()).doesNotExist();
            assertThat(java.logText()).as("warnings of the JVM").doesNotContain("WARNING");
            await("c notices").atMost(LIMIT).until(() -> !c.reaches(java));
        }
    }

    @Test
    void takesAPeerAndASubnetOnReloadAndRefusesABrokenConfiguration() throws IOException {
        try (Mesh mesh = Mesh.of("reload")) {
            CTincd c = mesh.tincd("c");
            JavaDaemon java = mesh.daemon("java");
            mesh.dial(java, c);
            java.write();
            Path tincConf = java.site().directory().resolve("tinc.conf");
            Path host = java.site().directory().resolve("hosts/c");
            Path ownHost = java.site().directory().resolve("hosts/java");
            List<String> complete = Files.readAllLines(tincConf);
            String hostLines = Files.readString(host);
            Files.write(tincConf, complete.stream().filter(line -> !line.startsWith("ConnectTo")).toList());
            Files.delete(host);
            c.start();
            java.start();

            Files.write(tincConf, complete);
            java.signal("HUP");
            await("refusal").atMost(LIMIT).until(() -> java.logText().contains("not reloaded"));
            assertThat(java.logText()).contains("there is no host file " + host);

            Files.writeString(host, hostLines);
            Files.writeString(ownHost, Files.readString(ownHost) + "Subnet = 10.77.0.0/16\n");
            java.signal("HUP");
            mesh.awaitReachable(LIMIT);
            Traffic.awaitPing(java, c, LIMIT);
            assertThat(java.scripts()).contains("subnet-up java 10.77.0.0/16");
            await("c learns the subnet").atMost(LIMIT).until(() -> c.control("dump", "subnets").contains("10.77.0.0/16 owner java"));

            Files.write(tincConf, complete.stream().filter(line -> !line.startsWith("ConnectTo")).toList());
            Files.delete(host);
            java.signal("HUP");
            await("the peer goes").atMost(LIMIT).until(() -> !java.reaches(c) && !c.reaches(java));
            assertThat(java.exitStatus()).isZero();
        }
    }

    @Test
    void dialsAtOnceOnSigalrm() {
        try (Mesh mesh = Mesh.of("alarm")) {
            CTincd c = mesh.tincd("c");
            JavaDaemon java = mesh.daemon("java");
            mesh.dial(java, c);
            java.start();
            // Three failures: 5 s, 10 s, and now a pause of 15 s.
            await("a third failure").atMost(Duration.ofSeconds(30)).until(() -> java.logText().split(" ended: ", -1).length > 3);

            c.start();
            java.signal("ALRM");
            mesh.awaitReachable(Duration.ofSeconds(5));
        }
    }

    @Test
    void endsWithStatusOneWhereThePortIsTakenAndTakesTheInterfaceBack() {
        try (Mesh mesh = Mesh.of("taken")) {
            JavaDaemon java = mesh.daemon("java");
            java.start();

            Command.Result second = java.site().netns().run(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-jar", System.getProperty("tinc4jd.jar"), "-c", java.site().directory().toString(), "-D", "-o", "Interface=tun1");

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output()).contains("655");
            assertThat(java.scripts()).endsWith("subnet-down java 10.7.0.1", "subnet-down java fd07::1", "tinc-down");
            assertThat(java.site().netns().run("ip", "link", "show", "tun1").succeeded()).isFalse();
            assertThat(java.exitStatus()).isZero();
        }
    }
}
