package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SubnetFuzzTest {

    private static final String CHARACTERS = "0123456789abcdefF:::...//#-+ xg%";
    private static final List<String> VALID = List.of(
            "10.7.0.0/16#20", "255.255.255.255", "02:00:5e:00:53:01#7", "fd00:7::1/128", "1:2:3:4:5:6:7:8/64#-5", "::ffff:1.2.3.4/96", "::/0");

    @Test
    void readsOrRefusesAnyTextAndReadsBackWhatItPrints() {
        int read = 0;
        for (long seed = 0; seed < 100_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String text = seed % 4 == 0
                    ? RandomText.of(random, CHARACTERS, 70)
                    : RandomText.damaged(random, VALID.get(random.nextInt(VALID.size())), CHARACTERS);
            Subnet subnet;
            try {
                subnet = Subnet.parseLenient(text);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).as("seed %d", seed).matches("[ -~]+");
                continue;
            }
            read++;
            assertThat(subnet.toString()).as("seed %d", seed).hasSizeLessThanOrEqualTo(63);
            assertThat(Subnet.parseLenient(subnet.toString())).as("seed %d", seed).isEqualTo(subnet);
            assertThat(Subnet.parse(subnet.masked().toString()).covers(subnet)).as("seed %d", seed).isTrue();
        }
        assertThat(read).as("texts that were subnets").isGreaterThan(1000);
    }
}
