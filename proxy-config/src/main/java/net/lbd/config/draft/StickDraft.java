package net.lbd.config.draft;

import java.util.Optional;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.StickRules;
import net.lbd.config.syntax.SourceLocation;

/** A {@code stick} line; an empty table is the proxy's own. Immutable. */
public record StickDraft(SourceLocation location, StickRules.Kind kind, SampleSpec key, String table,
        Optional<ConditionDraft> condition, Checkpoint checkpoint) { }
