package net.lbd.config.keyword.check;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.List;
import net.lbd.config.draft.CheckDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** Steps of checks that this version reads and does not carry out. Source: HAProxy manual, "tcp-check …". */
public final class MoreCheckKeywords {

    private static final String CONNECT = """
            *{ default | port <port:port_or_sample> | addr <address:address> | send-proxy | via-socks4 | ssl | sni <name> | alpn <protocols>
            | proto <name> | linger | comment <text> }""";

    private static final String EXPECT = """
            *{ min-recv <bytes:int> | comment <text> | ok-status <status> | error-status <status> | tout-status <status>
            | on-success <format:format> | on-error <format:format> | status-code <expression:sample> }
            [!] { string <pattern:any> | rstring <pattern:regex> | string-lf <pattern:format> | binary <pattern:hex>
            | rbinary <pattern:regex> | binary-lf <pattern:format> }""";

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            connect("tcp-check connect", "Opens a connection for the steps that follow."),
            row("tcp-check send", "<data:any> [comment <text>]", "Sends bytes."),
            row("tcp-check send-lf", "<format:format> [comment <text>]", "Sends a log-format string."),
            row("tcp-check send-binary", "<hex:hex> [comment <text>]", "Sends bytes that are written in hexadecimal."),
            row("tcp-check send-binary-lf", "<format:format> [comment <text>]", "Sends bytes of a log-format string in hexadecimal."),
            row("tcp-check expect", EXPECT, "Waits for bytes."),
            row("tcp-check comment", "<text>", "Names the step that follows."),
            connect("http-check connect", "Opens a connection for the steps that follow."),
            row("tcp-check set-var", "<value:sample>", "Sets a variable of the check; written set-var(check.name)."),
            row("tcp-check set-var-fmt", "<value:format>", "Sets a variable of the check; written set-var-fmt(check.name)."),
            row("tcp-check unset-var", "", "Forgets a variable of the check; written unset-var(check.name)."),
            row("http-check set-var", "<value:sample>", "Sets a variable of the check; written set-var(check.name)."),
            row("http-check set-var-fmt", "<value:format>", "Sets a variable of the check; written set-var-fmt(check.name)."),
            row("http-check unset-var", "", "Forgets a variable of the check; written unset-var(check.name)."),
            row("http-check comment", "<text>", "Names the step that follows."),
            row("http-check disable-on-404", "", "Drains a server whose check is answered with 404."),
            row("http-check send-state", "", "Sends the server's state with the check."));

    private MoreCheckKeywords() { }

    private static Directive<ProxyDraft> connect(String name, String doc) {
        Shape shape = Shape.of(CONNECT);
        return Directive.<ProxyDraft>of(name, BACK, CONNECT, doc, (arguments, draft) -> {
            List<Word> words = arguments.upcoming();
            shape.read(arguments, ShapeScope.of(draft, Direction.RESPONSE, Checkpoint.CHECK));
            boolean port = words.stream().anyMatch(w -> w.is("port"))
                    || words.stream().anyMatch(w -> w.text().matches(".*:[0-9]+"));
            draft.checkForStep().connects().add(
                    new CheckDraft.Connect(port, words.stream().filter(w -> w.is("ssl")).findFirst()));
        }).ignoredElsewhere().notYet();
    }

    private static Directive<ProxyDraft> row(String name, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Directive.<ProxyDraft>of(name, BACK, notation, doc,
                (arguments, draft) -> shape.read(arguments, ShapeScope.of(draft, Direction.RESPONSE, Checkpoint.CHECK)))
                .ignoredElsewhere().notYet();
    }
}
