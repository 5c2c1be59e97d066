package org.tinc4j.linux.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

class SendPlanTest {

    private static final InetSocketAddress A = InetSocketAddress.createUnresolved("a", 655);
    private static final InetSocketAddress B = InetSocketAddress.createUnresolved("b", 655);

    private final SendPlan plan = new SendPlan();

    @Test
    void equalDatagramsToOneAddressAreOneMessage() {
        assertThat(messages(true, single(A, 1458), single(A, 1458), single(A, 1458))).containsExactly("0-3 4374 = 3x1458");
    }

    @Test
    void aShorterDatagramEndsAMessage() {
        assertThat(messages(true, single(A, 1458), single(A, 300), single(A, 300))).containsExactly("0-2 1758 = 2x1458", "2-3 300 = 1x300");
    }

    @Test
    void aLongerDatagramBeginsAMessage() {
        assertThat(messages(true, single(A, 300), single(A, 1458))).containsExactly("0-1 300 = 1x300", "1-2 1458 = 1x1458");
    }

    @Test
    void anotherAddressBeginsAMessage() {
        assertThat(messages(true, single(A, 100), single(B, 100), single(A, 100)))
                .containsExactly("0-1 100 = 1x100", "1-2 100 = 1x100", "2-3 100 = 1x100");
    }

    @Test
    void anotherTrafficClassBeginsAMessage() {
        PacketBuffer urgent = single(A, 100);
        urgent.trafficClass(184);
        assertThat(messages(true, single(A, 100), urgent, single(A, 100)))
                .containsExactly("0-1 100 = 1x100", "1-2 100 = 1x100", "2-3 100 = 1x100");
    }

    @Test
    void runsAndDatagramsJoinWhileAllAreFull() {
        assertThat(messages(true, single(A, 1000), run(A, 1000, 5000), run(A, 1000, 2500), single(A, 1000)))
                .containsExactly("0-3 8500 = 9x1000", "3-4 1000 = 1x1000");
    }

    @Test
    void aRunOfShorterDatagramsIsNoEndOfAMessage() {
        assertThat(messages(true, single(A, 1000), run(A, 500, 1000))).containsExactly("0-1 1000 = 1x1000", "1-2 1000 = 2x500");
    }

    @Test
    void aMessageHasNoMoreDatagramsThanTheKernelTakes() {
        assertThat(messages(true, run(A, 100, 6300), single(A, 100), single(A, 100)))
                .containsExactly("0-2 6400 = 64x100", "2-3 100 = 1x100");
    }

    @Test
    void aMessageIsNoLongerThanOneDatagramMayBe() {
        assertThat(messages(true, run(A, 1458, 64152), single(A, 1355), single(A, 1)))
                .containsExactly("0-2 65507 = 45x1458", "2-3 1 = 1x1");
        assertThat(messages(true, run(A, 1458, 64152), single(A, 1356))).containsExactly("0-1 64152 = 44x1458", "1-2 1356 = 1x1356");
    }

    @Test
    void withoutRunsEachDatagramIsAMessage() {
        assertThat(messages(false, run(A, 1000, 2500), single(A, 7)))
                .containsExactly("0-1 1000 = 1x1000", "0-1+1000 1000 = 1x1000", "0-1+2000 500 = 1x500", "1-2 7 = 1x7");
    }

    @Test
    void aRunThatIsTooLongForOneMessageIsCut() {
        assertThat(messages(true, run(A, 100, 6500))).hasSize(65).allMatch(message -> message.endsWith(" 100 = 1x100"));
    }

    @Test
    void anEmptyDatagramGoesAlone() {
        assertThat(messages(true, single(A, 0), single(A, 0), single(A, 5), single(A, 0)))
                .containsExactly("0-1 0 = 1x0", "1-2 0 = 1x0", "2-3 5 = 1x5", "3-4 0 = 1x0");
    }

    @Test
    void linkLocalAddressesOfTwoInterfacesAreTwo() throws UnknownHostException {
        byte[] address = InetAddress.getByName("fe80::1").getAddress();
        InetSocketAddress first = new InetSocketAddress(Inet6Address.getByAddress(null, address, 1), 655);
        InetSocketAddress again = new InetSocketAddress(Inet6Address.getByAddress(null, address, 1), 655);
        InetSocketAddress second = new InetSocketAddress(Inet6Address.getByAddress(null, address, 2), 655);
        assertThat(messages(true, single(first, 9), single(again, 9), single(second, 9)))
                .containsExactly("0-2 18 = 2x9", "2-3 9 = 1x9");
    }

    @Test
    void startsInTheMiddleOfABatch() {
        PacketBatch batch = batch(single(A, 9), single(A, 9), single(A, 9));
        plan.begin(batch, 1, true);
        assertThat(plan.next()).isTrue();
        assertThat(describe()).isEqualTo("1-3 18 = 2x9");
        assertThat(plan.next()).isFalse();
        assertThat(plan.next()).isFalse();
    }

    private List<String> messages(boolean inRuns, PacketBuffer... buffers) {
        List<String> messages = new ArrayList<>();
        plan.begin(batch(buffers), 0, inRuns);
        while (plan.next()) {
            messages.add(describe());
        }
        return messages;
    }

    private String describe() {
        return plan.firstBuffer() + "-" + plan.endBuffer() + (plan.skip() > 0 ? "+" + plan.skip() : "") + " " + plan.bytes() + " = "
                + plan.datagrams() + "x" + plan.segmentBytes();
    }

    // ---- Laws over generated batches ----

    /** One datagram: whom to, and which bytes. */
    private record Sent(InetSocketAddress to, ByteBuffer bytes) {}

    @Test
    void whateverIsPlannedIsWhatWasGivenInItsOrder() {
        long seed = Long.getLong("fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            PacketBatch batch = generate(random);
            boolean inRuns = random.nextInt(4) > 0;
            assertThat(planned(batch, inRuns)).as("-Dfuzz.seed=%d, round %d", seed, round).isEqualTo(given(batch));
        }
    }

    private static PacketBatch generate(Random random) {
        PacketBuffer[] buffers = new PacketBuffer[1 + random.nextInt(20)];
        int[] sizes = {1 + random.nextInt(20), 100, 1458, 1 + random.nextInt(1500)};
        for (int i = 0; i < buffers.length; i++) {
            InetSocketAddress to = random.nextInt(4) == 0 ? B : A;
            int size = sizes[random.nextInt(sizes.length)];
            int last = random.nextInt(3) == 0 ? random.nextInt(size + 1) : size;
            buffers[i] = switch (random.nextInt(3)) {
                case 0 -> single(to, size);
                case 1 -> single(to, last);
                default -> run(to, size, size * random.nextInt(70) + last);
            };
            random.nextBytes(buffers[i].memory().array());
        }
        return batch(buffers);
    }

    private static List<Sent> given(PacketBatch batch) {
        List<Sent> all = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer buffer = batch.get(i);
            addCut(all, buffer.remote(), buffer.view(), buffer.segmentation() == Segmentation.UDP ? buffer.segmentBytes() : buffer.length());
        }
        return all;
    }

    /** Does what the kernel does with the messages. */
    private List<Sent> planned(PacketBatch batch, boolean inRuns) {
        List<Sent> all = new ArrayList<>();
        plan.begin(batch, 0, inRuns);
        while (plan.next()) {
            PacketBuffer first = batch.get(plan.firstBuffer());
            ByteBuffer message = ByteBuffer.allocate(plan.bytes());
            if (plan.endBuffer() - plan.firstBuffer() == 1) {
                message.put(first.view().position(first.offset() + plan.skip()).slice().limit(plan.bytes()));
            } else {
                for (int i = plan.firstBuffer(); i < plan.endBuffer(); i++) {
                    assertThat(batch.get(i).remote()).isEqualTo(first.remote());
                    message.put(batch.get(i).view());
                }
            }
            assertThat(plan.datagrams()).isBetween(1, inRuns ? 64 : 1);
            assertThat(plan.datagrams() == 1 || plan.bytes() <= 65507).isTrue();
            int before = all.size();
            addCut(all, first.remote(), message.flip(), plan.segmentBytes());
            assertThat(all.size() - before).isEqualTo(plan.datagrams());
        }
        return all;
    }

    private static void addCut(List<Sent> all, InetSocketAddress to, ByteBuffer content, int size) {
        do {
            int length = Math.min(size, content.remaining());
            all.add(new Sent(to, content.slice(content.position(), length)));
            content.position(content.position() + length);
        } while (content.hasRemaining());
    }

    private static PacketBatch batch(PacketBuffer... buffers) {
        PacketBatch batch = new PacketBatch(buffers);
        batch.size(buffers.length);
        return batch;
    }

    private static PacketBuffer single(InetSocketAddress to, int length) {
        PacketBuffer buffer = new PacketBuffer(ByteBuffer.allocate(length + 8));
        buffer.reset(3, length);
        buffer.remote(to);
        return buffer;
    }

    private static PacketBuffer run(InetSocketAddress to, int size, int length) {
        PacketBuffer buffer = single(to, length);
        buffer.segmented(Segmentation.UDP, 0, size);
        return buffer;
    }
}
