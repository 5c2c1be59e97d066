package org.tinc4j.impl.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;
import org.tinc4j.NodeName;
import org.tinc4j.event.TincEvent;

class EventStreamTest {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private boolean refuses;
    private final EventStream events = new EventStream(
            List.of(this::hear),
            task -> {
                if (refuses) {
                    throw new RejectedExecutionException("shut down");
                }
                tasks.add(task);
            },
            InstantSource.fixed(Instant.EPOCH),
            NOPLogger.NOP_LOGGER);

    private void hear(TincEvent event) {
        heard.add(switch (event) {
            case TincEvent.KeyRenewed key -> key.node().value();
            case TincEvent.EventsLost lost -> "lost " + lost.count();
            default -> throw new AssertionError(event);
        });
    }

    private void emit(String name) {
        events.emit(at -> new TincEvent.KeyRenewed(at, new NodeName(name), false));
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.removeFirst().run();
        }
    }

    @Test
    void handsEventsOverInOrderByOneTaskAtATime() {
        for (int i = 0; i < 100; i++) {
            emit("n" + i);
        }
        assertThat(tasks).hasSize(1);
        runAll();
        emit("last");
        runAll();

        assertThat(heard).hasSize(101).startsWith("n0", "n1").endsWith("n99", "last");
    }

    @Test
    void tellsHowManyWereLostInThePlaceWhereTheyAreMissing() {
        events.add(event -> {
            if (heard.size() == 10) {
                emit("later");
            }
        });
        for (int i = 0; i < 5000; i++) {
            emit("n" + i);
        }
        runAll();

        assertThat(heard).hasSize(4096 + 2);
        assertThat(heard.subList(4095, 4098)).containsExactly("n4095", "lost 904", "later");
    }

    @Test
    void aListenerThatFailsDoesNotKeepOthersFromHearing() {
        events.add(event -> {
            throw new IllegalStateException("on purpose");
        });
        events.add(event -> {
            throw new AssertionError("on purpose");
        });
        List<TincEvent> more = new ArrayList<>();
        events.add(more::add);
        emit("a");
        emit("b");
        runAll();
        emit("c");
        runAll();

        assertThat(heard).containsExactly("a", "b", "c");
        assertThat(more).hasSize(3);
    }

    @Test
    void goesOnWhenTheExecutorTakesTasksAgain() {
        refuses = true;
        emit("a");
        emit("b");
        refuses = false;
        emit("c");
        runAll();

        assertThat(heard).containsExactly("lost 2", "c");
    }
}
