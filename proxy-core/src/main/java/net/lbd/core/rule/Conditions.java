package net.lbd.core.rule;

import java.util.List;
import java.util.Optional;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.ConditionSpec;
import net.lbd.core.pattern.PatternSet;
import net.lbd.core.pattern.PatternSets;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;

/**
 * Compiles conditions: a disjunction of conjunctions of ACLs, each of which holds if one of its tests
 * holds. A sample with several values is tried value by value. Stateless. Source: HAProxy manual,
 * "Using ACLs to form conditions".
 */
public final class Conditions {

    private Conditions() { }

    public static Condition compile(Optional<ConditionSpec> spec, RuntimeNames names) {
        return spec.map(s -> compile(s, names)).orElse(Condition.ALWAYS);
    }

    public static Condition compile(ConditionSpec spec, RuntimeNames names) {
        Condition[][] anyOf = spec.anyOf().stream()
                .map(allOf -> allOf.stream().map(term -> term(term, names)).toArray(Condition[]::new))
                .toArray(Condition[][]::new);
        Condition whole = anyOf.length == 1 ? new AllOf(anyOf[0]) : new AnyOf(anyOf);
        return spec.unless() ? new Not(whole) : whole;
    }

    private static Condition term(ConditionSpec.Term term, RuntimeNames names) {
        List<AclTest> tests = term.acl().tests().stream().map(test -> AclTest.compile(test, names)).toList();
        Condition acl = tests.size() == 1 ? tests.get(0) : new Acl(tests.toArray(AclTest[]::new));
        return term.negated() ? new Not(acl) : acl;
    }

    private record AnyOf(Condition[][] anyOf) implements Condition {
        @Override
        public boolean holds(Stream stream) {
            for (Condition[] allOf : anyOf) {
                if (all(allOf, stream)) {
                    return true;
                }
            }
            return false;
        }
    }

    private record AllOf(Condition[] terms) implements Condition {
        @Override
        public boolean holds(Stream stream) {
            return all(terms, stream);
        }
    }

    private static boolean all(Condition[] terms, Stream stream) {
        for (Condition term : terms) {
            if (!term.holds(stream)) {
                return false;
            }
        }
        return true;
    }

    private record Not(Condition condition) implements Condition {
        @Override
        public boolean holds(Stream stream) {
            return !condition.holds(stream);
        }
    }

    /** The lines that share a name. */
    private record Acl(AclTest[] tests) implements Condition {
        @Override
        public boolean holds(Stream stream) {
            for (AclTest test : tests) {
                if (test.holds(stream)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** One {@code acl} line: one of the sample's values matches. */
    private record AclTest(SampleExpression expression, PatternSet patterns) implements Condition {

        static AclTest compile(AclSpec.Test test, RuntimeNames names) {
            return new AclTest(SampleExpression.compile(test.sample(), names), PatternSets.compile(test, names.maps()));
        }

        @Override
        public boolean holds(Stream stream) {
            Scratch scratch = stream.worker().scratch();
            Sample sample = scratch.take();
            boolean matched = false;
            for (boolean more = expression.first(stream, sample); more && !matched;
                    more = !matched && expression.next(stream, sample)) {
                matched = expression.convert(stream, sample)
                        && Casts.cast(sample, patterns.wants())
                        && patterns.matches(stream, sample);
            }
            scratch.give(sample);
            return matched || stream.inspection().takeAssumption();
        }
    }
}
