package net.lbd.config.section;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SectionText;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.section.DirectorKeywords;
import net.lbd.config.keyword.section.PlainSectionKeywords;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Variables;
import net.lbd.config.syntax.Word;

/**
 * Takes statements in their order and fills {@link Drafts}. A statement with an error is reported and
 * left out; the rest goes on, so that all errors are found in one pass. Not thread-safe.
 */
public final class SectionParser {

    private static final Set<Code> EXPRESSIONS =
            Set.of(Code.EXPRESSION, Code.LOG_FORMAT, Code.UNKNOWN_FETCH, Code.UNKNOWN_CONVERTER);

    private final Diagnostics diagnostics;
    private final Variables variables;
    private final Drafts drafts = new Drafts();
    private Optional<ProxyDraft> lastDefaults = Optional.empty();

    /** The section that the next statement belongs to. */
    private sealed interface Current { }

    private record None() implements Current { }

    private record Global() implements Current { }

    private record Proxy(ProxyDraft draft) implements Current { }

    private record Plain(PlainDraft draft, KeywordTable<Directive<PlainDraft>> table) implements Current { }

    /** Its header was wrong, or its kind is not supported: its lines are not looked at. */
    private record Skipped() implements Current { }

    private Current current = new None();
    private Optional<Statement> previous = Optional.empty();

    public SectionParser(Diagnostics diagnostics, Variables variables) {
        this.diagnostics = diagnostics;
        this.variables = variables;
    }

    public Drafts drafts() {
        return drafts;
    }

    /** The name of the section that lines belong to now, or its kind if it has none; empty before the first. */
    public String section() {
        List<SectionText> texts = drafts.texts();
        if (texts.isEmpty()) {
            return "";
        }
        SectionText last = texts.get(texts.size() - 1);
        return last.name().isEmpty() ? last.kind().keyword() : last.name();
    }

    public void accept(Statement statement) {
        Optional<SectionKind> kind = SectionKind.byKeyword(statement.first().text());
        List<SectionText> texts = drafts.texts();
        if (kind.isPresent()) {
            texts.add(new SectionText(kind.get(), statement));
        } else if (!texts.isEmpty()) {
            texts.get(texts.size() - 1).add(statement);
        }
        try {
            if (kind.isPresent()) {
                begin(kind.get(), statement);
            } else {
                line(statement);
            }
        } catch (StatementException e) {
            e.hint().ifPresentOrElse(
                    hint -> diagnostics.error(e.code(), e.word(), e.getMessage(), hint),
                    () -> diagnostics.error(e.code(), e.word(), e.getMessage()));
        }
        previous = Optional.of(statement);
    }

    private void begin(SectionKind kind, Statement statement) {
        current = new Skipped();
        Arguments arguments = new Arguments(statement, 1, false, diagnostics, variables);
        switch (kind) {
            case GLOBAL -> {
                current = new Global();
                arguments.end();
            }
            case DEFAULTS -> beginDefaults(arguments);
            case NAMESPACE_LIST -> {
                PlainDraft draft = new PlainDraft(kind, arguments.keyword());
                current = new Plain(draft, PlainSectionKeywords.table(kind).orElseThrow());
                drafts.plain().add(draft);
                arguments.end();
            }
            case FRONTEND, BACKEND, LISTEN -> beginProxy(kind, arguments);
            case PROGRAM -> throw new StatementException(Code.REMOVED, statement.first(),
                    "section 'program' is refused: lbd starts no programs, and HAProxy removed the section in 3.3",
                    Optional.of("let the service manager start the program"));
            case LOG_FORWARD -> throw new StatementException(Code.REFUSED, statement.first(),
                    "section 'log-forward' is refused: lbd is no log server",
                    Optional.of("use a syslog daemon that forwards"));
            default -> beginPlain(kind, arguments);
        }
    }

    private void beginPlain(SectionKind kind, Arguments arguments) {
        Word name = arguments.next("a name");
        PlainDraft draft = new PlainDraft(kind, name);
        current = new Plain(draft, PlainSectionKeywords.table(kind).orElseThrow());
        drafts.plain().add(draft);
        arguments.value(name, ArgumentType.NAME);
        if (kind == SectionKind.DIRECTOR) {
            DirectorKeywords.header(arguments, draft.director());
        } else {
            arguments.end();
        }
        if (!PlainSectionKeywords.isSupported(kind)) {
            diagnostics.notice(Code.NOT_YET, arguments.keyword(), "section '" + kind.keyword()
                    + "' is not supported yet by this version; the daemon refuses to start with it");
        }
    }

    private void beginDefaults(Arguments arguments) {
        Word name = arguments.keyword();
        if (arguments.hasNext() && !arguments.nextIs("from")) {
            name = arguments.next("a name");
            arguments.value(name, ArgumentType.NAME);
        }
        ProxyDraft draft = new ProxyDraft(SectionKind.DEFAULTS, arguments.keyword(), name);
        current = new Proxy(draft);
        lastDefaults = Optional.of(draft);
        from(arguments).ifPresent(draft::inherit);
        arguments.endOrWarn();
        if (draft.isNamed()) {
            drafts.namedDefaults().put(name.text(), draft);
        }
    }

    private void beginProxy(SectionKind kind, Arguments arguments) {
        Word name = arguments.next("a name");
        ProxyDraft draft = new ProxyDraft(kind, arguments.keyword(), name);
        current = new Proxy(draft);
        drafts.proxies().add(draft);
        Optional<ProxyDraft> defaults;
        try {
            defaults = from(arguments);
        } catch (StatementException e) {
            lastDefaults.ifPresent(draft::inherit);
            throw e;
        }
        if (defaults.isPresent() || lastDefaults.isPresent()) {
            draft.inherit(defaults.isPresent() ? defaults.get() : lastDefaults.get());
        }
        arguments.value(name, ArgumentType.NAME);
        if (arguments.hasNext()) {
            Word extra = arguments.next("nothing");
            throw new StatementException(Code.EXTRA_ARGUMENT, extra,
                    "'" + kind.keyword() + " " + name + "' is complete before '" + extra + "'",
                    Optional.of("a name is one word: did an underscore get lost, as in '" + name + "_" + extra + "'?"));
        }
    }

    private Optional<ProxyDraft> from(Arguments arguments) {
        if (!arguments.skip("from")) {
            return Optional.empty();
        }
        Word name = arguments.next("the name of a defaults section");
        ProxyDraft found = drafts.namedDefaults().get(name.text());
        if (found == null) {
            throw new StatementException(Code.UNKNOWN_REFERENCE, name, "no defaults section is named '" + name + "' above this line"
                    + Nearest.suggestion(name.text(), drafts.namedDefaults().keySet()));
        }
        return Optional.of(found);
    }

    private void line(Statement statement) {
        if (looksLikeWrappedLogFormat(statement)) {
            throw new StatementException(Code.WRAPPED_LOG_FORMAT, statement.first(),
                    "a log-format must stand on one line; this looks like the rest of the one above",
                    Optional.of("join the lines; in double quotes blanks need no backslash"));
        }
        if (current instanceof Global) {
            directive(statement, Vocabulary.GLOBAL, SectionKind.GLOBAL, drafts.global(), draft -> new GlobalDraft());
        } else if (current instanceof Proxy proxy) {
            directive(statement, Vocabulary.PROXY, proxy.draft().kind(), proxy.draft(), ProxyDraft::fresh);
        } else if (current instanceof Plain plain) {
            directive(statement, plain.table(), plain.draft().kind(), plain.draft(), draft -> draft);
        } else if (current instanceof None) {
            List<String> sections = new ArrayList<>();
            for (SectionKind kind : SectionKind.values()) {
                sections.add(kind.keyword());
            }
            throw new StatementException(Code.UNKNOWN_SECTION, statement.first(), "'" + statement.first()
                    + "' begins no section, and no section has begun yet"
                    + Nearest.suggestion(statement.first().text(), sections));
        }
    }

    private boolean looksLikeWrappedLogFormat(Statement statement) {
        return isContinuation(statement) && previous.isPresent()
                && (previous.get().first().is("log-format") || isContinuation(previous.get()));
    }

    /** No directive begins with a blank, a percent sign or a quote. */
    private static boolean isContinuation(Statement statement) {
        String first = statement.first().text();
        return first.startsWith("%") || first.startsWith(" ") || first.startsWith("{%");
    }

    /** {@code set-var(check.a)} is the word set-var. */
    private static String withoutArgument(String word) {
        int open = word.indexOf('(');
        return open > 0 && word.endsWith(")") ? word.substring(0, open) : word;
    }

    /** @param fresh yields a draft that takes what is read and does not count */
    private <D> void directive(
            Statement statement, KeywordTable<Directive<D>> table, SectionKind kind, D draft, UnaryOperator<D> fresh) {
        List<Word> words = statement.words();
        boolean no = words.get(0).is("no") && words.size() > 1;
        boolean toDefault = words.get(0).is("default") && words.size() > 1;
        int first = no || toDefault ? 1 : 0;
        Directive<D> row = null;
        int length = 0;
        if (words.size() > first + 1) {
            row = table.find(words.get(first).text(), withoutArgument(words.get(first + 1).text())).orElse(null);
            length = 2;
        }
        if (row == null) {
            row = table.find(words.get(first).text()).orElse(null);
            length = 1;
        }
        if (row == null) {
            throw unknown(statement, first, table, kind);
        }
        Word keyword = span(words.get(0), words.get(first + length - 1));
        if ((no || toDefault) && !row.negatable()) {
            throw new StatementException(Code.NOT_NEGATABLE, words.get(0),
                    "'" + words.get(0) + "' cannot stand before '" + row.name() + "'");
        }
        if (!row.sections().contains(kind)) {
            notHere(row, keyword, kind);
            // What is ignored must be well formed all the same, but for what expressions mean.
            Diagnostics found = diagnostics.apart();
            try {
                row.parser().parse(new Arguments(statement, first + length, no || toDefault, found, variables), fresh.apply(draft));
            } catch (StatementException e) {
                if (!EXPRESSIONS.contains(e.code())) {
                    throw e;
                }
            }
            diagnostics.addErrors(found, EXPRESSIONS);
            return;
        }
        Arguments arguments = new Arguments(statement, first + length, no || toDefault, diagnostics, variables);
        row.parser().parse(arguments, draft);
        if (!no && !toDefault) {
            note(row, keyword);
        }
    }

    /** From the first word of a keyword to its last, {@code no} included. */
    private static Word span(Word from, Word to) {
        int length = to.location().column() + to.length() - from.location().column();
        return from == to ? from : new Word(from + " " + to, from.location(), length);
    }

    private void notHere(Directive<?> row, Word keyword, SectionKind kind) {
        String allowed = String.join(", ", row.sections().stream().sorted().map(SectionKind::keyword).toList());
        if (row.elsewhere() == Directive.Elsewhere.IGNORED && kind != SectionKind.DEFAULTS) {
            diagnostics.warn(Code.IGNORED_HERE, keyword,
                    "'" + row.name() + "' is ignored in a " + kind.keyword() + " section; it belongs in " + allowed);
            return;
        }
        throw new StatementException(Code.NOT_HERE, keyword,
                "'" + row.name() + "' may not stand in a " + kind.keyword() + " section; it belongs in " + allowed);
    }

    private void note(Directive<?> row, Word keyword) {
        if (row.support() instanceof Support.NotYet not) {
            diagnostics.notice(Code.NOT_YET, keyword, "'" + row.name() + "' " + not.said());
        } else if (row.support() instanceof Support.NoEffect none) {
            diagnostics.warn(Code.NO_EFFECT, keyword, "'" + row.name() + "' has no effect: " + none.reason());
        }
    }

    private static <D> StatementException unknown(
            Statement statement, int first, KeywordTable<Directive<D>> table, SectionKind kind) {
        Word word = statement.words().get(first);
        String joined = statement.words().get(0) + "_" + word;
        if (first == 1 && table.find(joined).isPresent()) {
            return new StatementException(Code.UNKNOWN_KEYWORD, statement.first(), "unknown words '" + statement.first() + " " + word
                    + "' in a " + kind.keyword() + " section; did you mean '" + joined + "'?");
        }
        String group = word + " ";
        Set<String> seconds = new TreeSet<>();
        Set<String> candidates = new LinkedHashSet<>();
        for (String name : table.names()) {
            if (name.startsWith(group)) {
                seconds.add(name.substring(group.length()));
            }
            candidates.add(name.contains(" ") ? name.substring(0, name.indexOf(' ')) : name);
        }
        for (SectionKind section : SectionKind.values()) {
            candidates.add(section.keyword());
        }
        if (seconds.isEmpty()) {
            return new StatementException(Code.UNKNOWN_KEYWORD, word, "unknown word '" + word + "' in a " + kind.keyword()
                    + " section" + Nearest.suggestion(word.text(), candidates));
        }
        if (statement.words().size() == first + 1) {
            Word end = new Word("", statement.endOfLine(), 1);
            return new StatementException(Code.MISSING_ARGUMENT, end,
                    "'" + word + "' wants one of " + String.join(", ", seconds));
        }
        Word second = statement.words().get(first + 1);
        String nearest = Nearest.suggestion(second.text(), seconds);
        return new StatementException(Code.UNKNOWN_KEYWORD, second, "unknown word '" + second + "' behind '" + word + "'"
                + (nearest.isEmpty() && seconds.size() <= 15 ? "; use " + String.join(", ", seconds) : nearest));
    }
}
