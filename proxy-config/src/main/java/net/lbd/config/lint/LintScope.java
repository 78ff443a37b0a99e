package net.lbd.config.lint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.draft.SectionText;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.config.model.ConditionSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/** What a lint sees, and where it speaks. Not thread-safe: one load uses one instance. */
final class LintScope {

    /** {@code # lbd: ignore LBX002, LBX013}: the codes that are silenced on this line. Apart: most files earn no advice. */
    private static final class Ignore {
        static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#\\s*lbd:\\s*ignore\\s+([A-Z0-9, ]+)");
    }

    private final Configuration configuration;
    private final List<SectionText> sections;
    private final Diagnostics diagnostics;
    private final ExchangeRoutes routes;
    private final Map<String, List<SectionText>> byWord = new HashMap<>();
    private final Map<FrontendSpec, Set<AclSpec.Test>> tests = new IdentityHashMap<>();
    private Map<String, Map<Integer, Statement>> statements = Map.of();

    LintScope(Configuration configuration, List<SectionText> sections, Diagnostics diagnostics) {
        this.configuration = configuration;
        this.sections = sections;
        this.diagnostics = diagnostics;
        for (SectionText section : sections) {
            List<String> words = section.firstWords();
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                List<SectionText> with = byWord.get(word);
                if (with == null) {
                    with = new ArrayList<>();
                    byWord.put(word, with);
                }
                if (with.isEmpty() || with.get(with.size() - 1) != section) {
                    with.add(section);
                }
            }
        }
        this.routes = new ExchangeRoutes(configuration, sectionsWith("tcp-check"));
    }

    Configuration configuration() {
        return configuration;
    }

    /** The sections in which a line begins with a word, in their order. */
    List<SectionText> sectionsWith(String word) {
        return byWord.getOrDefault(word, List.of());
    }

    /** The tests of every condition of a frontend, each once. */
    Set<AclSpec.Test> tests(FrontendSpec frontend) {
        return tests.computeIfAbsent(frontend, LintScope::collectTests);
    }

    private static Set<AclSpec.Test> collectTests(FrontendSpec frontend) {
        Set<AclSpec.Test> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (RuleSpec rule : frontend.rules()) {
            rule.condition().ifPresent(c -> addTests(c, found));
        }
        for (BackendSwitchSpec line : frontend.switching()) {
            line.condition().ifPresent(c -> addTests(c, found));
        }
        return found;
    }

    private static void addTests(ConditionSpec condition, Set<AclSpec.Test> found) {
        for (List<ConditionSpec.Term> allOf : condition.anyOf()) {
            for (ConditionSpec.Term term : allOf) {
                found.addAll(term.acl().tests());
            }
        }
    }

    ExchangeRoutes routes() {
        return routes;
    }

    /** The line of a place; empty for what no file says. */
    Optional<Statement> statement(SourceLocation location) {
        if (statements.isEmpty()) {
            // Most files earn so little advice that the index is made when it is asked for.
            statements = new HashMap<>();
            for (SectionText section : sections) {
                index(section.header());
                section.lines().forEach(this::index);
            }
        }
        return Optional.ofNullable(statements.getOrDefault(location.file(), Map.of()).get(location.line()));
    }

    private void index(Statement line) {
        statements.computeIfAbsent(line.location().file(), f -> new HashMap<>()).put(line.location().line(), line);
    }

    String sourceLine(SourceLocation location) {
        return diagnostics.sourceLine(location);
    }

    void notice(Code code, SourceLocation at, String message, String hint) {
        advise(Severity.NOTICE, code, at, message, hint);
    }

    void warn(Code code, SourceLocation at, String message, String hint) {
        advise(Severity.WARNING, code, at, message, hint);
    }

    /** At a word of the line of a place, if it is there; else at the place. */
    void notice(Code code, SourceLocation line, String word, String message, String hint) {
        notice(code, wordOf(line, word), message, hint);
    }

    void warn(Code code, SourceLocation line, String word, String message, String hint) {
        warn(code, wordOf(line, word), message, hint);
    }

    private SourceLocation wordOf(SourceLocation line, String word) {
        return statement(line).flatMap(s -> s.words().stream().filter(w -> w.is(word)).findFirst())
                .map(Word::location).orElse(line);
    }

    private void advise(Severity severity, Code code, SourceLocation at, String message, String hint) {
        if (!isSilenced(code, at)) {
            diagnostics.add(severity, code, at, length(at), message, Optional.of(hint));
        }
    }

    private boolean isSilenced(Code code, SourceLocation at) {
        Matcher comment = Ignore.COMMENT.matcher(diagnostics.sourceLine(at));
        return comment.find() && List.of(comment.group(1).strip().split("[ ,]+")).contains(code.id());
    }

    /** Of the word that stands there; of the whole statement if it is the first word. */
    private int length(SourceLocation at) {
        Optional<Statement> statement = statement(at);
        if (statement.isEmpty()) {
            return 0;
        }
        if (statement.get().location().equals(at)) {
            return statement.get().endOfLine().column() - at.column();
        }
        return statement.get().words().stream().filter(w -> w.location().equals(at)).findFirst().map(Word::length).orElse(0);
    }
}
