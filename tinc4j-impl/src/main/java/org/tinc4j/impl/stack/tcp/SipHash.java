package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4: a keyed hash of short inputs that nobody without the key can predict.
 *
 * <p><b>Source.</b> Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012, section 2.
 */
final class SipHash {

    /** Length of the key. */
    static final int KEY_BYTES = 16;

    private final long k0;
    private final long k1;

    SipHash(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("key=" + key.length + " bytes; SipHash takes " + KEY_BYTES);
        }
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        k0 = words.getLong();
        k1 = words.getLong();
    }

    /** Hash of a flow and two numbers. */
    long hash(Flow flow, int first, int second) {
        byte[] local = flow.localAddress().getAddress();
        byte[] remote = flow.remoteAddress().getAddress();
        ByteBuffer input = ByteBuffer.allocate(local.length + remote.length + 16);
        input.put(local).put(remote).putInt(flow.localPort()).putInt(flow.remotePort()).putInt(first).putInt(second);
        return hash(input.array());
    }

    long hash(byte[] input) {
        ByteBuffer words = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        long[] v = {k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L};
        while (words.remaining() >= 8) {
            absorb(v, words.getLong());
        }
        long last = (long) input.length << 56;
        for (int shift = 0; words.hasRemaining(); shift += 8) {
            last |= (words.get() & 0xffL) << shift;
        }
        absorb(v, last);
        v[2] ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void absorb(long[] v, long word) {
        v[3] ^= word;
        round(v);
        round(v);
        v[0] ^= word;
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
