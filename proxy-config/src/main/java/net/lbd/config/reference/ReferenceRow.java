package net.lbd.config.reference;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.log.LogVariableKeywords;
import net.lbd.config.keyword.proxy.BalanceKeywords;
import net.lbd.config.keyword.rule.ActionKeyword;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.keyword.sample.ConverterKeyword;
import net.lbd.config.keyword.sample.FetchKeyword;
import net.lbd.config.keyword.sample.FetchSource;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.section.PlainSectionKeywords;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.model.RuleSet;

/**
 * A row of a keyword table, and where it stands in a configuration. Immutable.
 *
 * @param table as {@link KeywordList} names it
 * @param section a section that may hold its line
 * @param before what stands before it in that line
 */
record ReferenceRow(String table, Keyword keyword, SectionKind section, String before) {

    private static final List<SectionKind> USUAL =
            List.of(SectionKind.GLOBAL, SectionKind.FRONTEND, SectionKind.BACKEND, SectionKind.LISTEN, SectionKind.DEFAULTS);

    /** Every row, sorted within each table. */
    static List<ReferenceRow> all() {
        return Stream.of(
                directives("global", Vocabulary.GLOBAL.rows()),
                directives("proxy", Vocabulary.PROXY.rows()),
                PlainSectionKeywords.kinds().stream()
                        .flatMap(kind -> directives(kind.keyword(), PlainSectionKeywords.table(kind).orElseThrow().rows())),
                rows("bind", SectionKind.FRONTEND, "bind :8443 ", BindKeywords.TABLE.rows()),
                rows("server", SectionKind.BACKEND, "server ex1 10.0.0.11:443 ", ServerKeywords.TABLE.rows()),
                rows("balance", SectionKind.BACKEND, "balance ", BalanceKeywords.ALGORITHMS.rows()),
                sorted(RuleKeywords.HTTP_ACTIONS.rows()).map(action -> of("http-action", action)),
                sorted(RuleKeywords.TCP_ACTIONS.rows()).map(action -> of("tcp-action", action)),
                sorted(SampleVocabulary.FETCHES.rows()).map(ReferenceRow::of),
                sorted(SampleVocabulary.CONVERTERS.rows()).map(ReferenceRow::of),
                rows("log-variable", SectionKind.FRONTEND, "log-format %", LogVariableKeywords.TABLE.rows()))
                .flatMap(rows -> rows).toList();
    }

    /** Those of one table. */
    static List<ReferenceRow> of(String table) {
        return all().stream().filter(row -> row.table.equals(table)).toList();
    }

    private static <K extends Keyword> Stream<K> sorted(Collection<K> rows) {
        return rows.stream().sorted(Comparator.comparing(Keyword::name));
    }

    private static Stream<ReferenceRow> rows(String table, SectionKind section, String before, Collection<? extends Keyword> rows) {
        return sorted(rows).map(row -> new ReferenceRow(table, row, section, before));
    }

    private static Stream<ReferenceRow> directives(String table, Collection<? extends Directive<?>> rows) {
        return sorted(rows).map(row -> new ReferenceRow(table, row,
                USUAL.stream().filter(row.sections()::contains).findFirst().orElseGet(() -> row.sections().iterator().next()), ""));
    }

    private static ReferenceRow of(String table, ActionKeyword action) {
        RuleSet set = action.sets().stream().sorted().findFirst().orElseThrow();
        return new ReferenceRow(table, action, SectionKind.LISTEN, set.keyword() + " ");
    }

    private static ReferenceRow of(FetchKeyword fetch) {
        boolean late = Set.of(FetchSource.RESPONSE, FetchSource.SERVER, FetchSource.SERVER_CONNECTION).contains(fetch.source());
        return new ReferenceRow("fetch", fetch, SectionKind.LISTEN, "http-" + (late ? "response" : "request") + " set-var(txn.it) ");
    }

    private static ReferenceRow of(ConverterKeyword converter) {
        String sample = switch (converter.input()) {
            case INTEGER, BOOLEAN -> "dst_port";
            case ADDRESS -> "src";
            case BINARY -> "req.hdr(x-data),b64dec";
            default -> converter.name().startsWith("table_") || converter.name().equals("in_table") ? "src" : "req.hdr(host)";
        };
        return new ReferenceRow("converter", converter, SectionKind.FRONTEND, "http-request set-var(txn.it) " + sample + ",");
    }

    /** Whether it does what it says: not one that is refused, has no effect, or is gone. */
    private boolean works() {
        return keyword.support() instanceof Support.Supported && !keyword.doc().startsWith("Removed") && !keyword.doc().startsWith("Refused")
                && PlainSectionKeywords.table(section).map(t -> PlainSectionKeywords.isSupported(section)).orElse(true);
    }

    /** A whole line with it; empty for what nobody should write. */
    Optional<String> example() {
        if (!works()) {
            return Optional.empty();
        }
        String word = before.isEmpty() ? "" : before.substring(0, before.indexOf(' ') + 1);
        String words = RowNotes.exampleOf(table, keyword);
        return Optional.of((!word.isEmpty() && words.startsWith(word) ? words : before + words).replace('⏎', '\n'));
    }

    /** Whether it is a setting: a line or a word that has a value where nothing is written, unlike a part of a rule or an expression. */
    private boolean isSetting() {
        boolean setting = keyword instanceof Directive<?> || table.equals("bind") || table.equals("server");
        boolean undoes = keyword.doc().startsWith("Takes ") && keyword.doc().contains(" back.");
        return setting && works() && !undoes && !keyword.doc().contains("Refused");
    }

    /** Whether its text tells the default. */
    private boolean tellsDefault() {
        return keyword.doc().contains("Default:");
    }

    /** What is to be added to its text. A word that is only there or not is off where it is not. */
    Optional<String> defaultNote() {
        return !isSetting() || tellsDefault() ? Optional.empty()
                : RowNotes.defaultOf(table, keyword).or(() -> keyword.syntax().isEmpty() ? Optional.of("off") : Optional.empty());
    }

    /** Whether nobody says what counts where it is not written. */
    boolean lacksDefault() {
        return isSetting() && !tellsDefault() && defaultNote().isEmpty();
    }
}
