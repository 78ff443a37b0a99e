package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.proxy.BalanceKeywords;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.section.PlainSectionKeywords;
import net.lbd.config.keyword.server.ServerKeywords;
import org.junit.jupiter.api.Test;

/** Every row of every table stands in a golden case that is accepted, and in one that is refused if it can be. */
class GoldenCoverageTest {

    private final List<GoldenTest.Case> cases = allCases();

    @Test
    void everyDirectiveHasAGoodAndABadCase() {
        List<String> missing = new ArrayList<>();
        for (Directive<?> row : Vocabulary.GLOBAL.rows()) {
            covers(missing, row, "^" + Pattern.quote(row.name()) + "(\\(| |$)", row.name().equals("description") || takesAnything(row));
        }
        for (Directive<?> row : Vocabulary.PROXY.rows()) {
            covers(missing, row, "^(no )?" + Pattern.quote(row.name()) + "(\\(| |$)", takesAnything(row));
        }
        for (SectionKind kind : PlainSectionKeywords.kinds()) {
            for (Directive<?> row : PlainSectionKeywords.table(kind).orElseThrow().rows()) {
                covers(missing, row, "^" + Pattern.quote(row.name()) + "(\\(| |$)", takesAnything(row));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyParameterAndActionHasAGoodAndABadCase() {
        List<String> missing = new ArrayList<>();
        BindKeywords.TABLE.rows().forEach(row -> covers(missing, row, "^bind .* " + Pattern.quote(row.name()) + "( |$)", row.syntax().isEmpty()));
        ServerKeywords.TABLE.rows().forEach(row ->
                covers(missing, row, "^server .* " + Pattern.quote(row.name()) + "(\\(| |$)", row.syntax().isEmpty()));
        BalanceKeywords.ALGORITHMS.rows().forEach(row -> covers(missing, row, "^balance " + Pattern.quote(row.name()), true));
        RuleKeywords.HTTP_ACTIONS.rows().forEach(row ->
                covers(missing, row, "^http-[a-z-]+ " + Pattern.quote(row.name()) + "[0-9]?(\\(| |$)", false));
        RuleKeywords.TCP_ACTIONS.rows().forEach(row ->
                covers(missing, row, "^tcp-[a-z]+ [a-z]+ " + Pattern.quote(row.name()) + "[0-9]?(\\(| |$)", false));
        assertThat(missing).isEmpty();
    }

    @Test
    void everyFetchAndConverterHasAGoodAndABadCase() {
        List<String> missing = new ArrayList<>();
        SampleVocabulary.FETCHES.rows().forEach(row ->
                covers(missing, row, "%\\[" + Pattern.quote(row.name()) + "[\\](,]", false));
        SampleVocabulary.CONVERTERS.rows().forEach(row ->
                covers(missing, row, "%\\[.*," + Pattern.quote(row.name()) + "[\\](]", false));
        assertThat(missing).isEmpty();
    }

    private void covers(List<String> missing, Keyword row, String pattern, boolean cannotFail) {
        Predicate<String> names = Pattern.compile(pattern).asPredicate();
        List<GoldenTest.Case> own = cases.stream().filter(c -> names.test(c.line())).toList();
        boolean removed = row.doc().startsWith("Removed")
                || own.stream().anyMatch(c -> c.expected().stream().anyMatch(e -> e.contains(" ERROR LB1230 ")));
        if (!removed && own.stream().noneMatch(c -> !isRefused(c))) {
            missing.add("good: " + row.name());
        }
        if (!cannotFail && own.stream().noneMatch(GoldenCoverageTest::isRefused)) {
            missing.add("bad: " + row.name());
        }
    }

    private static boolean takesAnything(Directive<?> row) {
        return row.syntax().startsWith("[") || row.syntax().startsWith("…") || row.syntax().startsWith("<name>…") || row.syntax().startsWith("<parameter>…")
                || row.syntax().isEmpty();
    }

    private static boolean isRefused(GoldenTest.Case c) {
        return c.expected().stream().anyMatch(e -> e.contains(" ERROR "));
    }

    private static List<GoldenTest.Case> allCases() {
        List<GoldenTest.Case> all = new ArrayList<>();
        try {
            for (Path file : GoldenTest.files()) {
                all.addAll(GoldenTest.cases(file));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return all;
    }
}
