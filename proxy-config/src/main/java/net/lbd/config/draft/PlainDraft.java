package net.lbd.config.draft;

import net.lbd.config.grammar.SectionKind;
import net.lbd.config.syntax.Word;

/** A section whose lines are checked and have no place in the model yet. Immutable. */
public record PlainDraft(SectionKind kind, Word name) { }
