package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.CacheActionKeywords.CacheStore;
import net.lbd.config.keyword.rule.CacheActionKeywords.CacheUse;
import net.lbd.core.http.HttpCache;
import net.lbd.core.stream.Verdict;

/** The actions of caches. Source: HAProxy manual, "Cache". */
final class CacheActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(CacheUse.class, (action, set, names) -> {
                HttpCache cache = names.cache(action.cache().orElseThrow());
                return stream -> stream.useCache(cache);
            }),
            new ActionCompiler<>(CacheStore.class, (action, set, names) -> {
                HttpCache cache = names.cache(action.cache().orElseThrow());
                return stream -> {
                    stream.storeInCache(cache);
                    return Verdict.CONTINUE;
                };
            }));

    private CacheActions() { }
}
