package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;
import org.tinc4j.testing.MeshClock;
import org.tinc4j.testing.junit.Mesh;
import org.tinc4j.testing.junit.MeshCustomizer;
import org.tinc4j.testing.junit.MeshExtension;

/** Which mesh a test gets, and for how long. The classes inside are the tests that are run. */
class MeshExtensionTest {

    private static EngineExecutionResults run(DiscoverySelector... what) {
        return EngineTestKit.engine("junit-jupiter").selectors(what).execute();
    }

    /** What the tests said with {@link TestReporter#publishEntry(String, String)}, in order. */
    private static List<String> said(String key, EngineExecutionResults results) {
        return results.allEvents().reportingEntryPublished().stream()
                .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs().get(key))
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<String> failures(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow().getMessage())
                .toList();
    }

    private static void succeeded(int tests, EngineExecutionResults results) {
        assertThat(failures(results)).isEmpty();
        assertThat(results.testEvents().succeeded().count()).isEqualTo(tests);
    }

    private static String identity(EphemeralMesh mesh) {
        return Integer.toHexString(System.identityHashCode(mesh));
    }

    private static boolean running(EphemeralMesh mesh) {
        return mesh.nodes().getFirst().running();
    }

    // ---- fields ----

    @Test
    void aFieldHasAFreshMeshForEachTestAndAStaticFieldOneForAll() {
        EngineExecutionResults results = run(selectClass(Fields.class));

        succeeded(2, results);
        assertThat(new HashSet<>(said("fresh", results))).hasSize(2);
        assertThat(new HashSet<>(said("shared", results))).hasSize(1);
        assertThat(said("ended with their tests", results)).containsExactly("true");
        assertThat(Fields.shared).isNull();
    }

    @TestInstance(TestInstance.Lifecycle.PER_METHOD)
    static class Fields {

        @Mesh(value = {"a", "b"}, clock = MeshClock.VIRTUAL)
        static EphemeralMesh shared;

        private static List<EphemeralMesh> seen;

        @Mesh(value = {"a", "b", "c"}, topology = "chain", clock = MeshClock.VIRTUAL)
        private EphemeralMesh fresh;

        @BeforeAll
        static void hasTheSharedOne() {
            seen = new ArrayList<>();
            assertThat(running(shared)).isTrue();
        }

        @BeforeEach
        void hasAFreshOne() {
            assertThat(running(fresh)).isTrue();
            assertThat(fresh.elapsed()).isZero();
        }

        @Test
        void converges(TestReporter reporter) {
            fresh.awaitConverged();
            shared.awaitConverged();
            say(reporter);
        }

        @Test
        void convergesAgain(TestReporter reporter) {
            fresh.awaitConverged();
            shared.awaitConverged();
            say(reporter);
        }

        private void say(TestReporter reporter) {
            reporter.publishEntry("fresh", identity(fresh));
            reporter.publishEntry("shared", identity(shared));
        }

        @AfterEach
        void stillHasIt() {
            assertThat(running(fresh)).isTrue();
            seen.add(fresh);
        }

        @AfterAll
        static void onlyTheSharedOneIsLeft(TestReporter reporter) {
            reporter.publishEntry("ended with their tests", Boolean.toString(seen.stream().noneMatch(MeshExtensionTest::running)));
            assertThat(running(shared)).isTrue();
        }
    }

    @Test
    void aNestedTestHasTheFieldsOfTheClassesAroundIt() {
        succeeded(2, run(selectClass(Outer.class)));
    }

    @ExtendWith(MeshExtension.class)
    static class Outer {

        @Mesh(value = "outer", clock = MeshClock.VIRTUAL)
        static EphemeralMesh shared;

        @Mesh(value = "outer", clock = MeshClock.VIRTUAL)
        EphemeralMesh outer;

        @Test
        void hasItsOwn() {
            assertThat(running(outer)).isTrue();
        }

        @Nested
        class Inner {

            @Mesh(value = "inner", clock = MeshClock.VIRTUAL)
            static EphemeralMesh sharedInside;

            @Mesh(value = "inner", clock = MeshClock.VIRTUAL)
            EphemeralMesh inner;

            @Test
            void hasAll() {
                assertThat(List.of(shared, sharedInside, outer, inner)).allMatch(MeshExtensionTest::running).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aFieldOfASuperclassHasOneToo() {
        succeeded(1, run(selectClass(Derived.class)));
    }

    static class Base {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        private EphemeralMesh mesh;

        EphemeralMesh inherited() {
            return mesh;
        }
    }

    static class Derived extends Base {
        @Test
        void hasIt() {
            assertThat(running(inherited())).isTrue();
        }
    }

    @Test
    void aFieldOfAnInstanceForAllTestsHasAFreshMeshForEach() {
        EngineExecutionResults results = run(selectClass(OneInstance.class));

        succeeded(3, results);
        assertThat(new HashSet<>(said("mesh", results))).hasSize(3);
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {

        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @BeforeAll
        void hasNoneYet() {
            assertThat(mesh).isNull();
        }

        @RepeatedTest(3)
        void hasOne(TestReporter reporter) {
            assertThat(running(mesh)).isTrue();
            reporter.publishEntry("mesh", identity(mesh));
        }

        @AfterAll
        void hasNoneAnyMore() {
            assertThat(mesh).isNull();
        }
    }

    // ---- parameters ----

    @Test
    void everyParameterHasAMeshOfItsOwn() {
        EngineExecutionResults results = run(selectClass(Parameters.class));

        succeeded(3, results);
        assertThat(said("closed", results)).containsExactly("true");
    }

    static class Parameters {

        private static List<EphemeralMesh> seen;
        private EphemeralMesh prepared;

        @BeforeAll
        static void livesAsLongAsTheClass(@Mesh(value = "a", clock = MeshClock.VIRTUAL) EphemeralMesh mesh) {
            seen = new ArrayList<>(List.of(mesh));
        }

        @BeforeEach
        void livesAsLongAsTheTest(@Mesh(value = "a", clock = MeshClock.VIRTUAL) EphemeralMesh mesh) {
            prepared = mesh;
        }

        @Test
        void hasTwo(
                @Mesh(value = "a", clock = MeshClock.VIRTUAL) EphemeralMesh one, @Mesh(value = "b", clock = MeshClock.VIRTUAL) EphemeralMesh two) {
            assertThat(List.of(seen.getFirst(), prepared, one, two)).allMatch(MeshExtensionTest::running).doesNotHaveDuplicates();
            seen.addAll(List.of(prepared, one, two));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void hasItAfterItsArguments(int number, @Mesh(value = "a", clock = MeshClock.VIRTUAL) EphemeralMesh mesh) {
            assertThat(number).isPositive();
            assertThat(running(mesh)).isTrue();
            seen.add(mesh);
        }

        @AfterEach
        void stillHasIt() {
            assertThat(running(prepared)).isTrue();
        }

        @AfterAll
        static void onlyTheFirstIsLeft(TestReporter reporter) {
            assertThat(running(seen.removeFirst())).isTrue();
            reporter.publishEntry("closed", Boolean.toString(seen.stream().noneMatch(MeshExtensionTest::running)));
        }
    }

    // ---- concurrency ----

    @Test
    void testsMayRunConcurrently() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .selectors(selectClass(Concurrent.class))
                .execute();

        succeeded(12, results);
        assertThat(new HashSet<>(said("mesh", results))).hasSize(12);
    }

    @Execution(ExecutionMode.CONCURRENT)
    static class Concurrent {

        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        static EphemeralMesh shared;

        @Mesh(value = {"a", "b"}, clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @RepeatedTest(12)
        void converges(TestReporter reporter, @Mesh(value = {"a", "b"}, clock = MeshClock.VIRTUAL) EphemeralMesh another) {
            mesh.awaitConverged();
            another.awaitConverged();
            shared.advance(Duration.ofMillis(10));
            reporter.publishEntry("mesh", identity(mesh));
        }
    }

    // ---- seeds ----

    @Test
    void theSeedFollowsFromTheTestAndIsTheSameInEveryRun() {
        List<String> seeds = said("seed", run(selectClass(Seeds.class)));

        assertThat(seeds).hasSize(6).doesNotHaveDuplicates();
        assertThat(said("seed", run(selectClass(Seeds.class)))).isEqualTo(seeds);
        assertThat(seeds).containsAll(said("seed", run(selectMethod(Seeds.class, "one", TestReporter.class.getName()))));
    }

    @Test
    void theSeedThatIsAskedForIsTaken() {
        assertThat(said("seed", run(selectClass(FixedSeed.class)))).containsExactly("4711");
    }

    @Test
    void theConfigurationParameterIsStrongerThanEverySeed() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .configurationParameter(MeshExtension.SEED, "42")
                .selectors(selectClass(Seeds.class), selectClass(FixedSeed.class))
                .execute();

        assertThat(said("seed", results)).hasSize(7).containsOnly("42");
    }

    @Test
    void aSeedThatIsNoNumberIsRefused() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .configurationParameter(MeshExtension.SEED, "x")
                .selectors(selectClass(FixedSeed.class))
                .execute();

        assertThat(failures(results)).singleElement().asString().contains("FixedSeed.mesh", MeshExtension.SEED, "'x'");
    }

    static class Seeds {

        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh second;

        @Test
        void one(TestReporter reporter) {
            reporter.publishEntry("seed", Long.toString(mesh.seed()));
            reporter.publishEntry("seed", Long.toString(second.seed()));
        }

        @RepeatedTest(2)
        void other(TestReporter reporter) {
            reporter.publishEntry("seed", Long.toString(mesh.seed()));
            reporter.publishEntry("seed", Long.toString(second.seed()));
        }
    }

    static class FixedSeed {

        @Mesh(value = "a", clock = MeshClock.VIRTUAL, seed = 4711)
        EphemeralMesh mesh;

        @Test
        void one(TestReporter reporter) {
            reporter.publishEntry("seed", Long.toString(mesh.seed()));
        }
    }

    // ---- customizers ----

    @Test
    void aCustomizerHasTheLastWord() {
        succeeded(1, run(selectClass(Customized.class)));
    }

    static class Customized {

        private static final class InVirtualTime implements MeshCustomizer {
            @Override
            public void customize(EphemeralMeshBuilder builder) {
                builder.virtualTime();
            }
        }

        static class WithThreeNodes implements MeshCustomizer {
            @Override
            public void customize(EphemeralMeshBuilder builder) {
                builder.nodes(3);
            }
        }

        @Mesh(with = {InVirtualTime.class, WithThreeNodes.class})
        EphemeralMesh mesh;

        @Test
        void isInVirtualTimeWithThreeNodes() {
            assertThat(mesh.clock()).isEqualTo(MeshClock.VIRTUAL);
            assertThat(mesh.nodes()).hasSize(3);
        }
    }

    // ---- what is refused ----

    @Test
    void whatCannotBeDoneIsRefusedWithTheNameOfTheDeclaration() {
        assertThat(refusal(WrongType.class)).contains("@Mesh on field WrongType.mesh", "java.lang.String", EphemeralMesh.class.getName());
        assertThat(refusal(Final.class)).contains("@Mesh on field Final.mesh", "final");
        assertThat(refusal(SetByHand.class)).contains("@Mesh on field SetByHand.mesh", "not null");
        assertThat(refusal(InConstructor.class)).contains("@Mesh on parameter", "InConstructor", "field");
        assertThat(refusal(WrongParameter.class)).contains("@Mesh on parameter", "WrongParameter.test", "java.lang.String");
        assertThat(refusal(NoNode.class)).contains("@Mesh on field NoNode.mesh", "no node");
        assertThat(refusal(UnknownTopology.class)).contains("@Mesh on field UnknownTopology.mesh", "\"cube\"");
        assertThat(refusal(NoName.class)).contains("@Mesh on parameter", "NoName.test", "\"-\"");
        assertThat(refusal(Unconstructible.class)).contains("@Mesh on field Unconstructible.mesh", "Unconstructible$Inner");
    }

    private static String refusal(Class<?> fixture) {
        EngineExecutionResults results = run(selectClass(fixture));
        assertThat(failures(results)).hasSize(1);
        return failures(results).getFirst();
    }

    static class WrongType {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        String mesh;

        @Test
        void test() {}
    }

    static class Final {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        final EphemeralMesh mesh = null;

        @Test
        void test() {}
    }

    static class SetByHand {
        @Mesh(value = "a", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh = EphemeralMesh.builder().nodes("a").virtualTime().start();

        @Test
        void test() {}
    }

    static class InConstructor {
        InConstructor(@Mesh(value = "a", clock = MeshClock.VIRTUAL) EphemeralMesh mesh) {}

        @Test
        void test() {}
    }

    static class WrongParameter {
        @Test
        void test(@Mesh(value = "a", clock = MeshClock.VIRTUAL) String mesh) {}
    }

    static class NoNode {
        @Mesh(clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {}
    }

    static class UnknownTopology {
        @Mesh(value = "a", topology = "cube", clock = MeshClock.VIRTUAL)
        EphemeralMesh mesh;

        @Test
        void test() {}
    }

    static class NoName {
        @Test
        void test(@Mesh(value = "-", clock = MeshClock.VIRTUAL) EphemeralMesh mesh) {}
    }

    static class Unconstructible {

        class Inner implements MeshCustomizer {
            @Override
            public void customize(EphemeralMeshBuilder builder) {}
        }

        @Mesh(value = "a", clock = MeshClock.VIRTUAL, with = Inner.class)
        EphemeralMesh mesh;

        @Test
        void test() {}
    }
}
