package org.tinc4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What the README tells a newcomer to write can be compiled, and what it tells Maven to fetch is what the build makes. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");

    /** What a reader is expected to have: the imports that an editor adds, and the names that the text around a sample gives. */
    private static final String IMPORTS = "import static org.assertj.core.api.Assertions.*; import java.net.*; import java.nio.file.*;"
            + " import java.time.*; import org.junit.jupiter.api.*; import org.tinc4j.*; import org.tinc4j.net.*; import org.tinc4j.testing.*;"
            + " import org.tinc4j.testing.junit.*; ";
    private static final String NAMES = "String hubKey; TincNode node; ";

    @TempDir
    private Path classes;

    /** One block of code; the line is that of its first. */
    private record Block(String language, int line, String code) {}

    /** A block as a class whose lines have the numbers they have in the README. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Block block) {
            super(URI.create("string:///Sample" + block.line() + ".java"), Kind.SOURCE);
            String code = block.code().strip();
            boolean whole = code.startsWith("class ");
            boolean complete = code.endsWith(";") || code.endsWith("}") || code.lines().toList().getLast().contains("//");
            text = "\n".repeat(block.line() - 1) + IMPORTS
                    + (whole ? code : "class Sample" + block.line() + " { " + NAMES + "void sample() throws Exception { " + code
                            + (complete ? "" : ";") + "\n} }");
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static List<Block> blocks(String markdown, String language) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = markdown.lines().toList();
        for (int start = lines.indexOf("```" + language); start >= 0; ) {
            int end = start + 1 + lines.subList(start + 1, lines.size()).indexOf("```");
            blocks.add(new Block(language, start + 2, String.join("\n", lines.subList(start + 1, end))));
            int next = lines.subList(end, lines.size()).indexOf("```" + language);
            start = next < 0 ? -1 : end + next;
        }
        return blocks;
    }

    /** What the compiler says of the Java blocks, with file and line. */
    private List<String> problems(String markdown) {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of(
                "--release", "21", "-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
        List<Source> sources = blocks(markdown, "java").stream().map(Source::new).toList();
        ToolProvider.getSystemJavaCompiler().getTask(null, null, found, options, null, sources).call();
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> "README.md:" + diagnostic.getLineNumber() + ": " + diagnostic.getMessage(Locale.ROOT))
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    void itsJavaCompiles() throws IOException {
        assertThat(blocks(readme(), "java")).hasSizeGreaterThan(3);
        assertThat(problems(readme())).isEmpty();
        assertThat(classes).isNotEmptyDirectory();
    }

    @Test
    void showsTheExampleOfAnExistingMeshThatTheReferenceHas() throws IOException {
        String compiled = Files.readString(ROOT.resolve("javadoc/src/snippets/ExistingMesh.java"));
        int start = compiled.indexOf("region=\"by-hand\"\n") + "region=\"by-hand\"\n".length();
        String region = compiled.substring(start, compiled.indexOf("        // @end", start));

        assertThat(blocks(readme(), "java").getFirst().code().indent(8)).isEqualTo(region);
    }

    @Test
    void whatDoesNotCompileIsNamedWithItsLine() {
        assertThat(problems("text\n```java\nnode.status();\nnode.noSuchThing();\n```\n"))
                .singleElement()
                .asString()
                .startsWith("README.md:4: ")
                .contains("noSuchThing");
    }

    @Test
    void itsDependenciesAreWhatTheBuildMakes() throws Exception {
        List<Block> blocks = blocks(readme(), "xml");
        assertThat(blocks).hasSize(1);
        Document document = parse("<all>" + blocks.getFirst().code() + "</all>");
        List<String> artifacts = new ArrayList<>();
        for (Element dependency : children(document.getDocumentElement(), "dependency")) {
            String artifact = text(dependency, "artifactId");
            artifacts.add(artifact);
            Element pom = parse(Files.readString(ROOT.resolve(artifact).resolve("pom.xml"))).getDocumentElement();
            assertThat(text(pom, "artifactId")).isEqualTo(artifact);
            Element parent = children(pom, "parent").getFirst();
            assertThat(text(dependency, "groupId")).as("groupId of %s", artifact).isEqualTo(text(parent, "groupId"));
            assertThat(text(dependency, "version")).as("version of %s", artifact).isEqualTo(text(parent, "version"));
        }
        assertThat(artifacts).containsExactly("tinc4j-api", "tinc4j-impl", "tinc4j-linux");
        assertThat(readme()).as("the command that puts them there").contains("-pl " + artifacts.get(1) + "," + artifacts.get(2) + " -am");
    }

    private static Document parse(String xml) throws IOException, ParserConfigurationException, SAXException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Element parent, String name) {
        return children(parent, name).getFirst().getTextContent();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }
}
