package org.tinc4j.impl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeStatus;
import org.tinc4j.testing.EphemeralMesh;

/** What a node that runs for months must not gather. */
class NodeMemoryTest {

    @Test
    void keepsNoAnswerThatItHasGiven() {
        try (EphemeralMesh mesh = EphemeralMesh.builder().nodes("asked").start()) {
            WeakReference<NodeStatus> answer = new WeakReference<>(mesh.node("asked").status());

            Footprint.await().untilAsserted(() -> {
                System.gc();
                assertThat(answer.get()).isNull();
            });
        }
    }
}
