package net.lbd.config.keyword.rule;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft.NameKind;
import net.lbd.config.draft.ProxyDraft.NameUse;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.CacheSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** The actions of caches. Source: HAProxy manual, "Cache". */
public final class CacheActionKeywords {

    /** {@code cache-use NAME}; the section is known once the configuration has been checked. */
    public record CacheUse(Word name, Optional<CacheSpec> cache) implements ActionSpec {
        public CacheUse {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(cache, "cache");
        }
    }

    /** {@code cache-store NAME}; as {@link CacheUse}. */
    public record CacheStore(Word name, Optional<CacheSpec> cache) implements ActionSpec {
        public CacheStore {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(cache, "cache");
        }
    }

    static final List<ActionKeyword> ROWS = List.of(
            ActionKeyword.of("cache-use", Set.of(RuleSet.HTTP_REQUEST), "<name>", """
                    Answers from a cache what it holds: GET and HEAD of HTTP/1.1 without Authorization. What a cache-store rule is to keep
                    must have passed here. Another method makes the cache forget the target.""",
                    context -> new CacheUse(name(context), Optional.empty())),
            ActionKeyword.of("cache-store", Set.of(RuleSet.HTTP_RESPONSE), "<name>", """
                    Keeps the response, with the headers that it has here, if a shared cache may: 200 to a GET that passed a cache-use rule,
                    with an age or a validator. Difference: never one with Set-Cookie, or of a connection that is logged in (NTLM).""",
                    context -> new CacheStore(name(context), Optional.empty())));

    private CacheActionKeywords() { }

    private static Word name(ActionContext context) {
        Word name = context.arguments().next("the name of a cache section");
        context.draft().nameUses().add(new NameUse(NameKind.CACHE, name));
        return name;
    }
}
