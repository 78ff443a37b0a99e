package net.lbd.config.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.rule.CacheActionKeywords.CacheStore;
import net.lbd.config.keyword.rule.CacheActionKeywords.CacheUse;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.CacheSpec;

/** Which cache a rule means; one that is not there is told elsewhere. Not thread-safe. */
final class CacheResolver {

    private final Map<String, CacheSpec> caches = new HashMap<>();

    CacheResolver(Drafts drafts) {
        for (PlainDraft section : drafts.plain()) {
            if (section.kind() == SectionKind.CACHE) {
                caches.put(section.name().text(), section.cache().toSpec(section.name().text()));
            }
        }
    }

    ActionSpec resolve(ActionSpec action) {
        if (action instanceof CacheUse use) {
            return new CacheUse(use.name(), Optional.ofNullable(caches.get(use.name().text())));
        }
        return action instanceof CacheStore store ? new CacheStore(store.name(), Optional.ofNullable(caches.get(store.name().text()))) : action;
    }
}
