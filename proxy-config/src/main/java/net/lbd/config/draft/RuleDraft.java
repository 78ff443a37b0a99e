package net.lbd.config.draft;

import java.util.Optional;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** A rule whose condition is not resolved yet. Immutable. */
public record RuleDraft(Word keyword, RuleSet set, ActionSpec action, Optional<ConditionDraft> condition) { }
