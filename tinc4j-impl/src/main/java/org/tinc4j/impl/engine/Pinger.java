package org.tinc4j.impl.engine;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.tinc4j.impl.control.ControlLoop;
import org.tinc4j.impl.datapath.PingReplies;

/** Sends echo requests of the node's own and waits for the reply. Any thread. */
final class Pinger {

    private final ControlLoop control;
    private final PingReplies replies;
    private final LongSupplier clock;

    Pinger(ControlLoop control, PingReplies replies, LongSupplier clock) {
        this.control = control;
        this.replies = replies;
        this.clock = clock;
    }

    Optional<Duration> ping(InetAddress from, InetAddress to, Duration timeout) throws InterruptedException {
        long deadline = clock.getAsLong() + timeout.toNanos();
        CompletableFuture<Long> answered = new CompletableFuture<>();
        List<Integer> tokens = new ArrayList<>();
        long repeat = PingRequest.FIRST_REPEAT_NANOS;
        try {
            while (true) {
                long now = clock.getAsLong();
                int token = replies.expect(now, answered);
                tokens.add(token);
                control.inject(PingRequest.packet(from, to, token));
                long wait = Math.min(repeat, deadline - now);
                repeat = PingRequest.nextRepeatNanos(repeat);
                try {
                    return Optional.of(Duration.ofNanos(answered.get(Math.max(wait, 0), TimeUnit.NANOSECONDS)));
                } catch (TimeoutException e) {
                    if (deadline - clock.getAsLong() <= 0) {
                        return Optional.empty();
                    }
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            tokens.forEach(replies::forget);
        }
    }
}
