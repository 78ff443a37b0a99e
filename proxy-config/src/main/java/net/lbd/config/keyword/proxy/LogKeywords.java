package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.EnumSet;
import java.util.List;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.log.BuiltInLogFormats;
import net.lbd.config.keyword.log.LogTargets;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.keyword.reply.HeaderNames;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Where and how proxies log. Source: HAProxy manual, section "Logging". */
public final class LogKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("log", PROXIES, "global | <target> [len <bytes>] [format <format>] <facility> [<level> [<minlevel>]]", """
                    Adds a log target: 'global' for those of the global section. 'no log' forgets all.""",
                    LogKeywords::log).canBeNegated(),
            Directive.<ProxyDraft>of("option httplog", FRONT, "[clf]", """
                    Logs each request in the HTTP format; with 'clf' in the Common Log Format.""",
                    LogKeywords::httpLog).ignoredElsewhere(),
            Directive.<ProxyDraft>of("option tcplog", FRONT, "", """
                    Logs each session in the TCP format.""",
                    LogKeywords::tcpLog).ignoredElsewhere(),
            Directive.<ProxyDraft>of("log-format", FRONT, "<string>", """
                    Logs in the format of a log-format string.""",
                    LogKeywords::logFormat).ignoredElsewhere(),
            Directive.<ProxyDraft>of("option httpslog", FRONT, "", """
                    Logs each request in the HTTP format, with errors of the connection and what TLS agreed on behind it.""",
                    LogKeywords::httpsLog).ignoredElsewhere(),
            format(ProxySettings.ERROR_LOG_FORMAT, """
                    The line of a connection that ended before it could carry a request, as when its TLS handshake failed.""",
                    Checkpoint.LOG, Checkpoint.FRONTEND_CONNECTION),
            format(ProxySettings.LOG_FORMAT_SD, """
                    The structured data of lines for targets of format rfc5424, with its brackets.""", Checkpoint.LOG),
            format(ProxySettings.UNIQUE_ID_FORMAT, """
                    How the identifier of a request is made: for unique-id, %ID and unique-id-header.""",
                    Checkpoint.FRONTEND_REQUEST, Checkpoint.FRONTEND_CONTENT),
            Rows.valueAndMore(ProxySettings.UNIQUE_ID_HEADER, FRONT, "<name>", HeaderNames.TYPE, """
                    Sends the identifier of unique-id-format to the server in this header."""),
            Rows.valueAndMore(ProxySettings.LOG_TAG, PROXIES, "<name>", ArgumentType.TEXT, """
                    The program name in log lines. Default: the one of the global section."""));

    private LogKeywords() { }

    private static void log(Arguments arguments, ProxyDraft draft) {
        if (arguments.negated()) {
            arguments.end();
            draft.logTargets().clear();
            draft.logGlobal(false);
        } else if (arguments.skip("global")) {
            arguments.end();
            draft.logGlobal(true);
        } else {
            draft.logTargets().add(LogTargets.read(arguments));
        }
    }

    private static void httpLog(Arguments arguments, ProxyDraft draft) {
        boolean clf = arguments.skip("clf");
        arguments.end();
        builtIn(arguments, draft, clf ? BuiltInLogFormats.CLF : BuiltInLogFormats.HTTP, true);
    }

    private static void httpsLog(Arguments arguments, ProxyDraft draft) {
        arguments.end();
        builtIn(arguments, draft, BuiltInLogFormats.HTTPS, true);
    }

    /** A format beside that of the line. */
    private static Directive<ProxyDraft> format(Setting<LogFormatSpec> setting, String doc, Checkpoint... checkpoints) {
        return Directive.<ProxyDraft>of(setting.name(), FRONT, "<string>", doc, (arguments, draft) -> {
            Word word = arguments.nextText("a format");
            arguments.end();
            LogFormatSpec format = LogFormatReader.read(word, SampleReader.Direction.REQUEST, arguments.diagnostics());
            for (LogFormatSpec.Node node : format.nodes()) {
                if (node instanceof LogFormatSpec.Expression expression) {
                    draft.sampleUses().add(new SampleUse(expression.sample(), word, EnumSet.copyOf(List.of(checkpoints))));
                }
            }
            draft.settings().put(setting, format, arguments.location());
        }).ignoredElsewhere();
    }

    private static void tcpLog(Arguments arguments, ProxyDraft draft) {
        arguments.end();
        builtIn(arguments, draft, BuiltInLogFormats.TCP, false);
    }

    private static void builtIn(Arguments arguments, ProxyDraft draft, String format, boolean needsHttp) {
        Word word = new Word(format, arguments.location(), arguments.keyword().length());
        draft.settings().put(ProxySettings.LOG_FORMAT,
                LogFormatReader.read(word, SampleReader.Direction.REQUEST, arguments.diagnostics()), arguments.location());
        draft.logFormat(new ProxyDraft.LogFormatUse(arguments.keyword(), needsHttp));
    }

    private static void logFormat(Arguments arguments, ProxyDraft draft) {
        Word format = arguments.nextText("a format");
        if (arguments.hasNext()) {
            Word extra = arguments.next("nothing");
            throw new net.lbd.config.grammar.StatementException(Code.EXTRA_ARGUMENT, extra,
                    "'log-format' is complete before '" + extra + "'",
                    java.util.Optional.of("put the format in double quotes, or write each blank as '\\ '"));
        }
        draft.settings().put(ProxySettings.LOG_FORMAT,
                LogFormatReader.read(format, SampleReader.Direction.REQUEST, arguments.diagnostics()), arguments.location());
        draft.logFormat(new ProxyDraft.LogFormatUse(format, false));
    }
}
