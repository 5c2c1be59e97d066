package org.tinc4j.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * All {@link Flow}s at one of two hosts. Main program of the kernel's side: prints READY, then takes an address a line, dials all flows there
 * and prints what {@link #dial} answers.
 */
final class Flows {

    /** All went as they should. */
    static final String FINE = "fine";

    private final StackSockets stack;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    /** Answers from now on, until the process ends. */
    Flows(StackSockets stack) throws InterruptedException {
        this.stack = stack;
        List<Flow> answered = Arrays.stream(Flow.values()).filter(Flow::answered).toList();
        CountDownLatch listening = new CountDownLatch(answered.size());
        for (Flow flow : answered) {
            Thread.ofVirtual().start(() -> run(flow + " answered", () -> flow.answer(stack, listening::countDown)));
        }
        listening.await();
    }

    /** Runs until the input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Flows flows = new Flows(StackSockets.ofKernel());
        System.out.println(NodeProcess.READY);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String address = in.readLine(); address != null; address = in.readLine()) {
            System.out.println(flows.dial(address));
        }
    }

    /** What may fail. */
    @FunctionalInterface
    private interface Job {
        void run() throws IOException;
    }

    private void run(String what, Job job) {
        try {
            job.run();
        } catch (IOException | UncheckedIOException e) {
            failures.add(what + ": " + e);
        }
    }

    /** What failed here so far, on either side of a flow. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Dials every flow, one after the other, patient ones beside them. Answers {@link #FINE}, or all failures. */
    String dial(String address) {
        CompletableFuture<?>[] beside = Arrays.stream(Flow.values()).filter(Flow::patient)
                .map(flow -> CompletableFuture.runAsync(() -> dial(flow, address), task -> Thread.ofVirtual().start(task)))
                .toArray(CompletableFuture<?>[]::new);
        Arrays.stream(Flow.values()).filter(flow -> !flow.patient()).forEach(flow -> dial(flow, address));
        CompletableFuture.allOf(beside).join();
        return failures.isEmpty() ? FINE : String.join("; ", failures);
    }

    private void dial(Flow flow, String address) {
        run(flow + " dialled", () -> flow.dial(stack, address));
    }
}
