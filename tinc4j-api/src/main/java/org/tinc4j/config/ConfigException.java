package org.tinc4j.config;

import java.util.List;

/** A configuration that cannot be used, with all its problems at once. */
public final class ConfigException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Each names value, place and remedy. */
    private final List<String> problems;

    /**
     * With its problems.
     *
     * @param problems at least one
     */
    public ConfigException(List<String> problems) {
        super(problems.size() == 1 ? problems.getFirst() : problems.size() + " problems: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * What is wrong.
     *
     * @return each names value, place and remedy
     */
    public List<String> problems() {
        return problems;
    }
}
