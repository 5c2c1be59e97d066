package org.tinc4j.impl.crypto;

import java.util.Arrays;

/**
 * Arithmetic modulo L, the prime order of edwards25519's base point, in constant time.
 *
 * <p>What a signature computes here is made of the private key, so the shape is fixed: a schoolbook product, then a reduction that takes
 * the 512 bits one by one from the top, doubles the remainder, and subtracts L under a mask. No value decides a branch or an index.
 * Slower than a tuned reduction by some microseconds, for one signature in a handshake.
 *
 * <p><b>Source.</b> RFC 8032 section 5.1: L = 2^252 + 27742317777372353535851937790883648493.
 */
final class GroupOrder {

    private static final int LIMBS = 8;
    private static final int WIDE_LIMBS = 2 * LIMBS;
    private static final long LIMB_MASK = 0xffffffffL;

    /** L in 32-bit limbs, low limb first. */
    private static final int[] L = {
        0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0x00000000, 0x00000000, 0x00000000, 0x10000000
    };

    private GroupOrder() {}

    /**
     * Reduces a hash.
     *
     * @param wide 64 bytes, little-endian
     * @return 32 bytes, less than L
     */
    static byte[] reduce(byte[] wide) {
        return reduce(limbs(wide, WIDE_LIMBS));
    }

    /**
     * Computes {@code (a * b + c) mod L}.
     *
     * @param a 32 bytes, less than 2^255
     * @param b 32 bytes, less than L
     * @param c 32 bytes, less than L
     * @return 32 bytes, less than L
     */
    static byte[] multiplyAdd(byte[] a, byte[] b, byte[] c) {
        int[] left = limbs(a, LIMBS);
        int[] right = limbs(b, LIMBS);
        int[] sum = limbs(c, WIDE_LIMBS);
        for (int i = 0; i < LIMBS; i++) {
            long carry = 0;
            for (int j = 0; j < LIMBS; j++) {
                carry += (left[i] & LIMB_MASK) * (right[j] & LIMB_MASK) + (sum[i + j] & LIMB_MASK);
                sum[i + j] = (int) carry;
                carry >>>= 32;
            }
            for (int j = i + LIMBS; j < WIDE_LIMBS; j++) {
                carry += sum[j] & LIMB_MASK;
                sum[j] = (int) carry;
                carry >>>= 32;
            }
        }
        Arrays.fill(left, 0);
        return reduce(sum);
    }

    private static byte[] reduce(int[] wide) {
        int[] remainder = new int[LIMBS];
        int[] difference = new int[LIMBS];
        for (int bit = 32 * WIDE_LIMBS - 1; bit >= 0; bit--) {
            // Below L before, so below 2^254 after: eight limbs hold it.
            int carry = wide[bit >> 5] >>> (bit & 31) & 1;
            for (int i = 0; i < LIMBS; i++) {
                int next = remainder[i] >>> 31;
                remainder[i] = remainder[i] << 1 | carry;
                carry = next;
            }
            long borrow = 0;
            for (int i = 0; i < LIMBS; i++) {
                borrow += (remainder[i] & LIMB_MASK) - (L[i] & LIMB_MASK);
                difference[i] = (int) borrow;
                borrow >>= 32;
            }
            int keep = (int) borrow;
            for (int i = 0; i < LIMBS; i++) {
                remainder[i] = remainder[i] & keep | difference[i] & ~keep;
            }
        }
        byte[] bytes = new byte[4 * LIMBS];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (remainder[i >> 2] >>> 8 * (i & 3));
        }
        Arrays.fill(wide, 0);
        Arrays.fill(remainder, 0);
        Arrays.fill(difference, 0);
        return bytes;
    }

    private static int[] limbs(byte[] littleEndian, int count) {
        int[] limbs = new int[count];
        for (int i = 0; i < littleEndian.length; i++) {
            limbs[i >> 2] |= (littleEndian[i] & 0xff) << 8 * (i & 3);
        }
        return limbs;
    }
}
