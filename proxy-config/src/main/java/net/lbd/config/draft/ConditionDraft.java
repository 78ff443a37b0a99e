package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.AclSpec;
import net.lbd.config.syntax.Word;

/**
 * A condition whose named ACLs are not looked up yet: lines that follow may still add to them.
 * Immutable.
 */
public record ConditionDraft(Word keyword, boolean unless, List<List<Term>> anyOf) {

    public ConditionDraft {
        List<List<Term>> copy = new ArrayList<>(anyOf.size());
        for (List<Term> allOf : anyOf) {
            copy.add(List.copyOf(allOf));
        }
        anyOf = Collections.unmodifiableList(copy);
    }

    /**
     * @param name of a declared or predefined ACL, or where the anonymous one begins
     * @param anonymous the ACL between braces
     */
    public record Term(boolean negated, Word name, Optional<AclSpec> anonymous) { }
}
