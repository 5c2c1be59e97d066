package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamBufferTest {

    @Test
    void givesBackWhatWasPutWhateverTheOrder() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] stream = new byte[300_000];
        random.nextBytes(stream);
        StreamBuffer buffer = new StreamBuffer();
        int low = 0;
        int high = 0;
        byte[] scratch = new byte[70_000];
        while (low < stream.length) {
            int end = Math.min(stream.length, low + 1 + random.nextInt(70_000));
            if (end > high) {
                int middle = high + random.nextInt(end - high + 1);
                buffer.put(middle, ByteBuffer.wrap(stream), middle, end - middle);
                buffer.put(high, stream, high, middle - high);
                high = end;
            }
            int length = Math.min(high - low, 1 + random.nextInt(scratch.length));
            buffer.get(low, scratch, 0, length);
            assertThat(Arrays.equals(scratch, 0, length, stream, low, low + length)).isTrue();
            buffer.get(low, ByteBuffer.wrap(scratch), 0, length);
            assertThat(Arrays.equals(scratch, 0, length, stream, low, low + length)).isTrue();
            low += random.nextInt(length + 1) + (low + length == stream.length ? length : 0);
            low = Math.min(low, high);
            buffer.discardTo(low);
        }
    }

    @Test
    void holdsNothingBeforeTheFirstByte() {
        assertThat(new StreamBuffer().heldBytes()).isZero();
    }

    @Test
    void keepsFewChunksOfALongStream() {
        StreamBuffer buffer = new StreamBuffer();
        byte[] data = new byte[64 << 10];
        for (long at = 0; at < 100L << 20; at += data.length) {
            buffer.put(at, data, 0, data.length);
            buffer.discardTo(at + data.length);
            assertThat(buffer.heldBytes()).isLessThan(300 << 10);
        }
    }

    @Test
    void givesAllBackWhenTrimmedEmpty() {
        StreamBuffer buffer = new StreamBuffer();
        byte[] data = new byte[100_000];
        buffer.put(1, data, 0, data.length);
        buffer.discardTo(1 + data.length);
        assertThat(buffer.heldBytes()).isPositive();

        buffer.trim(true);

        assertThat(buffer.heldBytes()).isZero();
        byte[] more = {1, 2, 3};
        buffer.put(1 + data.length, more, 0, 3);
        byte[] back = new byte[3];
        buffer.get(1 + data.length, back, 0, 3);
        assertThat(back).isEqualTo(more);
    }
}
