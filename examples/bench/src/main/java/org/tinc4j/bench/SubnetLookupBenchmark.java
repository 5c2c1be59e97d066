package org.tinc4j.bench;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.graph.SubnetTable.Entry;

/**
 * What finding the owner of an address costs, in a table of as many ranges of each family. Half of them are hosts, the others ranges of
 * random lengths that overlap. The addresses asked for are random ones inside random ranges, so a look-up seldom finds its part of the
 * table in the nearest cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SubnetLookupBenchmark {

    private static final int ADDRESSES = 1 << 14;
    private static final int OWNERS = 1000;

    /** Ranges in the table, of each family. */
    @Param({"10000"})
    int subnets;

    private SubnetTable table;
    private final int[] ipv4 = new int[ADDRESSES];
    private final long[] ipv6High = new long[ADDRESSES];
    private final long[] ipv6Low = new long[ADDRESSES];
    private int next;

    /** Fills the table. */
    @Setup
    public void fill() {
        Random random = new Random(subnets);
        List<Entry> entries = new ArrayList<>(SubnetTable.standardBroadcast());
        byte[][] fours = ranges(4, random, entries);
        byte[][] sixes = ranges(16, random, entries);
        table = SubnetTable.of(entries);
        for (int i = 0; i < ADDRESSES; i++) {
            ipv4[i] = ByteBuffer.wrap(fours[random.nextInt(subnets)]).getInt();
            ByteBuffer six = ByteBuffer.wrap(sixes[random.nextInt(subnets)]);
            ipv6High[i] = six.getLong();
            ipv6Low[i] = six.getLong();
        }
    }

    /** Adds ranges of a family, and returns an address out of each. */
    private byte[][] ranges(int bytes, Random random, List<Entry> entries) {
        byte[][] addresses = new byte[subnets][bytes];
        for (int i = 0; i < subnets; i++) {
            random.nextBytes(addresses[i]);
            addresses[i][0] = (byte) (bytes == 4 ? 10 : 0xfd);
            int prefix = random.nextBoolean() ? bytes * 8 : 9 + random.nextInt(bytes * 8 - 9);
            Subnet subnet = Subnet.parseLenient(text(addresses[i]) + "/" + prefix).masked();
            int owner = random.nextInt(OWNERS);
            entries.add(new Entry(subnet, new NodeName("node" + owner), owner, true));
        }
        return addresses;
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    /**
     * Looks up an IPv4 address.
     *
     * @return what was found
     */
    @Benchmark
    public Entry ipv4() {
        next = next + 1 & ADDRESSES - 1;
        return table.lookupIpv4(ipv4[next]);
    }

    /**
     * Looks up an IPv6 address.
     *
     * @return what was found
     */
    @Benchmark
    public Entry ipv6() {
        next = next + 1 & ADDRESSES - 1;
        return table.lookupIpv6(ipv6High[next], ipv6Low[next]);
    }
}
