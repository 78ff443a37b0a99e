package net.lbd.core.rule;

import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/** Placeholder until the rules land. */
public final class RuleList {

    public static final RuleList EMPTY = new RuleList();

    private RuleList() { }

    public Verdict evaluate(Stream stream) {
        return Verdict.CONTINUE;
    }
}
