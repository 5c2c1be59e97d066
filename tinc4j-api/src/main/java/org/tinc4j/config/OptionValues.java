package org.tinc4j.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tinc4j.Subnet;
import org.tinc4j.config.TincConf.Assignment;

/**
 * Typed look at the assignments that hold for one node. Confined to the call that reads a directory or host file.
 *
 * <p>A bad value is added to the problems and read as not given, so that one look finds them all.
 */
final class OptionValues {

    /** The file name of assignments that come from a command line; they win over those of files. */
    static final String OVERRIDE = "-o";

    private static final Pattern LEADING_NUMBER = Pattern.compile("([+-]?[0-9]+)(.*)");

    private final List<Assignment> assignments;
    private final List<String> problems;
    private final List<String> remarks;

    OptionValues(List<Assignment> assignments, List<String> problems, List<String> remarks) {
        this.assignments = List.copyOf(assignments);
        this.problems = problems;
        this.remarks = remarks;
    }

    List<Assignment> all(TincOption option) {
        return assignments.stream().filter(assignment -> assignment.names(option.text())).toList();
    }

    /**
     * The one assignment that counts. C tinc takes the one with the lowest line number, whichever file it is in; nobody means that, so
     * files that contradict each other are refused.
     */
    Optional<Assignment> first(TincOption option) {
        List<Assignment> all = all(option);
        List<Assignment> given = all.stream().filter(OptionValues::isOverride).toList();
        List<Assignment> counting = given.isEmpty() ? all : given;
        for (Assignment other : counting) {
            Assignment first = counting.getFirst();
            if (!other.value().equalsIgnoreCase(first.value())) {
                problem(other, "is also given in " + first.place() + " with another value; delete one of them");
                return Optional.empty();
            }
        }
        return counting.stream().findFirst();
    }

    private static boolean isOverride(Assignment assignment) {
        return assignment.file().equals(OVERRIDE);
    }

    Optional<Boolean> flag(TincOption option) {
        return choice(option, Map.of("yes", true, "no", false));
    }

    /** One of several words, in any case. */
    <T> Optional<T> choice(TincOption option, Map<String, T> meanings) {
        Optional<Assignment> assignment = first(option);
        Optional<T> chosen = assignment.map(given -> meanings.get(TincConf.key(given.value())));
        if (assignment.isPresent() && chosen.isEmpty()) {
            String words = String.join(", ", meanings.keySet().stream().sorted().toList());
            problem(assignment.get(), "is none of " + words + "; write one of these");
        }
        return chosen;
    }

    OptionalInt integer(TincOption option, int least, int most) {
        Optional<Assignment> assignment = first(option);
        return assignment.isEmpty() ? OptionalInt.empty() : integer(assignment.get(), least, most);
    }

    /** Reads the digits the value begins with, as C tinc does. */
    private OptionalInt integer(Assignment assignment, int least, int most) {
        Matcher matcher = LEADING_NUMBER.matcher(assignment.value());
        if (!matcher.matches()) {
            problem(assignment, "is no number; write one from " + least + " to " + most);
            return OptionalInt.empty();
        }
        if (!matcher.group(2).isEmpty()) {
            remark(assignment, "what follows the number is ignored");
        }
        try {
            int value = Integer.parseInt(matcher.group(1));
            if (value >= least && value <= most) {
                return OptionalInt.of(value);
            }
        } catch (NumberFormatException beyondInt) {
            // Outside the range in any case.
        }
        problem(assignment, "is outside " + least + ".." + most + "; write a number in that range");
        return OptionalInt.empty();
    }

    List<Subnet> subnets(TincOption option) {
        Map<Subnet, Assignment> subnets = new LinkedHashMap<>();
        for (Assignment assignment : all(option)) {
            try {
                Assignment earlier = subnets.putIfAbsent(Subnet.parse(assignment.value()), assignment);
                if (earlier != null) {
                    problem(assignment, "is also given in " + earlier.place() + "; delete one of them");
                }
            } catch (IllegalArgumentException e) {
                problem(assignment, e.getMessage());
            }
        }
        return List.copyOf(subnets.keySet());
    }

    /** Refuses what is partly supported by its table. */
    void refuseUnsupported(TincOption option) {
        first(option).ifPresent(assignment -> {
            String word = assignment.value().split("\\s", 2)[0];
            if (option.acceptedValues().stream().noneMatch(word::equalsIgnoreCase)) {
                problem(assignment, "is not supported; " + option.explanation());
            }
        });
    }

    /** Remarks on what has no effect in a file of this kind: unknown, ignored, or in the wrong file. */
    void remarkOnIdle(Set<TincOption.Scope> scopes) {
        Set<TincOption> remarked = new HashSet<>();
        for (Assignment assignment : assignments) {
            Optional<TincOption> known = TincOption.of(assignment.name());
            if (known.isEmpty()) {
                remark(assignment, "no variable of tinc, ignored"
                        + TincOption.nearest(assignment.name()).map(near -> "; did you mean " + near.text() + "?").orElse(""));
            } else if (!scopes.contains(known.get().scope())) {
                remark(assignment, "belongs in tinc.conf, ignored here");
            } else if (known.get().treatment() == TincOption.Treatment.IGNORED && remarked.add(known.get())) {
                remark(assignment, "ignored: " + known.get().explanation());
            }
        }
    }

    void problem(Assignment assignment, String what) {
        problems.add(assignment.place() + ": " + TincOption.shown(assignment) + ": " + what);
    }

    void remark(Assignment assignment, String what) {
        remarks.add(assignment.place() + ": " + TincOption.shown(assignment) + ": " + what);
    }
}
