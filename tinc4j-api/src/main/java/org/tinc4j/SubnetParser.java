package org.tinc4j;

import java.util.regex.Pattern;
import org.tinc4j.Subnet.Kind;

/** Codec of the text form of {@link Subnet}. Written out because {@code InetAddress} parsing would ask a name server. */
final class SubnetParser {

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** Without leading zeros: 010 is eight to some programs and ten to others. */
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    private SubnetParser() {}

    static Subnet parse(String text, int maxText) {
        if (text.length() > maxText) {
            throw bad(text.substring(0, maxText) + "...", "it has more than " + maxText + " characters");
        }
        int hash = text.indexOf('#');
        String range = hash < 0 ? text : text.substring(0, hash);
        int weight = hash < 0 ? Subnet.DEFAULT_WEIGHT : parseInt(text, text.substring(hash + 1), "weight", INTEGER);

        int slash = range.indexOf('/');
        String addressText = slash < 0 ? range : range.substring(0, slash);
        byte[] address;
        Kind kind;
        if (slash < 0 && (address = parseMac(addressText)) != null) {
            return Subnet.of(Kind.MAC, address, 48, weight);
        } else if ((address = parseIpv4(addressText)) != null) {
            kind = Kind.IPV4;
        } else if ((address = parseIpv6(addressText)) != null) {
            kind = Kind.IPV6;
        } else {
            throw bad(text, "\"" + printable(addressText) + "\" is no IPv4, IPv6 or MAC address");
        }
        int bits = address.length * 8;
        int prefix = slash < 0 ? bits : parseInt(text, range.substring(slash + 1), "prefix length", DIGITS);
        if (prefix > bits) {
            throw bad(text, "prefix length " + prefix + " is outside 0.." + bits);
        }
        return Subnet.of(kind, address, prefix, weight);
    }

    private static int parseInt(String text, String digits, String what, Pattern form) {
        // Integer.parseInt alone would also take the digits of other scripts.
        if (form.matcher(digits).matches()) {
            try {
                return Integer.parseInt(digits);
            } catch (NumberFormatException e) {
                throw bad(text, what + " " + digits + " does not fit 32 bits");
            }
        }
        throw bad(text, what + " \"" + printable(digits) + "\" is no number");
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("\"" + printable(text) + "\" is no subnet: " + why
                + "; write for example 10.7.0.0/16, fd00:7::/32 or 10.7.0.5#20");
    }

    private static byte[] parseMac(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 6) {
            return null;
        }
        byte[] address = new byte[6];
        for (int i = 0; i < 6; i++) {
            int value = hexGroup(parts[i], 2);
            if (value < 0) {
                return null;
            }
            address[i] = (byte) value;
        }
        return address;
    }

    static byte[] parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!OCTET.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    /** RFC 4291 section 2.2, all three forms: full, with one {@code ::}, with a dotted IPv4 tail. */
    static byte[] parseIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        byte[] tail = groups(gap < 0 ? "" : text.substring(gap + 2), true);
        if (head == null || tail == null) {
            return null;
        }
        int used = head.length + tail.length;
        if (gap < 0 ? used != 16 : used > 14) {
            return null;
        }
        byte[] address = new byte[16];
        System.arraycopy(head, 0, address, 0, head.length);
        System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
        return address;
    }

    private static byte[] groups(String text, boolean mayEndInIpv4) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] tail = mayEndInIpv4 ? parseIpv4(parts[parts.length - 1]) : null;
        int hexParts = tail == null ? parts.length : parts.length - 1;
        int length = hexParts * 2 + (tail == null ? 0 : 4);
        if (length > 16) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < hexParts; i++) {
            int value = hexGroup(parts[i], 4);
            if (value < 0) {
                return null;
            }
            bytes[2 * i] = (byte) (value >> 8);
            bytes[2 * i + 1] = (byte) value;
        }
        if (tail != null) {
            System.arraycopy(tail, 0, bytes, length - 4, 4);
        }
        return bytes;
    }

    private static int hexGroup(String text, int maxDigits) {
        if (text.isEmpty() || text.length() > maxDigits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 'f') {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static String formatIpv4(byte[] a) {
        return (a[0] & 0xff) + "." + (a[1] & 0xff) + "." + (a[2] & 0xff) + "." + (a[3] & 0xff);
    }

    /** RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups as {@code ::}. */
    static String formatIpv6(byte[] a) {
        int[] group = new int[8];
        for (int i = 0; i < 8; i++) {
            group[i] = (a[2 * i] & 0xff) << 8 | a[2 * i + 1] & 0xff;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group[i]));
            }
        }
        return text.toString();
    }
}
