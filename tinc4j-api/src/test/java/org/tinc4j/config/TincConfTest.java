package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.tinc4j.config.TincConf.Assignment;

class TincConfTest {

    @Test
    void readsAnAssignmentWithItsPlace() {
        TincConf conf = TincConf.parse("# comment\n\nName = alice\n", "tinc.conf");

        assertThat(conf.assignments()).containsExactly(new Assignment("Name", "alice", "tinc.conf", 3));
        assertThat(conf.assignments().getFirst().place()).isEqualTo("tinc.conf:3");
        assertThat(conf.problems()).isEmpty();
    }

    @Test
    void takesBlanksForTheEqualsSign() {
        assertThat(TincConf.parse("Name\talice\nPort  655", "f").assignments())
                .extracting(Assignment::toString)
                .containsExactly("Name = alice", "Port = 655");
    }

    @Test
    void keepsASecondEqualsSignInTheValue() {
        assertThat(TincConf.parse("Name == alice", "f").assignments().getFirst().value()).isEqualTo("= alice");
    }

    @Test
    void keepsWhatLooksLikeACommentBehindAValue() {
        assertThat(TincConf.parse("Port = 655 # home", "f").assignments().getFirst().value()).isEqualTo("655 # home");
    }

    @Test
    void stripsBlanksAndCarriageReturnsAtLineEnds() {
        assertThat(TincConf.parse("Name = alice  \r\nPort=655\t\r\n", "f").assignments())
                .extracting(Assignment::value)
                .containsExactly("alice", "655");
    }

    @Test
    void namesFileAndLineOfEveryVariableWithoutValue() {
        TincConf conf = TincConf.parse("Name\nPort = 1\nSubnet =\n", "hosts/a");

        assertThat(conf.assignments()).hasSize(1);
        assertThat(conf.problems()).hasSize(2);
        assertThat(conf.problems().get(0)).startsWith("hosts/a:1: variable Name has no value");
        assertThat(conf.problems().get(1)).startsWith("hosts/a:3: variable Subnet has no value");
    }

    @Test
    void refusesAnIndentedAssignmentBecauseCTincSkipsIt() {
        TincConf conf = TincConf.parse("  StrictSubnets = yes\n  # indented comment\n", "tinc.conf");

        assertThat(conf.assignments()).isEmpty();
        assertThat(conf.problems()).singleElement().asString().startsWith("tinc.conf:1: ");
    }

    @Test
    void setsKeyBlocksApart() {
        TincConf conf = TincConf.parse("Port = 1\n-----BEGIN RSA PUBLIC KEY-----\nName = no\n-----END RSA PUBLIC KEY-----\nWeight = 2", "f");

        assertThat(conf.assignments()).extracting(Assignment::name).containsExactly("Port", "Weight");
        assertThat(conf.blocks()).singleElement().satisfies(block -> {
            assertThat(block.label()).isEqualTo("RSA PUBLIC KEY");
            assertThat(block.line()).isEqualTo(2);
            assertThat(block.lines()).hasSize(3);
        });
    }

    @Test
    void reportsABlockThatNeverEnds() {
        assertThat(TincConf.parse("-----BEGIN X-----\nabc\n", "f").problems()).singleElement().asString().contains("f:1:", "never ends");
    }

    @Test
    void acceptsALineOfTheLargestSizeAndReportsALongerOne() {
        String fits = "X = " + "v".repeat(TincConf.MAX_LINE_BYTES - 4);

        assertThat(TincConf.parse(fits + "\r\n", "f").problems()).isEmpty();
        assertThat(TincConf.parse(fits + "v", "f").problems()).singleElement().asString().contains("f:1:", "2049 bytes", "2048");
    }

    @Test
    void reportsControlCharactersNulAndUndecodableBytes() {
        byte[] bytes = "A = a\0b\nB = a\u001bb\nC = \u00ff\n# \u00ff is fine in a comment\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(TincConf.parse(bytes, "f").problems())
                .satisfiesExactly(
                        nul -> assertThat(nul).startsWith("f:1:").contains("control character"),
                        escape -> assertThat(escape).startsWith("f:2:").contains("control character"),
                        latin1 -> assertThat(latin1).startsWith("f:3:").contains("UTF-8"));
    }

    @Test
    void reportsAByteOrderMark() {
        assertThat(TincConf.parse("\ufeffName = alice", "f").problems()).singleElement().asString().contains("byte order mark");
    }

    @Test
    void neverShowsALineOfAKeyThatLostItsBegin() {
        String line = "Qim16qwVD/MNODinFSR0IASHyOKExMn0VYIZqXVCDs3ZF9A1azojy4q6XEZzaStg";

        assertThat(TincConf.parse(line, "f").problems()).singleElement().asString().doesNotContain(line.substring(0, 8));
    }

    @Test
    void printsWhatItReadsBack() {
        TincConf conf = TincConf.parse("Name alice\n-----BEGIN K-----\nabc\n-----END K-----\nPort=1\n", "f");

        TincConf again = TincConf.parse(conf.text(), "f");

        assertThat(again.assignments()).extracting(Assignment::toString).containsExactly("Name = alice", "Port = 1");
        assertThat(again.blocks()).singleElement().satisfies(block -> assertThat(block.lines()).hasSize(3));
    }

    @Test
    void refusesAnAssignmentThatWouldPrintAsSomethingElse() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Assignment("A b", "x", "f", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Assignment("A", "x\nName = y", "f", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Assignment("A", " ", "f", 1));
    }
}
