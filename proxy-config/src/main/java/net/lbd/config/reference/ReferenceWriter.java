package net.lbd.config.reference;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.lbd.config.expr.PredefinedAcls;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.log.LogVariableKeywords.LogVariable;
import net.lbd.config.keyword.rule.ActionKeyword;
import net.lbd.config.keyword.sample.ConverterKeyword;
import net.lbd.config.keyword.sample.FetchKeyword;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.section.PlainSectionKeywords;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Code;

/**
 * Writes the reference of the language as Markdown: one page for each table. What it yields depends on
 * the tables alone, so that the committed pages can be compared with it. Stateless.
 */
public final class ReferenceWriter {

    private static final String MATCH_METHODS = """

            ## Match methods

            - `-m found`: whether there is a value; takes no patterns.
            - `-m bool`: `true` or `false`, also 1, on, yes and 0, off, no.
            - `-m int`, `-m len`: numbers, ranges (`5:9`, `5:`, `:9`), or one of `eq`, `ge`, `gt`, `le`, `lt` before numbers.
            - `-m ip`: addresses, networks (`10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `fd00::/8`), and ranges of addresses (`10.0.0.5-10.0.0.9`), which HAProxy does not know.
            - `-m str`, `beg`, `end`, `sub`: the whole text, its beginning, its end, any part. `-m dir`, `dom`: a part between slashes, or between dots.
            - `-m reg`: a regular expression. `-m bin`: bytes as pairs of hexadecimal digits.
            """;
    private static final String GENERATED = "<!-- Generated from the keyword tables; see ReferenceTest for how. -->\n\n";

    private ReferenceWriter() { }

    /** The pages of {@code docs/reference}: name of the file to text. */
    public static Map<String, String> reference() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("global.md", directives("global", "The global section", "Lines of `global`.", false));
        pages.put("proxies.md", directives("proxy", "Proxies",
                "Lines of `defaults`, `frontend`, `backend` and `listen`.", true));
        pages.put("sections.md", sections());
        pages.put("bind.md", page("bind", "Parameters of bind", "They stand behind the address, in any order.", k -> ""));
        pages.put("server.md", page("server", "Parameters of server and default-server", "They stand behind the address, in any order.", k -> ""));
        pages.put("balance.md", page("balance", "Algorithms of balance", "How a backend chooses a server.", k -> ""));
        pages.put("http-actions.md", page("http-action", "Actions of HTTP rules", "They stand behind `http-request`, `http-response` or `http-after-response`.",
                row -> sets((ActionKeyword) row)));
        pages.put("tcp-actions.md", page("tcp-action", "Actions of TCP rules", "They stand behind `tcp-request` or `tcp-response`.",
                row -> sets((ActionKeyword) row)));
        pages.put("fetches.md", page("fetch", "Sample fetches", "What expressions read.", row -> fetch((FetchKeyword) row)));
        pages.put("converters.md", page("converter", "Converters", "What expressions do with it.", row -> converter((ConverterKeyword) row)));
        pages.put("log-variables.md", page("log-variable", "Variables of log-format strings", "Each stands behind a percent sign.",
                row -> ((LogVariable) row).http() ? "In mode http only." : ""));
        pages.put("acls.md", acls());
        pages.put("README.md", index(pages.keySet()));
        return pages;
    }

    /** The pages of {@code docs/diagnostics}: name of the file to text. */
    public static Map<String, String> diagnostics() {
        Map<String, String> pages = new LinkedHashMap<>();
        StringBuilder index = new StringBuilder(GENERATED).append("# Diagnostics\n\n");
        for (Code code : Code.values()) {
            pages.put(code.id() + ".md", GENERATED + "# " + code.id() + ": " + code.title() + "\n\n" + code.explanation() + "\n");
            index.append("- [").append(code.id()).append("](").append(code.id()).append(".md): ").append(code.title()).append('\n');
        }
        pages.put("README.md", index.toString());
        return pages;
    }

    private static String index(Collection<String> names) {
        StringBuilder out = new StringBuilder(GENERATED).append("# Reference of the configuration language\n\n").append("""
                Each entry has the grammar, what it does, what holds without it ("Default"), where it may stand, and an example. In a
                grammar `[ ]` may be left out, `{ a | b }` is one of them, `…` may be repeated, and `<word>` stands for what you write:

                - `<time>`: a number with `us`, `ms`, `s`, `m`, `h` or `d` behind it; without one it counts milliseconds, unless the entry says otherwise.
                - `<size>`, `<bytes>`: a number of bytes; where the entry says size, `k`, `m` or `g` may stand behind it (1024, 1024² and 1024³).
                - `<condition>`: names of ACLs, anonymous ACLs in braces, and predefined ones, with `!` and `or`; see [ACLs](acls.md).
                - `<expression>`: a [fetch](fetches.md) with [converters](converters.md) behind commas.
                - `<format>`: text with [variables](log-variables.md) and `%[<expression>]`.

                """);
        names.forEach(n -> out.append("- [").append(n, 0, n.length() - 3).append("](").append(n).append(")\n"));
        return out.toString();
    }

    private static String directives(String table, String title, String intro, boolean showSections) {
        return page(table, title, intro, row -> (showSections ? "In " + names(((Directive<?>) row).sections()) + ". " : "") + taken((Directive<?>) row));
    }

    private static String taken(Directive<?> row) {
        return row.negatable() ? "May be taken back with `no`." : "";
    }

    private static String names(Collection<SectionKind> kinds) {
        return kinds.stream().sorted().map(SectionKind::keyword).collect(Collectors.joining(", "));
    }

    private static String sections() {
        StringBuilder out = new StringBuilder(GENERATED).append("# Other sections\n\n");
        for (SectionKind kind : PlainSectionKeywords.kinds()) {
            out.append("## ").append(kind.keyword()).append("\n\n");
            if (!PlainSectionKeywords.isSupported(kind)) {
                out.append("This version reads the section and does not carry it out.\n\n");
            }
            ReferenceRow.of(kind.keyword()).forEach(row -> entry(out, row, taken((Directive<?>) row.keyword())));
            out.append('\n');
        }
        return out.toString();
    }

    private static String sets(ActionKeyword action) {
        return "In " + action.sets().stream().sorted().map(RuleSet::keyword).map(k -> "`" + k + "`").collect(Collectors.joining(", ")) + ".";
    }

    private static String fetch(FetchKeyword fetch) {
        return "Yields " + fetch.type().name().toLowerCase(Locale.ROOT) + "; reads " + fetch.source().description() + "."
                + (fetch.http() ? " In mode http only." : "");
    }

    private static String converter(ConverterKeyword converter) {
        return "Takes " + converter.input().name().toLowerCase(Locale.ROOT) + ", yields " + converter.output().name().toLowerCase(Locale.ROOT) + ".";
    }

    private static String acls() {
        StringBuilder out = new StringBuilder(GENERATED).append("# ACL names\n\n## Predefined ACLs\n\n");
        PredefinedAcls.meanings().forEach((name, meaning) -> out.append("- `").append(name).append("`: `").append(meaning).append("`\n"));
        out.append("\n## Criteria that name a match method\n\n");
        SampleVocabulary.derivedAclNames().stream().sorted().forEach(name -> {
            SampleVocabulary.DerivedAcl acl = SampleVocabulary.derivedAcl(name).orElseThrow();
            out.append("- `").append(name).append("`: `").append(acl.fetch().name()).append(" -m ").append(acl.method().keyword()).append("`\n");
        });
        return out.append(MATCH_METHODS).toString();
    }

    private static String page(String table, String title, String intro, Function<Keyword, String> more) {
        StringBuilder out = new StringBuilder(GENERATED).append("# ").append(title).append("\n\n").append(intro).append("\n\n");
        ReferenceRow.of(table).forEach(row -> entry(out, row, more.apply(row.keyword())));
        return out.toString();
    }

    private static void entry(StringBuilder out, ReferenceRow entry, String more) {
        Keyword row = entry.keyword();
        String syntax = row.syntax().startsWith("(") || row.syntax().isEmpty() ? row.name() + row.syntax() : row.name() + " " + row.syntax();
        out.append("- `").append(syntax).append("`\n");
        StringJoiner text = new StringJoiner(" ");
        text.add(row.doc().strip().replaceAll("\\s+", " "));
        entry.defaultNote().ifPresent(note -> text.add("Default: " + note + "."));
        if (!row.aliases().isEmpty()) {
            text.add("Also written " + row.aliases().stream().map(a -> "`" + a + "`").collect(Collectors.joining(", ")) + ".");
        }
        if (!more.isBlank()) {
            text.add(more.strip());
        }
        if (row.support() instanceof Support.NotYet not) {
            text.add(not.reason().isEmpty() ? "**Not supported yet:** read and checked; the daemon refuses to start with it."
                    : "**Not carried out:** " + not.reason() + "; the daemon refuses to start with it.");
        } else if (row.support() instanceof Support.NoEffect none) {
            text.add("**No effect:** " + none.reason() + ".");
        } else if (!Limits.of(entry.table(), row.name()).isEmpty()) {
            text.add("**Not supported yet:** " + Limits.of(entry.table(), row.name()) + "; the daemon refuses to start with that.");
        }
        out.append("  ").append(text).append('\n');
        entry.example().ifPresent(example -> out.append("  Example: `").append(example.replace("\n ", "` and `")).append("`\n"));
    }
}
