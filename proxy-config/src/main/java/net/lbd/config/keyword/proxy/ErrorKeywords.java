package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.FRONT_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.reply.ErrorPageReader;
import net.lbd.config.keyword.reply.ReplyReader;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.model.ErrorReplies;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ReplySpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** Answers in place of errors, and to monitors. Source: HAProxy manual, "errorfile" and its kin. */
public final class ErrorKeywords {

    /** {@code monitor fail}: the condition of the rule is all there is to it. */
    public record MonitorFail() implements ActionSpec { }

    /** Those of which pages can be set. */
    public static final ArgumentType<Integer> PAGE_STATUS = text -> {
        int status = ArgumentType.integer(200, 599).read(text);
        if (!ErrorReplies.STATUSES.contains(status)) {
            throw new ValueException("no answer of status " + status + " is ever made here; use " + ReplyReader.statuses());
        }
        return status;
    };

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("errorfile", PROXIES, "<code> <file>", """
                    A file to answer with where an error would be: a whole response, from its status line on. With an empty
                    file, such as /dev/null, the connection is closed without an answer.""",
                    (arguments, draft) -> {
                        int status = arguments.next("a status", PAGE_STATUS);
                        ErrorPageSpec page = ErrorPageReader.read(arguments.next("a file"));
                        arguments.end();
                        add(draft, arguments, new ErrorReplies.One(new ReplySpec(status, new ReplySpec.Page(page), List.of())));
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("errorfiles", PROXIES, "<section> [<code>…]", """
                    Takes the pages of an http-errors section: those of the statuses, or all.""",
                    ErrorKeywords::errorFiles).ignoredElsewhere(),
            errorLocation("errorloc", 302, "Found"),
            errorLocation("errorloc302", 302, "Found"),
            errorLocation("errorloc303", 303, "See Other"),
            Directive.<ProxyDraft>of("http-error", PROXIES, ReplyReader.SYNTAX.replace("[status <code>]", "status <code>"), """
                    An answer in place of an error.""", ErrorKeywords::httpError).ignoredElsewhere(),
            Directive.<ProxyDraft>of("monitor-uri", FRONT, "<uri>", """
                    Path and query that are answered with 200 before any rule is looked at, and not logged.""",
                    (arguments, draft) -> {
                        String uri = arguments.next("a path", ArgumentType.TEXT);
                        arguments.end();
                        draft.settings().put(ProxySettings.MONITOR_URI, uri, arguments.location());
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("monitor fail", FRONT_ONLY, "{ if | unless } <condition>", """
                    When monitor-uri answers with 503.""", ErrorKeywords::monitorFail).ignoredElsewhere());

    private ErrorKeywords() { }

    private static void add(ProxyDraft draft, Arguments arguments, ErrorReplies.Line line) {
        ErrorReplies before = draft.settings().find(ProxySettings.ERROR_REPLIES).map(s -> s.value()).orElse(ErrorReplies.NONE);
        draft.settings().put(ProxySettings.ERROR_REPLIES, before.and(line), arguments.location());
    }

    private static Directive<ProxyDraft> errorLocation(String keyword, int code, String reason) {
        return Directive.<ProxyDraft>of(keyword, PROXIES, "<code> <url>",
                "Redirects with " + code + " where an error would be.", (arguments, draft) -> {
                    int status = arguments.next("a status", PAGE_STATUS);
                    String url = arguments.next("a URL", LOCATION);
                    arguments.end();
                    ErrorPageSpec page = new ErrorPageSpec(false, code, reason, List.of(
                            new ErrorPageSpec.Field("Cache-Control", "no-cache"), new ErrorPageSpec.Field("Location", url)), false, "");
                    add(draft, arguments, new ErrorReplies.One(new ReplySpec(status, new ReplySpec.Page(page), List.of())));
                }).ignoredElsewhere();
    }

    private static final ArgumentType<String> LOCATION = text -> {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new ValueException("'" + text + "' is not a URL; write what is not ASCII as %XX");
        }
        return text;
    };

    private static void errorFiles(Arguments arguments, ProxyDraft draft) {
        Word section = arguments.next("the name of an http-errors section");
        Set<Integer> statuses = new LinkedHashSet<>();
        while (arguments.hasNext()) {
            statuses.add(arguments.next("a status", PAGE_STATUS));
        }
        draft.nameUses().add(new ProxyDraft.NameUse(ProxyDraft.NameKind.HTTP_ERRORS, section));
        add(draft, arguments, new ErrorReplies.Pages(section.text(), statuses));
    }

    private static void httpError(Arguments arguments, ProxyDraft draft) {
        ReplyReader reader = new ReplyReader(arguments, draft, word -> format(word, arguments, draft), false);
        ReplySpec reply = reader.read(503, () -> !arguments.hasNext());
        if (!reader.hasStatus()) {
            throw arguments.missing("'status' and a code");
        }
        if (!ErrorReplies.STATUSES.contains(reply.status())) {
            throw arguments.error(arguments.keyword(), "'http-error': no answer of status " + reply.status()
                    + " is ever made here; use " + ReplyReader.statuses());
        }
        add(draft, arguments, new ErrorReplies.One(reply));
    }

    /** An error may come at any moment: the expressions must have a value at one of them. */
    private static LogFormatSpec format(Word word, Arguments arguments, ProxyDraft draft) {
        LogFormatSpec format = LogFormatReader.read(word, Direction.REQUEST, arguments.diagnostics());
        for (LogFormatSpec.Node node : format.nodes()) {
            if (node instanceof LogFormatSpec.Expression expression) {
                draft.sampleUses().add(new SampleUse(expression.sample(), word,
                        EnumSet.range(Checkpoint.FRONTEND_REQUEST, Checkpoint.FRONTEND_RESPONSE)));
            }
        }
        return format;
    }

    private static void monitorFail(Arguments arguments, ProxyDraft draft) {
        RuleKeywords.refuseInAnonymousDefaults(arguments, draft);
        Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
        if (condition.isEmpty()) {
            throw arguments.missing("if or unless and a condition");
        }
        arguments.end();
        draft.rules().add(new RuleDraft(arguments.keyword(), RuleSet.MONITOR_FAIL, new MonitorFail(), condition));
    }
}
