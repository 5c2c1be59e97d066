package org.tinc4j.impl.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.wire.MetaRequestParser.Result;

class MetaCodecFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20240601L);
    private static final String NAME_CHARS = "ABCXYZabcxyz019_";
    private static final String FIELD_CHARS = "abcABC019.:-+/=#%^?\u00e9\u007f";
    private static final String LINE_CHARS = "0123456789 abf.:/#-+_x\t\n\0\u00ff\uffff\u0661";
    private static final int[] INTERESTING = {0, 1, -1, 655, Integer.MIN_VALUE, Integer.MAX_VALUE};

    @Test
    void everyGeneratedRequestReadsBackAsItself() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            MetaRequest request = request(random);
            assertThat(MetaRequestParser.parse(request.encode()))
                    .as("seed %d, case %d", SEED, i)
                    .isEqualTo(new Result.Parsed(request));
        }
    }

    @Test
    void randomLinesNeverThrowAndReasonsArePrintable() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            check(random.nextInt(32) + " " + word(random, LINE_CHARS, random.nextInt(60)), i);
            check(word(random, LINE_CHARS, random.nextInt(30)), i);
        }
    }

    @Test
    void damagedRequestsNeverThrowAndReadBackIfAccepted() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder(request(random).encode());
            for (int damage = random.nextInt(3); damage >= 0 && !line.isEmpty(); damage--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(4)) {
                    case 0 -> line.deleteCharAt(at);
                    case 1 -> line.insert(at, LINE_CHARS.charAt(random.nextInt(LINE_CHARS.length())));
                    case 2 -> line.setCharAt(at, (char) random.nextInt(256));
                    default -> line.setLength(at);
                }
            }
            check(line.toString(), i);
        }
    }

    private static void check(String line, int i) {
        switch (MetaRequestParser.parse(line)) {
            case Result.Parsed parsed -> assertThat(MetaRequestParser.parse(parsed.request().encode()))
                    .as("seed %d, case %d, line %s", SEED, i, line)
                    .isEqualTo(parsed);
            case Result.Malformed malformed -> assertThat(malformed.reason())
                    .as("seed %d, case %d, line %s", SEED, i, line)
                    .matches("[ -~]{1,80}");
        }
    }

    private static MetaRequest request(Random random) {
        NodeName from = name(random);
        NodeName to = new NodeName(from.value() + name(random).value());
        int nonce = number(random);
        String address = word(random, FIELD_CHARS, 1 + random.nextInt(40));
        String port = word(random, FIELD_CHARS, 1 + random.nextInt(8));
        boolean optional = random.nextBoolean();
        return switch (random.nextInt(16)) {
            case 0 -> new MetaRequest.Id(address, random.nextInt(100), random.nextInt(1000));
            case 1 -> new MetaRequest.Ack(random.nextInt(65536), number(random), number(random));
            case 2 -> new MetaRequest.Termreq();
            case 3 -> new MetaRequest.Ping();
            case 4 -> new MetaRequest.Pong();
            case 5 -> new MetaRequest.AddSubnet(nonce, from, subnet(random));
            case 6 -> new MetaRequest.DelSubnet(nonce, from, subnet(random));
            case 7 -> new MetaRequest.AddEdge(nonce, from, to, address, port, number(random), number(random),
                    optional ? port : "", optional ? address : "");
            case 8 -> new MetaRequest.DelEdge(nonce, from, to);
            case 9 -> new MetaRequest.KeyChanged(nonce, from);
            case 10 -> optional
                    ? new MetaRequest.ReqKey(from, to, random.nextInt(30), random.nextBoolean() ? address : "")
                    : new MetaRequest.ReqKey(from, to, MetaRequest.NO_SUB_REQUEST, "");
            case 11 -> new MetaRequest.AnsKey(from, to, address, number(random), number(random), number(random),
                    number(random), optional ? address : "", optional ? port : "");
            case 12 -> new MetaRequest.PacketHeader(random.nextInt(32768));
            case 13 -> new MetaRequest.SptpsPacketHeader(12 + random.nextInt(32756));
            case 14 -> new MetaRequest.UdpInfo(from, to, address, port);
            default -> new MetaRequest.MtuInfo(from, to, 512 + random.nextInt(2000));
        };
    }

    private static Subnet subnet(Random random) {
        String weight = "#" + number(random);
        return Subnet.parseLenient(
                switch (random.nextInt(3)) {
                    case 0 -> String.format("10.%d.%d.0/%d", random.nextInt(256), random.nextInt(256), random.nextInt(33)) + weight;
                    case 1 -> String.format("fd00:%x::%x/%d", random.nextInt(65536), random.nextInt(65536), random.nextInt(129)) + weight;
                    default -> String.format("2:0:5e:0:%x:%x", random.nextInt(256), random.nextInt(256)) + weight;
                });
    }

    private static NodeName name(Random random) {
        return new NodeName(word(random, NAME_CHARS, 1 + random.nextInt(20)));
    }

    private static int number(Random random) {
        return random.nextInt(3) == 0 ? INTERESTING[random.nextInt(INTERESTING.length)] : random.nextInt();
    }

    private static String word(Random random, String alphabet, int length) {
        StringBuilder word = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            word.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return word.toString();
    }
}
