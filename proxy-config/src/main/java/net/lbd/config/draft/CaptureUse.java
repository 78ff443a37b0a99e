package net.lbd.config.draft;

import net.lbd.config.model.CaptureSpec;
import net.lbd.config.syntax.Word;

/** That a rule names a capture slot, which must have been declared. Immutable. */
public record CaptureUse(Word slot, CaptureSpec.Direction direction, int index) { }
