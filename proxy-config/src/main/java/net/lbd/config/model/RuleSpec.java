package net.lbd.config.model;

import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * One rule, such as {@code http-request deny if path_check}. Immutable.
 *
 * @param action what it does; each action keyword has a record of its own, nested in its keyword table
 * @param condition empty: the rule always applies
 */
public record RuleSpec(SourceLocation location, RuleSet set, ActionSpec action, Optional<ConditionSpec> condition) {

    public RuleSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(set, "set");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(condition, "condition");
    }
}
