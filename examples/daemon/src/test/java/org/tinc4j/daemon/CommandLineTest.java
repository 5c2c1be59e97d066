package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private static CommandLine parse(String... words) {
        return parse(Map.of(), words);
    }

    private static CommandLine parse(Map<String, String> environment, String... words) {
        try {
            return CommandLine.parse(List.of(words), environment);
        } catch (UsageException e) {
            throw new AssertionError(e);
        }
    }

    private static String refusal(String... words) {
        try {
            return "accepted: " + CommandLine.parse(List.of(words), Map.of());
        } catch (UsageException e) {
            return e.getMessage();
        }
    }

    @Test
    void runsFromTheUsualDirectoryWithoutAnyArgument() {
        CommandLine line = parse();

        assertThat(line.task()).isEqualTo(CommandLine.Task.RUN);
        assertThat(line.directory()).isEqualTo(Path.of("/etc/tinc"));
        assertThat(line.network()).isEmpty();
        assertThat(line.debugLevel()).isEmpty();
        assertThat(line.pidFile()).isEmpty();
        assertThat(line.logFile()).isEmpty();
        assertThat(line.overrides()).isEmpty();
        assertThat(line.foreground()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c d", "-cd", "--config=d", "--config d"})
    void takesTheDirectoryInEveryForm(String words) {
        assertThat(parse(words.split(" ")).directory()).isEqualTo(Path.of("d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n foo", "-nfoo", "--net=foo", "--net foo"})
    void takesTheNetworkInEveryFormAndFindsItsDirectory(String words) {
        CommandLine line = parse(words.split(" "));

        assertThat(line.network()).contains("foo");
        assertThat(line.directory()).isEqualTo(Path.of("/etc/tinc/foo"));
    }

    @Test
    void keepsTheNetworkBesideAGivenDirectory() {
        CommandLine line = parse("-c", "d", "-n", "foo");

        assertThat(line.directory()).isEqualTo(Path.of("d"));
        assertThat(line.network()).contains("foo");
    }

    @Test
    void takesTheNetworkFromTheEnvironmentUnlessOneIsGiven() {
        Map<String, String> environment = Map.of("NETNAME", "env");

        assertThat(parse(environment).network()).contains("env");
        assertThat(parse(environment, "-n", "foo").network()).contains("foo");
        assertThat(parse(environment, "-n", ".").network()).isEmpty();
        assertThat(parse(Map.of("NETNAME", "")).network()).isEmpty();
        assertThat(parse(Map.of("NETNAME", ".")).network()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a\\b", ".a", "", " ", "a\tb"})
    void refusesANetworkThatIsNoName(String network) {
        assertThat(refusal("-n", network)).contains("netname").contains("--net");
        assertThat(refusal("--net=" + network)).contains("netname");
    }

    @Test
    void namesTheEnvironmentWhereTheWrongNetworkCameFrom() {
        assertThatThrownBy(() -> CommandLine.parse(List.of(), Map.of("NETNAME", "a/b")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("variable NETNAME");
    }

    @ParameterizedTest
    @CsvSource({
        "-d, 1", "-d -d, 2", "-d5, 5", "-d 5, 5", "--debug=5, 5", "--debug 5, 5", "--debug, 1", "-d0, 0", "-d3 -d, 4", "-d -d2, 2",
        "-dD, 1", "-Dd5, 5", "-Dd 5, 5", "-d -D, 1"
    })
    void takesTheDebugLevelInEveryForm(String words, int level) {
        assertThat(parse(words.split(" ")).debugLevel()).isEqualTo(OptionalInt.of(level));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--debug=x", "--debug=", "--debug=-1", "--debug=99999999999"})
    void refusesADebugLevelThatIsNoNumber(String word) {
        assertThat(refusal(word)).contains("'--debug'").contains("debug level");
    }

    @Test
    void doesNotTakeAWordThatIsNoNumberForADebugLevel() {
        assertThat(refusal("-d", "x")).isEqualTo("unrecognized argument 'x'");
        assertThat(refusal("-dx")).isEqualTo("unrecognized option '-x'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-D", "--no-detach"})
    void staysInTheForeground(String word) {
        assertThat(parse(word).foreground()).isTrue();
    }

    @Test
    void gathersAssignmentsInTheirOrder() {
        assertThat(parse("-o", "A=1", "-oB=2", "--option=hub.C=3", "--option", "D=4 = 5").overrides())
                .containsExactly("A=1", "B=2", "hub.C=3", "D=4 = 5");
    }

    @Test
    void logsToTheFileGiven() {
        assertThat(parse("--logfile=f").logFile()).contains(Path.of("f"));
        assertThat(parse("--logfile", "f").logFile()).contains(Path.of("f"));
    }

    @Test
    void logsToTheUsualFileIfNoneIsGiven() {
        assertThat(parse("--logfile").logFile()).contains(Path.of("/var/log/tinc.log"));
        assertThat(parse("--logfile", "-n", "foo").logFile()).contains(Path.of("/var/log/tinc.foo.log"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pidfile=f", "--pidfile f"})
    void takesThePidFileInEveryForm(String words) {
        assertThat(parse(words.split(" ")).pidFile()).contains(Path.of("f"));
    }

    @Test
    void letsTheLastOfARepeatedFlagCount() {
        CommandLine line = parse(
                "-c", "a", "-c", "b", "-n", "a", "-n", "b", "--logfile=a", "--logfile=b", "--pidfile=a", "--pidfile=b", "-D", "-D");

        assertThat(line.directory()).isEqualTo(Path.of("b"));
        assertThat(line.network()).contains("b");
        assertThat(line.logFile()).contains(Path.of("b"));
        assertThat(line.pidFile()).contains(Path.of("b"));
    }

    @Test
    void takesAWordWithADashAsARequiredArgument() {
        assertThat(parse("--pidfile", "-x").pidFile()).contains(Path.of("-x"));
    }

    @Test
    void asksForHelpOrVersion() {
        assertThat(parse("--help").task()).isEqualTo(CommandLine.Task.HELP);
        assertThat(parse("--version", "-D").task()).isEqualTo(CommandLine.Task.VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "--config", "-n", "--net", "-o", "--option", "--pidfile"})
    void namesAFlagWhoseArgumentIsMissing(String flag) {
        assertThat(refusal("-D", flag)).isEqualTo("option '" + flag + "' requires an argument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config=", "--pidfile=", "--logfile="})
    void refusesAnEmptyPath(String word) {
        assertThat(refusal(word)).contains("'" + word.substring(0, word.length() - 1) + "'").contains("empty");
    }

    @ParameterizedTest
    @CsvSource({"--foo, --foo", "--foo=1, --foo", "-x, -x", "-Dx, -x", "--conf=d, --conf", "--D, --D"})
    void namesAnUnknownFlag(String word, String named) {
        assertThat(refusal(word)).isEqualTo("unrecognized option '" + named + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stray", "-", ""})
    void namesAStrayArgument(String word) {
        assertThat(refusal("-D", word)).isEqualTo("unrecognized argument '" + word + "'");
    }

    @Test
    void treatsWhatFollowsADoubleDashAsStray() {
        assertThat(refusal("--", "-D")).isEqualTo("unrecognized argument '-D'");
        assertThat(parse("-D", "--").foreground()).isTrue();
    }

    @Test
    void refusesAnArgumentForAFlagThatTakesNone() {
        assertThat(refusal("--no-detach=yes")).isEqualTo("option '--no-detach' takes no argument");
        assertThat(refusal("--help=me")).isEqualTo("option '--help' takes no argument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-L", "--mlock", "-R", "--chroot", "-Ujoe", "--user=joe", "-U joe", "-s", "--syslog", "--bypass-security"})
    void refusesByNameWhatOnlyTincdCan(String words) {
        String flag = words.startsWith("--") ? words.replaceAll("=.*", "") : words.substring(0, 2);

        assertThat(refusal(words.split(" "))).startsWith("option '" + flag + "' is not supported: ");
    }

    @Test
    void explainsEveryFlagItTakes() {
        for (Flag flag : Flag.values()) {
            boolean taken = flag.refusal().isEmpty();
            assertThat(Usage.help().contains("--" + flag.word())).as(flag.name()).isEqualTo(taken);
        }
    }
}
