package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.CACHE;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.CacheDraft;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;

/** The lines of {@code cache} sections. Source: HAProxy manual, "Cache section". */
final class CacheKeywords {

    private static final int MOST_MEGABYTES = 4095;

    static final List<Directive<PlainDraft>> ROWS = List.of(
            row("total-max-size", "<megabytes>", "How much all responses take together, 1 to 4095 megabytes. Must be there.", (arguments, cache) ->
                    cache.megabytes(arguments.next("<megabytes>", ArgumentType.integer(1, MOST_MEGABYTES)))),
            row("max-object-size", "<bytes>", """
                    How much one response may take, its head included: half of the cache at most. Default: a 256th of it.""", (arguments, cache) ->
                    cache.maxObjectBytes(arguments.next("<bytes>", ArgumentType.integer(1, Integer.MAX_VALUE)))),
            row("max-age", "<seconds>", "How long a response is kept at most, whatever it says. Default: 60.", (arguments, cache) ->
                    cache.maxAgeSeconds(arguments.next("<seconds>", ArgumentType.integer(1, Integer.MAX_VALUE)))),
            row("process-vary", "{ on | off }", """
                    Whether responses are kept that vary with Accept-Encoding or Referer. Default: off, none that has a Vary header is
                    kept.""", (arguments, cache) -> cache.vary(arguments.oneOf("one of on, off", List.of("on", "off")).equals("on"))),
            row("max-secondary-entries", "<number>", "How many responses of one target are kept, where they vary. Default: 10.",
                    (arguments, cache) -> cache.maxSecondaryEntries(arguments.next("<number>", ArgumentType.integer(1, Integer.MAX_VALUE)))));

    private CacheKeywords() { }

    private interface Reader {
        void read(Arguments arguments, CacheDraft cache);
    }

    private static Directive<PlainDraft> row(String name, String syntax, String doc, Reader reader) {
        return Directive.of(name, Set.of(CACHE), syntax, doc, (arguments, draft) -> {
            reader.read(arguments, draft.cache());
            arguments.end();
        });
    }
}
