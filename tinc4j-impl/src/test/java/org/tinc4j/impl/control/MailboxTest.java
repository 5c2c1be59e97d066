package org.tinc4j.impl.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MailboxTest {

    private final Mailbox mailbox = new Mailbox();
    private int ran;

    @Test
    void packetsAreRefusedWhenTooManyWaitAndGossipStillGetsIn() throws InterruptedException {
        int taken = 0;
        while (mailbox.offer(() -> ran++)) {
            taken++;
        }
        mailbox.put(() -> ran += 1000);
        assertThat(taken).isEqualTo(1024);
        for (Runnable event = mailbox.poll(0); event != null; event = mailbox.poll(0)) {
            event.run();
        }

        assertThat(ran).isEqualTo(2024);
        assertThat(mailbox.offer(() -> {})).isTrue();
    }

    @Test
    @Timeout(10)
    void nobodyWaitsForRoomInAMailboxNobodyReads() throws InterruptedException {
        for (int i = 0; i < 1024; i++) {
            mailbox.put(() -> {});
        }
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                mailbox.put(() -> {});
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        mailbox.abandon();

        assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    @Timeout(10)
    void aFullMailboxCanStillBeWoken() throws InterruptedException {
        while (mailbox.offer(() -> {})) {
            ran++;
        }
        mailbox.wake();
        for (int i = 0; i < 1024; i++) {
            mailbox.poll(0);
        }

        assertThat(mailbox.poll(0)).isNotNull();
        assertThat(mailbox.poll(0)).isNull();
    }
}
