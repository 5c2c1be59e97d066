package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupOrderTest {

    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    @Test
    void reducesLikeBigInteger() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] wide = new byte[64];
            random.nextBytes(wide);
            assertThat(number(GroupOrder.reduce(wide))).as("seed %d", seed).isEqualTo(number(wide).mod(L));
        }
    }

    @Test
    void reducesNumbersNextToMultiplesOfTheOrder() {
        BigInteger most = BigInteger.TWO.pow(512).subtract(BigInteger.ONE);
        BigInteger[] multiples = {BigInteger.ZERO, L, L.shiftLeft(1), L.shiftLeft(259), most.divide(L).multiply(L), most};
        for (BigInteger multiple : multiples) {
            for (int distance = -1; distance <= 1; distance++) {
                BigInteger number = multiple.add(BigInteger.valueOf(distance)).max(BigInteger.ZERO).min(most);
                assertThat(number(GroupOrder.reduce(bytes(number, 64)))).isEqualTo(number.mod(L));
            }
        }
    }

    @Test
    void multipliesAndAddsLikeBigInteger() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            BigInteger a = i == 0 ? BigInteger.TWO.pow(255).subtract(BigInteger.ONE) : new BigInteger(255, random);
            BigInteger b = i == 0 ? L.subtract(BigInteger.ONE) : new BigInteger(252, random);
            BigInteger c = i == 0 ? L.subtract(BigInteger.ONE) : new BigInteger(252, random);
            assertThat(number(GroupOrder.multiplyAdd(bytes(a, 32), bytes(b, 32), bytes(c, 32)))).as("seed %d", seed)
                    .isEqualTo(a.multiply(b).add(c).mod(L));
        }
    }

    private static BigInteger number(byte[] littleEndian) {
        return new BigInteger(1, reversed(littleEndian));
    }

    private static byte[] bytes(BigInteger number, int length) {
        byte[] bigEndian = number.toByteArray();
        byte[] bytes = reversed(bigEndian);
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
