package org.tinc4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each package imports only what the first line of its {@code package-info.java} allows. */
class PackageImportsTest {

    private static final Path SOURCES = Path.of("src/main/java/org/tinc4j/linux");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            crypto  | Driver: | java. org.slf4j. org.tinc4j.
            sys     | Native: | java.nio. java.util.Set jnr. com.kenai.jffi.
            netlink | Pure:   | java.nio. java.util. org.tinc4j.Subnet org.tinc4j.linux.sys.Rtnetlink
            reactor | Driver: | java. org.tinc4j.NodeClosedException org.tinc4j.spi. org.tinc4j.linux.sys.
            tun     | Driver: | java. org.slf4j. org.tinc4j.
            offload | Pure:   | java. org.tinc4j.spi.
            grant   | Driver: | java. org.slf4j. org.tinc4j.
            udp     | Driver: | java. org.slf4j. org.tinc4j.
            uring   | Driver: | java. org.slf4j. org.tinc4j.
            """)
    void importsStayInsideTheKindOfThePackage(String name, String kind, String allowed) throws IOException {
        List<String> prefixes = List.of(allowed.split(" "));
        assertThat(Files.readString(SOURCES.resolve(name + "/package-info.java"))).startsWith("/**\n * " + kind);
        try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
            for (Path file : files.toList()) {
                Matcher matcher = IMPORT.matcher(Files.readString(file));
                while (matcher.find()) {
                    assertThat(prefixes).as(file + " imports " + matcher.group(1)).anyMatch(matcher.group(1)::startsWith);
                }
            }
        }
    }
}
