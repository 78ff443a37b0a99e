package net.lbd.config.lint;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.SectionText;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/** Log lines that come out other than they were written. */
final class LogLints {

    static final List<Lint> ROWS = List.of(LogLints::quotes, LogLints::binary, LogLints::logGlobal);

    private LogLints() { }

    private static void quotes(LintScope scope) {
        for (SectionText section : scope.sectionsWith("log-format")) {
            for (Statement line : section.lines()) {
                if (line.first().is("log-format") && line.words().size() > 1 && hasQuotesInside(scope, line.words().get(1))) {
                    scope.notice(Code.ADVICE_LOG_QUOTES, line.words().get(1).location(),
                            "double quotes within the format group words and do not appear in the log line",
                            "write \\\" for a quote that the log shall show");
                }
            }
        }
    }

    private static boolean hasQuotesInside(LintScope scope, Word word) {
        String line = scope.sourceLine(word.location());
        int from = word.location().column() - 1;
        int to = Math.min(line.length(), from + word.length());
        boolean strong = false;
        for (int i = from; i < to; i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                strong = !strong;
            } else if (c == '\\' && !strong) {
                i++;
            } else if (c == '"' && !strong && i != from && i != to - 1) {
                return true;
            }
        }
        return false;
    }

    private static void binary(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            Optional<LogFormatSpec> format = frontend.settings().find(ProxySettings.LOG_FORMAT);
            for (LogFormatSpec.Node node : format.map(LogFormatSpec::nodes).orElse(List.of())) {
                if (node instanceof LogFormatSpec.Expression expression && expression.sample().type() == SampleType.BINARY) {
                    scope.notice(Code.ADVICE_BINARY_LOG, frontend.settings().origin(ProxySettings.LOG_FORMAT),
                            "'%[" + expression.sample().text() + "]' puts binary bytes into the log line",
                            "write %[" + expression.sample().text() + ",hex]");
                }
            }
        }
    }

    private static void logGlobal(LintScope scope) {
        if (!scope.configuration().global().logTargets().isEmpty()) {
            return;
        }
        for (SectionText section : scope.sectionsWith("log")) {
            for (Statement line : section.lines()) {
                if (section.kind().isProxy() && line.words().size() == 2 && line.first().is("log") && line.words().get(1).is("global")) {
                    // Once is enough: the mend is one line for all.
                    scope.notice(Code.ADVICE_LOG_GLOBAL, line.location(), "no global section has a 'log' line: nothing is logged",
                            "add to global, for example: log /dev/log local0");
                    return;
                }
            }
        }
    }
}
