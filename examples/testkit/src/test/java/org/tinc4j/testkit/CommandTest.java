package org.tinc4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CommandTest {

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void runsWhileEveryThreadOfTheCommonPoolWaitsForSomethingElse() {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
            ForkJoinPool.commonPool().submit(() -> {
                end.await();
                return null;
            });
        }
        try {
            assertThat(Command.require(List.of("echo", "here"))).isEqualTo("here\n");
        } finally {
            end.countDown();
        }
    }
}
