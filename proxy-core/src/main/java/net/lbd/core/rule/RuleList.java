package net.lbd.core.rule;

/** Placeholder until the rules land. */
public final class RuleList {

    public static final RuleList EMPTY = new RuleList();

    private RuleList() { }
}
