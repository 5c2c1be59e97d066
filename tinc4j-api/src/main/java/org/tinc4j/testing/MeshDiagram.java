package org.tinc4j.testing;

/**
 * A picture of a mesh at one moment: nodes, who is connected to whom, how data goes, what is cut.
 *
 * @param text for a terminal: lines of plain text
 * @param mermaid a Mermaid flow chart, for a Markdown page: between lines of three backquotes and {@code mermaid}, three backquotes
 */
public record MeshDiagram(String text, String mermaid) {

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
