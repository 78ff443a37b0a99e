package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.CACHE;
import static net.lbd.config.grammar.SectionKind.DIRECTOR;
import static net.lbd.config.grammar.SectionKind.FCGI_APP;
import static net.lbd.config.grammar.SectionKind.HTTP_ERRORS;
import static net.lbd.config.grammar.SectionKind.MAILERS;
import static net.lbd.config.grammar.SectionKind.NAMESPACE_LIST;
import static net.lbd.config.grammar.SectionKind.PEERS;
import static net.lbd.config.grammar.SectionKind.RESOLVERS;
import static net.lbd.config.grammar.SectionKind.RING;
import static net.lbd.config.grammar.SectionKind.USERLIST;
import static net.lbd.config.grammar.SectionKind.VRRP;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.proxy.ErrorKeywords;
import net.lbd.config.keyword.reply.ErrorPageReader;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;

/**
 * The sections that are neither {@code global} nor proxies. Those that this version reads and does not
 * carry out are told at their first line. Source: HAProxy manual, sections "Userlists", "Peers", "Mailers", "Cache" and others.
 */
public final class PlainSectionKeywords {

    private static final Map<SectionKind, KeywordTable<Directive<PlainDraft>>> TABLES = tables();

    private PlainSectionKeywords() { }

    /** The lines of a kind of section; empty if this kind is refused. */
    public static Optional<KeywordTable<Directive<PlainDraft>>> table(SectionKind kind) {
        return Optional.ofNullable(TABLES.get(kind));
    }

    /** Whether this version carries out what such a section says. */
    public static boolean isSupported(SectionKind kind) {
        return kind == HTTP_ERRORS || kind == USERLIST || kind == PEERS || kind == RESOLVERS || kind == MAILERS || kind == RING || kind == CACHE
                || kind == DIRECTOR || kind == VRRP || kind == NAMESPACE_LIST;
    }

    public static Set<SectionKind> kinds() {
        return TABLES.keySet();
    }

    private static Map<SectionKind, KeywordTable<Directive<PlainDraft>>> tables() {
        Map<SectionKind, KeywordTable<Directive<PlainDraft>>> all = new EnumMap<>(SectionKind.class);
        all.put(USERLIST, KeywordTable.of(UserlistKeywords.ROWS));
        all.put(PEERS, KeywordTable.of(PeersKeywords.ROWS));
        all.put(RESOLVERS, KeywordTable.of(ResolversKeywords.ROWS));
        all.put(MAILERS, KeywordTable.of(MailersKeywords.ROWS));
        all.put(CACHE, KeywordTable.of(CacheKeywords.ROWS));
        all.put(HTTP_ERRORS, KeywordTable.of(List.of(
                Directive.<PlainDraft>of("errorfile", Set.of(HTTP_ERRORS), "<code> <file>", "A page for an error; see errorfile of proxies.",
                        (arguments, draft) -> {
                            int status = arguments.next("a status", ErrorKeywords.PAGE_STATUS);
                            draft.pages().put(status, ErrorPageReader.read(arguments.next("a file")));
                            arguments.end();
                        }))));
        all.put(RING, KeywordTable.of(RingKeywords.ROWS));
        all.put(FCGI_APP, KeywordTable.of(List.of(
                row(FCGI_APP, "docroot", "<path>", "The folder of scripts."), row(FCGI_APP, "index", "<script>", "The script of folders."),
                row(FCGI_APP, "log-stderr", "…", "Where errors go."), row(FCGI_APP, "pass-header", "<name> …", "A header to pass."),
                row(FCGI_APP, "path-info", "<regex:regex>", "How the path is parted."), row(FCGI_APP, "option", "…", "An option."),
                row(FCGI_APP, "set-param", "<name> …", "A parameter."), row(FCGI_APP, "acl", "<name> …", "An access control list."),
                row(FCGI_APP, "no", "…", "Takes an option back."))));
        all.put(DIRECTOR, KeywordTable.of(DirectorKeywords.ROWS));
        all.put(VRRP, KeywordTable.of(VrrpKeywords.ROWS));
        all.put(NAMESPACE_LIST, KeywordTable.of(NamespaceKeywords.ROWS));
        return all;
    }

    private static Directive<PlainDraft> row(SectionKind kind, String name, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Directive.of(name, Set.of(kind), notation, doc,
                (arguments, draft) -> shape.read(arguments, ShapeScope.NONE));
    }
}
