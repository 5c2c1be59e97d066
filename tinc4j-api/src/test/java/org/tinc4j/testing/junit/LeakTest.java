package org.tinc4j.testing.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.LeakError;

/** Meshes that leave something behind, made by {@link LeakingEngine}. The classes inside are the tests that are run. */
class LeakTest {

    private static Throwable failure(Class<?> fixture) {
        List<Throwable> failures = EngineTestKit.engine("junit-jupiter").selectors(selectClass(fixture)).execute().allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
                .toList();
        assertThat(failures).hasSize(1);
        return failures.getFirst();
    }

    private static List<String> suppressed(Throwable failure) {
        return Arrays.stream(failure.getSuppressed()).map(Throwable::toString).toList();
    }

    @Test
    void aLeakFailsATestThatElseHadPassedAndOneMeshDoesNotKeepTheOtherOpen() {
        Throwable failure = failure(Passes.class);

        assertThat(failure).isInstanceOf(LeakError.class);
        // Closed in the opposite order.
        assertThat(failure).hasMessageContaining("tinc-second");
        assertThat(suppressed(failure))
                .anyMatch(text -> text.startsWith("Mesh in field Passes.mesh2;") && text.endsWith("report of second"))
                .anyMatch(text -> text.startsWith(LeakError.class.getName()) && text.contains("tinc-first"));
    }

    static class Passes {
        @Mesh("first")
        EphemeralMesh mesh1;

        @Mesh("second")
        EphemeralMesh mesh2;

        @Test
        void passes() {}
    }

    @Test
    void aLeakComesAfterWhatFailedBefore() {
        Throwable failure = failure(Fails.class);

        assertThat(failure).hasMessage("the test");
        assertThat(suppressed(failure))
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("Mesh in field Fails.mesh;").endsWith("report of first"),
                        text -> assertThat(text).startsWith(LeakError.class.getName()));
    }

    static class Fails {
        @Mesh("first")
        EphemeralMesh mesh;

        @Test
        void fails() {
            throw new AssertionError("the test");
        }
    }

    @Test
    void aLeakOfAMeshForAllTestsFailsTheClass() {
        assertThat(failure(Shared.class)).isInstanceOf(LeakError.class);
    }

    static class Shared {
        @Mesh("first")
        static EphemeralMesh mesh;

        @Test
        void passes() {}
    }
}
