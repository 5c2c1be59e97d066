package org.tinc4j.impl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeStatus;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/** What a node that runs for months must not gather. */
class NodeMemoryTest {

    @Test
    void keepsNoAnswerThatItHasGiven() throws Exception {
        try (TincNode node = Tinc.network("memory")
                .name("asked")
                .key(NodeKey.generate())
                .listen("127.0.0.1", 0)
                .device(Device.inProcess())
                .start()) {
            WeakReference<NodeStatus> answer = new WeakReference<>(node.status());

            await().untilAsserted(() -> {
                System.gc();
                assertThat(answer.get()).isNull();
            });
        }
    }
}
