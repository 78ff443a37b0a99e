package net.lbd.config.keyword.check;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.syntax.Word;

/** {@code option tcp-check} and what its steps send and expect. Source: HAProxy manual, "tcp-check …". */
public final class TcpCheckKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("option tcp-check", BACK, "", """
                    Checks servers with the steps of tcp-check lines; without one, by a connection.""",
                    (arguments, draft) -> {
                        arguments.end();
                        CheckOptions.choose(arguments, draft, CheckSpec.Kind.TCP, List.of());
                    }).ignoredElsewhere(),
            send("send", "<data> [comment <text>]", "Sends bytes; \\r, \\n and \\xHH stand for bytes.", false, false),
            send("send-lf", "<format> [comment <text>]", "Sends a log-format string.", true, false),
            send("send-binary", "<hex> [comment <text>]", "Sends bytes that are written in hexadecimal.", false, true),
            send("send-binary-lf", "<format> [comment <text>]", "Sends bytes of a log-format string in hexadecimal.", true, true),
            Directive.<ProxyDraft>of("tcp-check expect", BACK, "[min-recv <bytes>] [comment <text>] [ok-status <status>] "
                    + "[error-status <status>] [tout-status <status>] [on-success <format>] [on-error <format>] "
                    + "[status-code <expression>] [!] { string | rstring | string-lf | binary | rbinary | binary-lf } <pattern>", """
                    Waits until what came since the last send holds the pattern. Without a match it waits on, until the
                    server closes, min-recv bytes have come, or the time is over.""",
                    (arguments, draft) -> expect(new CheckLine(arguments, draft))).ignoredElsewhere());

    private TcpCheckKeywords() { }

    private static Directive<ProxyDraft> send(String word, String syntax, String doc, boolean format, boolean hex) {
        return Directive.<ProxyDraft>of("tcp-check " + word, BACK, syntax, doc, (arguments, draft) -> {
            CheckLine line = new CheckLine(arguments, draft);
            LogFormatSpec data = format ? line.format("a log-format string") : hex ? hex(line) : line.literal("the bytes to send");
            Optional<String> comment = Optional.empty();
            if (arguments.skip("comment")) {
                comment = Optional.of(arguments.next("a text").text());
            }
            line.add(new CheckStep.TcpSend(arguments.location(), data, hex, comment));
        }).ignoredElsewhere();
    }

    private static LogFormatSpec hex(CheckLine line) {
        Arguments arguments = line.arguments();
        Word word = arguments.nextText("pairs of hexadecimal digits");
        String digits = arguments.value(word, text -> {
            boolean pairs = text.length() % 2 == 0 && text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
            if (!pairs) {
                throw new ValueException("'" + text + "' is not pairs of hexadecimal digits");
            }
            return text;
        });
        return LogFormatSpec.literal(word.location(), digits);
    }

    private static void expect(CheckLine line) {
        CheckExpectations expectations = new CheckExpectations(line);
        List<String> kinds = Arrays.stream(CheckStep.TcpMatch.values()).map(CheckStep.TcpMatch::keyword).toList();
        Word kind = expectations.toKind(kinds);
        CheckStep.TcpMatch match = CheckStep.TcpMatch.values()[kinds.indexOf(kind.text())];
        LogFormatSpec pattern = switch (match) {
            case STRING -> line.literal("a text");
            case RSTRING, RBINARY -> CheckExpectations.regex(line.arguments());
            case BINARY -> hex(line);
            case STRING_LF, BINARY_LF -> line.format("a log-format string");
        };
        expectations.behindPattern();
        line.add(new CheckStep.TcpExpect(
                line.arguments().location(), expectations.isNegated(), match, pattern, expectations.toSpec()));
    }
}
