package net.lbd.config.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * An {@code if} or {@code unless} clause: a disjunction of conjunctions of ACLs. Immutable.
 *
 * @param unless the whole is negated
 * @param anyOf the clause holds if all terms of one element hold
 */
public record ConditionSpec(SourceLocation location, boolean unless, List<List<Term>> anyOf) {

    public ConditionSpec {
        Objects.requireNonNull(location, "location");
        List<List<Term>> copy = new ArrayList<>(anyOf.size());
        for (List<Term> allOf : anyOf) {
            copy.add(List.copyOf(allOf));
        }
        anyOf = Collections.unmodifiableList(copy);
    }

    /** An ACL, perhaps behind {@code !}. */
    public record Term(boolean negated, AclSpec acl) {
        public Term {
            Objects.requireNonNull(acl, "acl");
        }
    }
}
