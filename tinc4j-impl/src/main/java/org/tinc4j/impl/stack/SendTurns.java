package org.tinc4j.impl.stack;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Who may put data into a {@link PacketRing}: whoever finds little of it there, and else one after the other, each a bounded amount. So bulk
 * senders, however many, neither overflow the ring nor let others wait behind seconds of their packets.
 *
 * <p>Room is claimed before a packet is made, which is where TCP can still leave its data as they are. Only data claim room; what has to go
 * out anyway does not: acknowledgments, what a timeout sends again, answers. Nor do datagrams: their sender is not to wait, and what is too
 * much is dropped, as the kernel does where it hands packets to a TUN.
 *
 * <p><b>Threads.</b> Guarded by the ring's lock, {@link Sender} too.
 */
final class SendTurns {

    /** Four batches of a reader, which takes four super-packets in one; a millisecond at 8 Gbit/s. */
    static final int ROOM_BYTES = 1 << 20;

    /** Senders that wait are called when so much is left: the reader is busy with it while they come. */
    private static final int LOW_BYTES = ROOM_BYTES / 2;

    /** What a sender may put in its turn while others wait: two super-packets. */
    private static final int TURN_BYTES = 2 * Packets.MAX_BYTES;

    /** One that puts data. */
    static final class Sender {
        private final Runnable resume;
        private boolean waits;
        private int claimedBytes;

        /**
         * Claims nothing yet.
         *
         * @param resume called when it may try again, with no lock held
         */
        Sender(Runnable resume) {
            this.resume = resume;
        }

        boolean claims() {
            return claimedBytes > 0;
        }

        void resume() {
            resume.run();
        }
    }

    private final Deque<Sender> waiting = new ArrayDeque<>();
    /** In the ring, or claimed to be put there. */
    private int dataBytes;
    private Sender turn;
    private int turnBytes;

    /** Takes room for one packet; or none, and the sender is called when there is some. */
    boolean claim(Sender sender, int bytes) {
        boolean mayGo = waiting.isEmpty() || sender == turn && turnBytes > 0;
        if (!mayGo || dataBytes + bytes > ROOM_BYTES) {
            if (!sender.waits) {
                sender.waits = true;
                waiting.add(sender);
            }
            return false;
        }
        turnBytes -= bytes;
        dataBytes += bytes;
        sender.claimedBytes += bytes;
        return true;
    }

    /** What was claimed goes into the ring. Returns how much that is, for {@link #taken}. */
    int put(Sender sender) {
        int claimed = sender.claimedBytes;
        sender.claimedBytes = 0;
        return claimed;
    }

    /** It left the ring. */
    void taken(int claimedBytes) {
        dataBytes -= claimedBytes;
    }

    /** Whether somebody waits, and it is time to call. */
    boolean due() {
        return !waiting.isEmpty() && dataBytes <= LOW_BYTES;
    }

    /** Whose turn it is; null if nobody waits, or there is no room. */
    Sender next() {
        turn = dataBytes + Packets.MAX_BYTES <= ROOM_BYTES ? waiting.poll() : null;
        if (turn != null) {
            turn.waits = false;
            turnBytes = TURN_BYTES;
        }
        return turn;
    }

    /** Nobody is called any more. */
    void close() {
        waiting.clear();
        turn = null;
        dataBytes = 0;
    }
}
