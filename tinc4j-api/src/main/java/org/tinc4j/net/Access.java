package org.tinc4j.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tinc4j.NodeName;

/**
 * Who of the mesh may reach what on this node, whether packets end in this process or at a kernel interface. Immutable; what a node goes by
 * is replaced as a whole, also while it runs.
 *
 * <p>Rules are asked in order, and the first that includes a packet decides; behind them stands {@link #otherwise}. They judge what others
 * begin: the opening of a TCP connection, and each UDP datagram that is no answer. What this node sends, and what it relays for others, is not
 * judged. TCP connections that stand when rules change go on; a UDP flow that another began ends with the rule that allowed it.
 *
 * <p>Answers to what this node began are taken: of UDP, what comes back within two minutes of the last datagram either way. 65536 such flows
 * are remembered, beside those whose answers are allowed by rule; the answers of more are judged as if others had begun.
 *
 * <p>For example: {@code Access.allowing().deny(Traffic.any().tcp(22)).refusal(Refusal.SILENCE)}.
 *
 * @param rules in order
 * @param otherwise what holds where no rule does
 * @param refusal what a refused sender hears
 */
public record Access(List<Rule> rules, Verdict otherwise, Refusal refusal) {

    /** Whether it may. */
    public enum Verdict {
        /** It may. */
        ALLOW,
        /** It may not; counted as {@link org.tinc4j.DropReason#ACCESS_DENIED}. */
        DENY
    }

    /** What a refused sender hears. */
    public enum Refusal {
        /** A reset for TCP, "administratively prohibited" for all else, three a second at most; so it gives up at once. */
        RESET,
        /** Nothing: it waits until it gives up. */
        SILENCE
    }

    /**
     * One rule.
     *
     * @param traffic what it is about
     * @param verdict whether that may
     */
    public record Rule(Traffic traffic, Verdict verdict) {
        /** Checks both. */
        public Rule {
            Objects.requireNonNull(traffic, "traffic");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    private static final Access ALLOWING = new Access(List.of(), Verdict.ALLOW, Refusal.RESET);
    private static final Access DENYING = new Access(List.of(), Verdict.DENY, Refusal.RESET);

    /** Copies the list. */
    public Access {
        rules = List.copyOf(rules);
        Objects.requireNonNull(otherwise, "otherwise");
        Objects.requireNonNull(refusal, "refusal");
    }

    /**
     * Everything is allowed that no rule denies. What a node starts with unless told otherwise.
     *
     * @return no rules yet
     */
    public static Access allowing() {
        return ALLOWING;
    }

    /**
     * Everything is denied that no rule allows.
     *
     * @return no rules yet
     */
    public static Access denying() {
        return DENYING;
    }

    /**
     * Adds a rule behind those there are.
     *
     * @param traffic what is allowed
     * @return a changed copy
     */
    public Access allow(Traffic traffic) {
        return with(new Rule(traffic, Verdict.ALLOW));
    }

    /**
     * Adds a rule behind those there are.
     *
     * @param traffic what is denied
     * @return a changed copy
     */
    public Access deny(Traffic traffic) {
        return with(new Rule(traffic, Verdict.DENY));
    }

    private Access with(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new Access(more, otherwise, refusal);
    }

    /**
     * Says what holds where no rule does.
     *
     * @param verdict the default
     * @return a changed copy
     */
    public Access otherwise(Verdict verdict) {
        return new Access(rules, verdict, refusal);
    }

    /**
     * Says what a refused sender hears.
     *
     * @param answer reset or silence
     * @return a changed copy
     */
    public Access refusal(Refusal answer) {
        return new Access(rules, otherwise, answer);
    }

    /**
     * Judges something that another node begins.
     *
     * @param sender which node
     * @param by TCP, UDP, ICMP, or ANY for another protocol
     * @param port of this node; ignored unless by TCP or UDP
     * @return whether it may
     */
    public Verdict judge(NodeName sender, Traffic.Protocol by, int port) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.traffic().includes(sender, by, port)) {
                return rule.verdict();
            }
        }
        return otherwise;
    }

    /**
     * Whether anything can be denied at all.
     *
     * @return false if every packet is allowed
     */
    public boolean restricts() {
        return otherwise == Verdict.DENY || rules.stream().anyMatch(rule -> rule.verdict() == Verdict.DENY);
    }
}
