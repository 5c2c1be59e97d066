package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.MeshClock;
import org.tinc4j.testing.junit.Mesh;

/** What one sees of a mesh when a test failed. The classes inside are the tests that are run. */
class MeshExtensionReportTest {

    private static EngineExecutionResults run(Class<?> fixture) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(fixture)).execute();
    }

    private static Throwable failure(EngineExecutionResults results) {
        List<Throwable> failures = results.allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
                .toList();
        assertThat(failures).hasSize(1);
        return failures.getFirst();
    }

    private static List<String> reports(Throwable failure) {
        return Arrays.stream(failure.getSuppressed()).map(Throwable::toString).toList();
    }

    @Test
    void aFailureCarriesSeedDiagramAndTraceOfEveryMeshOfTheTest() {
        Throwable failure = failure(run(Fails.class));

        assertThat(failure).hasMessage("the test");
        assertThat(reports(failure)).hasSize(3);
        assertThat(reports(failure)).anySatisfy(report -> assertThat(report)
                .startsWith("Mesh in field Fails.mesh; for the same again: -Dtinc4j.mesh.seed=4711\n")
                .contains("seed 4711\n", "orders", "billing", "cut"));
        assertThat(reports(failure)).anySatisfy(report -> assertThat(report).startsWith("Mesh in parameter ").contains("Fails.test", "one"));
        assertThat(reports(failure)).anySatisfy(report -> assertThat(report).startsWith("Mesh in field Fails.shared;").contains("two"));
    }

    @Test
    void theReportIsPrintedWithTheStackTraceAndHasNoneItself() {
        StringWriter printed = new StringWriter();
        failure(run(Fails.class)).printStackTrace(new PrintWriter(printed));

        assertThat(printed.toString()).contains("Suppressed: Mesh in field Fails.mesh", "ConnectionUp");
    }

    @Test
    void theReportIsPublishedWithADiagramForMarkdown() {
        List<Map<String, String>> entries = run(Fails.class).allEvents().reportingEntryPublished().stream()
                .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
                .toList();

        assertThat(entries).hasSize(3).allSatisfy(entry -> {
            assertThat(entry.get("mesh")).contains("seed ");
            assertThat(entry.get("mermaid")).startsWith("flowchart");
        });
    }

    static class Fails {

        @Mesh(value = "two", clock = MeshClock.VIRTUAL)
        static EphemeralMesh shared;

        @Mesh(value = {"orders", "billing"}, clock = MeshClock.VIRTUAL, seed = 4711)
        EphemeralMesh mesh;

        @Test
        void test(@Mesh(value = "one", clock = MeshClock.VIRTUAL) EphemeralMesh parameter) {
            mesh.awaitConverged();
            mesh.partition("orders", "billing");
            throw new AssertionError("the test");
        }

        @Test
        void passes() {
            mesh.awaitConverged();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {
        FailsBefore.class, FailsAfter.class, FailsBeforeAll.class, FailsAfterAll.class, FailsByAnExtension.class, FailsTwice.class
    })
    void whateverFailsTheReportIsThereOnce(Class<?> fixture) {
        Throwable failure = failure(run(fixture));

        assertThat(failure).hasMessage("first");
        assertThat(reports(failure)).filteredOn(report -> report.startsWith("Mesh in field " + fixture.getSimpleName())).hasSize(1);
    }

    static class FailsBefore {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @BeforeEach
        void before() {
            throw new AssertionError("first");
        }

        @Test
        void test() {}
    }

    static class FailsAfter {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {}

        @AfterEach
        void after() {
            throw new AssertionError("first");
        }
    }

    static class FailsBeforeAll {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        static EphemeralMesh mesh;

        @BeforeAll
        static void before() {
            throw new AssertionError("first");
        }

        @Test
        void test() {}
    }

    static class FailsAfterAll {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        static EphemeralMesh mesh;

        @Test
        void test() {}

        @AfterAll
        static void after() {
            throw new AssertionError("first");
        }
    }

    @ExtendWith(FailsByAnExtension.Refusing.class)
    static class FailsByAnExtension {

        static class Refusing implements AfterTestExecutionCallback {
            @Override
            public void afterTestExecution(ExtensionContext context) {
                throw new AssertionError("first");
            }
        }

        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {}
    }

    static class FailsTwice {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {
            throw new AssertionError("first");
        }

        @AfterEach
        void after() {
            throw new AssertionError("second");
        }
    }

    @Test
    void theReportShowsTheMeshAsItWasWhenTheTestFailed() {
        assertThat(reports(failure(run(CleansUp.class))).getFirst()).contains("running").doesNotContain(" down");
    }

    static class CleansUp {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {
            throw new AssertionError("the test");
        }

        @AfterEach
        void stop() {
            mesh.node("a").stop();
        }
    }

    @Test
    void whatTheMessageShowsIsNotRepeated() {
        Throwable failure = failure(run(DoesNotConverge.class));

        assertThat(failure).hasMessageContaining("\nseed 4711\n");
        assertThat(reports(failure)).containsExactly("Mesh in field DoesNotConverge.mesh; for the same again: -Dtinc4j.mesh.seed=4711\n");
    }

    static class DoesNotConverge {
        @Mesh(value = {"a", "b"}, clock = MeshClock.VIRTUAL, seed = 4711)
        EphemeralMesh mesh;

        @Test
        void test() {
            mesh.awaitConverged(Duration.ZERO);
        }
    }

    @Test
    void aTestThatIsAbortedHasNoReport() {
        EngineExecutionResults results = run(Aborts.class);

        assertThat(results.testEvents().aborted().count()).isEqualTo(1);
        assertThat(results.allEvents().reportingEntryPublished().count()).isZero();
    }

    static class Aborts {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {
            Assumptions.abort("not today");
        }
    }
}
