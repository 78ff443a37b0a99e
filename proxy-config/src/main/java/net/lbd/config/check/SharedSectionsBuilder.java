package net.lbd.config.check;

import java.util.LinkedHashMap;
import java.util.Map;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.model.SharedSections;

/** Drafts of the sections that proxies name to their part of the model. Sections of one name are one. Stateless. */
final class SharedSectionsBuilder {

    private SharedSectionsBuilder() { }

    static SharedSections build(Drafts drafts) {
        Map<String, Map<Integer, ErrorPageSpec>> pages = new LinkedHashMap<>();
        for (PlainDraft section : drafts.plain()) {
            if (section.kind() == SectionKind.HTTP_ERRORS) {
                pages.computeIfAbsent(section.name().text(), n -> new LinkedHashMap<>()).putAll(section.pages());
            }
        }
        return new SharedSections(pages);
    }
}
