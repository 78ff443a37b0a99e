package net.lbd.core.rule;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * The compiled rules of one proxy and one rule set, in the order of the file. Immutable and shared by
 * all event loops.
 */
public final class RuleList {

    /** Of a proxy without such rules. */
    public static final RuleList EMPTY = new RuleList(List.of());

    private final Rule[] rules;

    /** A condition, what happens if it holds, and the line that says so. */
    record Rule(SourceLocation location, Condition condition, Action action) {
        Rule {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(condition, "condition");
            Objects.requireNonNull(action, "action");
        }
    }

    RuleList(List<Rule> rules) {
        this.rules = rules.toArray(Rule[]::new);
    }

    public boolean isEmpty() {
        return rules.length == 0;
    }

    /**
     * Runs the rules until one does not let the stream go on.
     *
     * <p>An action may have to wait: then the stream remembers it, and the next call goes on there.
     *
     * @return {@link Verdict#CONTINUE} if all were run, {@link Verdict#STOP} if one ended the list
     *     ({@code allow}, {@code accept}), which lets the stream go on to the next phase, {@link Verdict#YIELD} to be asked again, or what
     *     ends the stream
     */
    public Verdict evaluate(Stream stream) {
        int i = stream.isWaitingIn(this) ? stream.takeWaitingRule() : -1;
        boolean resumed = i >= 0;
        for (i = Math.max(0, i); i < rules.length; i++) {
            Rule rule = rules[i];
            if (resumed || rule.condition.holds(stream)) {
                resumed = false;
                Verdict verdict = rule.action.apply(stream);
                if (verdict != Verdict.CONTINUE) {
                    if (verdict == Verdict.YIELD) {
                        stream.waitInRule(this, i);
                    }
                    stream.setLastRule(rule.location);
                    return verdict;
                }
            }
        }
        return Verdict.CONTINUE;
    }

    /**
     * Runs content rules: as {@link #evaluate}, but where a condition depends on what has not come yet, the stream
     * has to wait. A condition does if what is missing, taken once for a match and once for none, changes it.
     *
     * @return {@link Verdict#YIELD} to be asked again when there is more, or when it is known that there will not be
     */
    public Verdict evaluateContent(Stream stream) {
        if (!stream.inspection().mayGrow()) {
            return evaluate(stream);
        }
        int i = stream.isWaitingIn(this) ? stream.takeWaitingRule() : -1;
        boolean resumed = i >= 0;
        for (i = Math.max(0, i); i < rules.length; i++) {
            Rule rule = rules[i];
            stream.inspection().assume(false);
            boolean holds = resumed || rule.condition.holds(stream);
            resumed = false;
            if (stream.inspection().isMissed()) {
                stream.inspection().assume(true);
                boolean otherwise = rule.condition.holds(stream);
                stream.inspection().assume(false);
                if (otherwise != holds) {
                    return Verdict.YIELD;
                }
            }
            if (holds) {
                Verdict verdict = rule.action.apply(stream);
                if (verdict != Verdict.CONTINUE) {
                    if (verdict == Verdict.YIELD) {
                        stream.waitInRule(this, i);
                    }
                    stream.setLastRule(rule.location);
                    return verdict;
                }
            }
        }
        return Verdict.CONTINUE;
    }

    /** Who watches a list being walked. */
    public interface Observer {

        /** A rule is about to be looked at. */
        void looking(SourceLocation rule);

        /** @param verdict what the rule decided; empty if its condition does not hold */
        void looked(SourceLocation rule, Optional<Verdict> verdict);
    }

    /** As {@link #evaluate}, told to an observer: for explanations, not for traffic. */
    public Verdict walk(Stream stream, Observer observer) {
        for (Rule rule : rules) {
            observer.looking(rule.location);
            Optional<Verdict> verdict = rule.condition.holds(stream) ? Optional.of(rule.action.apply(stream)) : Optional.empty();
            observer.looked(rule.location, verdict);
            if (verdict.isPresent() && verdict.get() != Verdict.CONTINUE) {
                return verdict.get();
            }
        }
        return Verdict.CONTINUE;
    }
}
