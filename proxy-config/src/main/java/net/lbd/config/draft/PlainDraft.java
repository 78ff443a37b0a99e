package net.lbd.config.draft;

import java.util.LinkedHashMap;
import java.util.Map;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.syntax.Word;

/** A section that is neither {@code global} nor a proxy. What kinds without a place in the model hold is only checked. Not thread-safe. */
public final class PlainDraft {

    private final SectionKind kind;
    private final Word name;
    private final Map<Integer, ErrorPageSpec> pages = new LinkedHashMap<>();

    public PlainDraft(SectionKind kind, Word name) {
        this.kind = kind;
        this.name = name;
    }

    public SectionKind kind() {
        return kind;
    }

    public Word name() {
        return name;
    }

    /** Of {@code http-errors}: the pages by status. */
    public Map<Integer, ErrorPageSpec> pages() {
        return pages;
    }
}
