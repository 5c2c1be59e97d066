package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReassemblyTest {

    private final Reassembly reassembly = new Reassembly();
    private final long[] blocks = new long[8];

    private long[] report(int max) {
        return Arrays.copyOf(blocks, 2 * reassembly.report(max, blocks));
    }

    @Test
    void reportsTheLatestBlockFirst() {
        reassembly.add(100, 200);
        reassembly.add(300, 400);
        reassembly.add(500, 600);
        reassembly.add(200, 210);

        assertThat(report(4)).containsExactly(100, 210, 500, 600, 300, 400);
    }

    @Test
    void joinsBlocksThatTouch() {
        reassembly.add(100, 200);
        reassembly.add(300, 400);
        reassembly.add(200, 300);

        assertThat(report(4)).containsExactly(100, 400);
    }

    @Test
    void reportsADuplicateOnceInFront() {
        reassembly.add(100, 200);
        reassembly.add(150, 250);

        assertThat(report(4)).containsExactly(150, 200, 100, 250);
        assertThat(report(4)).containsExactly(100, 250);
    }

    @Test
    void reportsADuplicateBelow() {
        reassembly.duplicate(10, 20);

        assertThat(reassembly.reports()).isTrue();
        assertThat(report(4)).containsExactly(10, 20);
        assertThat(reassembly.reports()).isFalse();
    }

    @Test
    void advancesOverWhatBecomesContiguous() {
        reassembly.add(100, 200);
        reassembly.add(200, 250);
        reassembly.add(300, 400);

        assertThat(reassembly.advance(100)).isEqualTo(250);
        assertThat(report(4)).containsExactly(300, 400);
        assertThat(reassembly.advance(260)).isEqualTo(260);
    }

    @Test
    void refusesMoreBlocksThanItKeeps() {
        int added = 0;
        while (reassembly.add(10 * (added + 1), 10 * (added + 1) + 5)) {
            added++;
        }
        assertThat(added).isEqualTo(256);
        assertThat(reassembly.add(15, 20)).as("joins two").isTrue();
        assertThat(reassembly.add(100_000, 100_001)).isTrue();
    }

    @Test
    void knowsTheSameBytesAsASetOfThem() {
        SplittableRandom random = new SplittableRandom(5);
        BitSet model = new BitSet();
        long next = 0;
        for (int i = 0; i < 20_000; i++) {
            int start = (int) next + random.nextInt(2000);
            int end = start + 1 + random.nextInt(50);
            if (reassembly.add(start, end)) {
                model.set(start, end);
            }
            if (random.nextInt(20) == 0) {
                next += random.nextInt(100);
                next = reassembly.advance(next);
                assertThat(next).isEqualTo(Math.max(next, model.nextClearBit((int) next)));
            }
            int count = reassembly.report(4, blocks);
            for (int b = 0; b < count; b++) {
                int from = (int) blocks[2 * b];
                assertThat(model.nextClearBit(from)).isGreaterThanOrEqualTo((int) blocks[2 * b + 1]);
            }
        }
    }
}
