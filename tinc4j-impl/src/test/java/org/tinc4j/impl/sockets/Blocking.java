package org.tinc4j.impl.sockets;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A call on a thread of its own that is expected to block. */
final class Blocking<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Blocking(Callable<T> call, Thread.Builder kind) {
        thread = kind.unstarted(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
    }

    /** On a virtual thread. */
    static <T> Blocking<T> call(Callable<T> call) {
        return new Blocking<>(call, Thread.ofVirtual().name("blocking call"));
    }

    /** On a platform thread. */
    static <T> Blocking<T> callOnPlatform(Callable<T> call) {
        return new Blocking<>(call, Thread.ofPlatform().daemon().name("blocking call"));
    }

    /** Waits until the call blocks. Of a virtual thread this can be seen; one in the kernel looks as if it ran. */
    Blocking<T> awaitBlocked() {
        await().atMost(PATIENCE).until(() ->
                result.isDone() || thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        if (result.isDone()) {
            throw new AssertionError("the call did not block: " + result);
        }
        return this;
    }

    void interrupt() {
        thread.interrupt();
    }

    T value() throws Exception {
        return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** What it threw. */
    Throwable failure() throws Exception {
        try {
            throw new AssertionError("the call returned " + result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
