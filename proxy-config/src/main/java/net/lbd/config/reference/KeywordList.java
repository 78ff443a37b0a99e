package net.lbd.config.reference;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.log.LogVariableKeywords;
import net.lbd.config.keyword.proxy.BalanceKeywords;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.section.PlainSectionKeywords;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.model.RuleSet;

/**
 * Every keyword on a line of its own, for tools: table, sections or rule sets, state, name and
 * arguments, parted by tabs. The state is {@code yes}, {@code not-yet}, {@code no-effect} or {@code partly}; then one more
 * field holds the words that are not carried out yet. Stateless.
 */
public final class KeywordList {

    private KeywordList() { }

    /** The whole list, sorted within each table. */
    public static String text() {
        StringBuilder out = new StringBuilder();
        directives(out, "global", Vocabulary.GLOBAL.rows());
        directives(out, "proxy", Vocabulary.PROXY.rows());
        for (SectionKind kind : PlainSectionKeywords.kinds()) {
            directives(out, kind.keyword(), PlainSectionKeywords.table(kind).orElseThrow().rows());
        }
        keywords(out, "bind", BindKeywords.TABLE.rows());
        keywords(out, "server", ServerKeywords.TABLE.rows());
        keywords(out, "balance", BalanceKeywords.ALGORITHMS.rows());
        RuleKeywords.HTTP_ACTIONS.rows().stream().sorted(Comparator.comparing(Keyword::name))
                .forEach(a -> line(out, "http-action", sets(a.sets()), a));
        RuleKeywords.TCP_ACTIONS.rows().stream().sorted(Comparator.comparing(Keyword::name))
                .forEach(a -> line(out, "tcp-action", sets(a.sets()), a));
        keywords(out, "fetch", SampleVocabulary.FETCHES.rows());
        keywords(out, "converter", SampleVocabulary.CONVERTERS.rows());
        keywords(out, "log-variable", LogVariableKeywords.TABLE.rows());
        return out.toString();
    }

    private static void directives(StringBuilder out, String table, Collection<? extends Directive<?>> rows) {
        rows.stream().sorted(Comparator.comparing(Keyword::name)).forEach(row -> line(out, table,
                row.sections().stream().sorted().map(SectionKind::keyword).collect(Collectors.joining(",")), row));
    }

    private static void keywords(StringBuilder out, String table, Collection<? extends Keyword> rows) {
        rows.stream().sorted(Comparator.comparing(Keyword::name)).forEach(row -> line(out, table, "-", row));
    }

    private static String sets(Set<RuleSet> sets) {
        return new TreeSet<>(sets).stream().map(s -> s.keyword().replace(' ', '-')).collect(Collectors.joining(","));
    }

    private static void line(StringBuilder out, String table, String where, Keyword row) {
        boolean later = SectionKind.byKeyword(table)
                .filter(kind -> PlainSectionKeywords.table(kind).isPresent() && !PlainSectionKeywords.isSupported(kind)).isPresent();
        String limits = Limits.of(table, row.name());
        String state = later || row.support() instanceof Support.NotYet ? "not-yet"
                : row.support() instanceof Support.NoEffect ? "no-effect" : limits.isEmpty() ? "yes" : "partly";
        String arguments = row.syntax().strip().replaceAll("\\s+", " ");
        out.append(table).append('\t').append(where).append('\t').append(state).append('\t').append(row.name())
                .append(arguments.isEmpty() || arguments.startsWith("(") ? "" : " ").append(arguments)
                .append(state.equals("partly") ? "\t" + limits : "").append('\n');
    }
}
