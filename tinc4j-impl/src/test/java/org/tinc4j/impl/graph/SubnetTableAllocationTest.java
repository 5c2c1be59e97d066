package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.SubnetTable.Entry;

class SubnetTableAllocationTest {

    private static final int LOOKUPS = 100_000;

    @Test
    void lookUpsAllocateNothing() {
        List<Entry> entries = new ArrayList<>(SubnetTable.standardBroadcast());
        for (int i = 0; i < 200; i++) {
            entries.add(new Entry(Subnet.parse("10." + i + ".0.0/16"), new NodeName("n" + i), i, i % 3 != 0));
            entries.add(new Entry(Subnet.parse("fd00:" + i + "::/32"), new NodeName("n" + i), i, i % 3 != 0));
        }
        SubnetTable table = SubnetTable.of(entries);
        int found = lookUp(table);

        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = meter.getCurrentThreadAllocatedBytes();
        found += lookUp(table);
        long allocated = meter.getCurrentThreadAllocatedBytes() - before;

        assertThat(found).isPositive();
        // The meter itself may cost a few bytes; one object a look-up would be more than a megabyte.
        assertThat(allocated).isLessThan(LOOKUPS / 10);
    }

    private static int lookUp(SubnetTable table) {
        int found = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            found += table.lookupIpv4(10 << 24 | i << 9) != null ? 1 : 0;
            found += table.lookupIpv6(0xfd00L << 48 | (long) i << 32, i) != null ? 1 : 0;
            found += table.lookupMac(i) != null ? 1 : 0;
        }
        return found;
    }
}
