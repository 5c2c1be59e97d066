package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.SubnetTable.Entry;

class SubnetTablePropertyTest {

    @Test
    void findsWhatTheLiteralWalkFinds() {
        for (long seed = 0; seed < 3000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Entry> entries = entries(random);
            SubnetTable table = SubnetTable.of(entries);
            List<Entry> walked = new ArrayList<>(entries);
            walked.sort(Comparator.comparing(Entry::subnet)
                    .thenComparing(entry -> entry.owner() == null ? "" : entry.owner().value()));
            for (byte[] address : probes(random, entries)) {
                assertThat(lookup(table, address))
                        .as("owner of %s, seed %d", ByteBuffer.wrap(address), seed)
                        .isEqualTo(walk(walked, address));
            }
        }
    }

    /** "Remember the first match, but prefer the first match whose owner is reachable"; if none is, the last one decides. */
    private static Entry walk(List<Entry> inTableOrder, byte[] address) {
        Entry match = null;
        for (Entry entry : inTableOrder) {
            if (entry.subnet().contains(address)) {
                match = entry;
                if (entry.owner() == null || entry.ownerReachable()) {
                    break;
                }
            }
        }
        return match;
    }

    private static Entry lookup(SubnetTable table, byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return switch (address.length) {
            case 4 -> table.lookupIpv4(bytes.getInt());
            case 6 -> table.lookupMac((bytes.getShort() & 0xffffL) << 32 | bytes.getInt() & 0xffff_ffffL);
            default -> table.lookupIpv6(bytes.getLong(), bytes.getLong());
        };
    }

    /** Bytes are 0, 1, 254 or 255, so that prefixes nest, touch, and lie at both ends of the address space. */
    private static byte[] address(SplittableRandom random, int length) {
        byte[] address = new byte[length];
        int varied = random.nextInt(length + 1);
        for (int i = 0; i < varied; i++) {
            address[i] = (byte) random.nextInt(-2, 2);
        }
        return address;
    }

    private static List<Entry> entries(SplittableRandom random) {
        List<Entry> entries = new ArrayList<>(random.nextBoolean() ? SubnetTable.standardBroadcast() : List.of());
        int reachablePercent = random.nextInt(101);
        for (int i = random.nextInt(40); i > 0; i--) {
            byte[] address = address(random, new int[] {4, 6, 16}[random.nextInt(3)]);
            String owner = "o" + random.nextInt(4);
            entries.add(new Entry(
                    Subnet.parseLenient(text(address, random)), new NodeName(owner), i, random.nextInt(100) < reachablePercent));
        }
        return entries;
    }

    private static String text(byte[] address, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < address.length; i++) {
            String separator = address.length == 4 ? "." : address.length == 6 || i % 2 == 0 ? ":" : "";
            text.append(i == 0 ? "" : separator);
            text.append(address.length == 4 ? Integer.toString(address[i] & 0xff) : String.format("%02x", address[i]));
        }
        if (address.length != 6) {
            text.append('/').append(random.nextInt(address.length * 8 + 1));
        }
        return text.append('#').append(random.nextInt(-1, 2)).toString();
    }

    private static List<byte[]> probes(SplittableRandom random, List<Entry> entries) {
        List<byte[]> probes = new ArrayList<>();
        for (Entry entry : entries) {
            byte[] address = entry.subnet().masked().address();
            probes.add(address);
            probes.add(plus(address, -1));
            byte[] last = address.clone();
            for (int bit = entry.subnet().prefixLength(); bit < last.length * 8; bit++) {
                last[bit >> 3] |= (byte) (0x80 >> (bit & 7));
            }
            probes.add(last);
            probes.add(plus(last, 1));
        }
        for (int i = 0; i < 10; i++) {
            probes.add(address(random, new int[] {4, 6, 16}[random.nextInt(3)]));
        }
        return probes;
    }

    /** The neighbouring address, round the end of the address space if need be. */
    private static byte[] plus(byte[] address, int one) {
        byte[] sum = address.clone();
        for (int i = sum.length - 1; i >= 0; i--) {
            sum[i] += (byte) one;
            if (sum[i] != (byte) (one > 0 ? 0 : -1)) {
                break;
            }
        }
        return sum;
    }
}
