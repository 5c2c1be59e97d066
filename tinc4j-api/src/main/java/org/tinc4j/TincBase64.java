package org.tinc4j;

import java.util.Arrays;

/**
 * tinc's base64: the standard alphabet, but bits packed from the low end, without padding. Not RFC 4648.
 *
 * <p>Public because everything that reads tinc's files or invitations needs it.
 */
public final class TincBase64 {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] VALUES = values();

    private TincBase64() {}

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < 64; i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        values['-'] = 62;
        values['_'] = 63;
        return values;
    }

    /**
     * Encodes bytes.
     *
     * @param bytes any bytes
     * @return 4 characters for each 3 bytes, 2 or 3 for a rest
     */
    public static String encode(byte[] bytes) {
        return encode(bytes, 0, bytes.length);
    }

    /**
     * Encodes a part of an array.
     *
     * @param bytes any bytes
     * @param offset first byte
     * @param length how many
     * @return 4 characters for each 3 bytes, 2 or 3 for a rest
     */
    public static String encode(byte[] bytes, int offset, int length) {
        StringBuilder text = new StringBuilder((length * 4 + 2) / 3);
        for (int i = 0; i < length; i += 3) {
            int count = Math.min(3, length - i);
            int value = 0;
            for (int j = 0; j < count; j++) {
                value |= (bytes[offset + i + j] & 0xff) << 8 * j;
            }
            for (int j = 0; j <= count; j++) {
                text.append(ALPHABET.charAt(value >> 6 * j & 63));
            }
        }
        return text.toString();
    }

    /**
     * Decodes text of the standard or the URL-safe alphabet, also mixed. A single character left over at the end is ignored.
     *
     * @param text any text
     * @return the bytes, or null if a character is not of the alphabet
     */
    public static byte[] decode(CharSequence text) {
        int length = text.length();
        byte[] bytes = new byte[length * 3 / 4];
        int out = 0;
        int value = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            int six = c < 128 ? VALUES[c] : -1;
            if (six < 0) {
                return null;
            }
            int place = i & 3;
            value = place == 0 ? six : value | six << 6 * place;
            if (place > 0) {
                bytes[out++] = (byte) (value >> 8 * (place - 1));
            }
        }
        return bytes;
    }
}
