package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoreboardTest {

    private final Scoreboard board = new Scoreboard();
    private long delivered;

    private void deliver(SentRange range) {
        delivered += range.bytes();
    }

    @Test
    void dividesASuperSegmentWhereAcknowledged() {
        board.sent(1, 60_001, 0);

        assertThat(board.acknowledge(1449, this::deliver)).isEqualTo(1448);

        assertThat(board.first().start).isEqualTo(1449);
        assertThat(board.inFlightBytes()).isEqualTo(60_000 - 1448);
    }

    @Test
    void countsSackedBytesOnce() {
        board.sent(1, 10_001, 0);

        assertThat(board.sack(2001, 3001, this::deliver)).isEqualTo(1000);
        assertThat(board.sack(2001, 4001, this::deliver)).isEqualTo(1000);
        assertThat(board.sack(2001, 4001, this::deliver)).isZero();

        assertThat(board.sackedBytes()).isEqualTo(2000);
        assertThat(board.inFlightBytes()).isEqualTo(8000);
        assertThat(board.acknowledge(10_001, this::deliver)).isEqualTo(8000);
        assertThat(delivered).isEqualTo(10_000);
        assertThat(board.isEmpty()).isTrue();
    }

    @Test
    void givesTheLowestLostRangeFirst() {
        board.sent(1, 1001, 1);
        board.sent(1001, 2001, 2);
        board.sent(2001, 3001, 3);
        SentRange second = board.first().next;
        board.markLost(board.last());
        board.markLost(second);

        assertThat(board.firstLost()).isSameAs(second);
        board.resent(second, 9);
        assertThat(board.firstLost().start).isEqualTo(2001);
        assertThat(board.inFlightBytes()).isEqualTo(2000);
    }

    @Test
    void keepsTheOrderOfSending() {
        board.sent(1, 1001, 1);
        board.sent(1001, 2001, 2);
        board.markLost(board.first());
        board.resent(board.firstLost(), 3);

        assertThat(board.oldest().start).isEqualTo(1001);
        assertThat(board.oldest().newer.start).isEqualTo(1);
    }

    @Test
    void forgetsSacksWhenAllIsLost() {
        board.sent(1, 3001, 1);
        board.sack(1001, 2001, this::deliver);

        board.markAllLost();

        assertThat(board.lostBytes()).isEqualTo(3000);
        assertThat(board.sackedBytes()).isZero();
        assertThat(board.oldest()).isNull();
    }

    /** Against one array with the fate of each byte. */
    @Test
    void agreesWithASimpleModel() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Scoreboard tested = new Scoreboard();
            char[] model = new char[40_000];
            int una = 0;
            int next = 0;
            for (int step = 0; step < 600; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        int end = Math.min(model.length, next + 1 + random.nextInt(300));
                        if (end > next) {
                            tested.sent(next, end, step);
                            Arrays.fill(model, next, end, 'f');
                            next = end;
                        }
                    }
                    case 2 -> {
                        int to = una + random.nextInt(next - una + 1) / 4;
                        tested.acknowledge(to, range -> {});
                        una = Math.max(una, to);
                    }
                    case 3 -> {
                        int start = una + random.nextInt(next - una + 1);
                        int end = Math.min(next, start + random.nextInt(200));
                        tested.sack(start, end, range -> {});
                        for (int i = start; i < end; i++) {
                            model[i] = 's';
                        }
                    }
                    case 4 -> {
                        SentRange oldest = tested.oldest();
                        if (oldest != null) {
                            Arrays.fill(model, (int) oldest.start, (int) oldest.end, 'l');
                            tested.markLost(oldest);
                        }
                    }
                    default -> {
                        SentRange lost = tested.firstLost();
                        if (lost != null) {
                            Arrays.fill(model, (int) lost.start, (int) lost.end, 'f');
                            tested.resent(lost, step);
                        }
                    }
                }
                int flight = 0;
                int sacked = 0;
                int lost = 0;
                for (int i = una; i < next; i++) {
                    flight += model[i] == 'f' ? 1 : 0;
                    sacked += model[i] == 's' ? 1 : 0;
                    lost += model[i] == 'l' ? 1 : 0;
                }
                assertThat(tested.inFlightBytes()).as("seed %d step %d", seed, step).isEqualTo(flight);
                assertThat(tested.sackedBytes()).isEqualTo(sacked);
                assertThat(tested.lostBytes()).isEqualTo(lost);
            }
        }
    }
}
