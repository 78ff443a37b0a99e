package net.lbd.config.draft;

import java.util.Optional;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.syntax.Word;

/** A {@code use_backend} line whose names are not resolved yet. Immutable. */
public record SwitchDraft(Word keyword, Word name, LogFormatSpec backend, Optional<ConditionDraft> condition) { }
