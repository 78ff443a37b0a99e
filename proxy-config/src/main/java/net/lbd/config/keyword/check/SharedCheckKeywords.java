package net.lbd.config.keyword.check;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.CheckStep.ConnectFlag;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * The steps that {@code tcp-check} and {@code http-check} have in common: connections, comments, variables. Source:
 * HAProxy manual, "tcp-check connect" and those that follow it.
 */
public final class SharedCheckKeywords {

    private static final List<String> CONNECT_WORDS = List.of("default", "port", "addr", "send-proxy", "via-socks4", "ssl", "sni",
            "alpn", "proto", "linger", "comment");

    public static final List<Directive<ProxyDraft>> ROWS = Stream.of("tcp-check", "http-check").flatMap(SharedCheckKeywords::rows).toList();

    private SharedCheckKeywords() { }

    private static Stream<Directive<ProxyDraft>> rows(String family) {
        return Stream.of(
                row(family + " connect", "[default] [port { <port> | <expression> }] [addr <address>] [ssl] [sni <name>] "
                        + "[alpn <protocols>] [send-proxy] [linger] [proto <name>] [comment <text>]", """
                        Opens a connection for the steps that follow; the one before is closed. If there is one such line, the
                        first step must be one. A connection on which nothing was said is reset, unless linger stands there. Difference: others are closed with FIN.""",
                        SharedCheckKeywords::connect),
                row(family + " comment", "<text>", "Names the step that follows, for messages about its failure.", line ->
                        line.add(new CheckStep.Comment(line.arguments().location(), line.arguments().nextText("a text").text()))),
                row(family + " set-var", "<expression>", """
                        Sets a variable of the check; written set-var(check.name). Conditions may follow the name, such as ifnotset.""",
                        line -> {
                            List<String> words = line.variable();
                            line.add(new CheckStep.SetVar(line.arguments().location(), words.get(0), words.subList(1, words.size()),
                                    Optional.of(line.sample("a sample expression")), Optional.empty()));
                        }),
                row(family + " set-var-fmt", "<format>", "Sets a variable of the check to a log-format string; written set-var-fmt(check.name).",
                        line -> {
                            List<String> words = line.variable();
                            line.add(new CheckStep.SetVar(line.arguments().location(), words.get(0), words.subList(1, words.size()),
                                    Optional.empty(), Optional.of(line.format("a log-format string"))));
                        }),
                row(family + " unset-var", "", "Forgets a variable of the check; written unset-var(check.name).", line -> {
                    List<String> words = line.variable();
                    if (words.size() > 1) {
                        throw new StatementException(Code.BAD_VALUE, line.arguments().keyword(), "'unset-var' takes one name");
                    }
                    line.add(new CheckStep.UnsetVar(line.arguments().location(), words.get(0)));
                }));
    }

    private interface LineReader {
        void read(CheckLine line);
    }

    private static Directive<ProxyDraft> row(String name, String syntax, String doc, LineReader reader) {
        return Directive.<ProxyDraft>of(name, BACK, syntax, doc,
                (arguments, draft) -> reader.read(new CheckLine(arguments, draft))).ignoredElsewhere();
    }

    private static void connect(CheckLine line) {
        Arguments arguments = line.arguments();
        Set<ConnectFlag> flags = EnumSet.noneOf(ConnectFlag.class);
        Optional<AddressSpec> address = Optional.empty();
        Optional<Integer> port = Optional.empty();
        Optional<SampleSpec> portExpression = Optional.empty();
        Optional<String> sni = Optional.empty();
        List<String> alpn = List.of();
        Optional<String> comment = Optional.empty();
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "default" -> flags.add(ConnectFlag.DEFAULT);
                case "ssl" -> flags.add(ConnectFlag.SSL);
                case "send-proxy" -> flags.add(ConnectFlag.SEND_PROXY);
                case "linger" -> flags.add(ConnectFlag.LINGER);
                case "port" -> {
                    if (arguments.peek().filter(w -> Numbers.isNumber(w.text())).isPresent()) {
                        port = Optional.of(arguments.next("a port", ArgumentType.integer(1, 65535)));
                    } else {
                        portExpression = Optional.of(line.sample("a port or an expression"));
                    }
                }
                case "addr" -> {
                    address = Optional.of(arguments.next("an address", Addresses.one(Addresses.Use.TARGET)));
                    Addresses.refuseDescriptor(arguments, arguments.last(), address.get());
                }
                case "sni" -> sni = Optional.of(arguments.next("a name", ArgumentType.TEXT));
                case "alpn" -> alpn = List.of(arguments.next("protocols", ArgumentType.TEXT).split(",", -1));
                case "proto" -> protocol(arguments);
                case "comment" -> comment = Optional.of(arguments.next("a text").text());
                case "via-socks4" -> arguments.diagnostics().notice(Code.NOT_YET, word,
                        "'" + arguments.head() + " … via-socks4' is not supported yet by this version; the daemon refuses to start with it");
                default -> throw arguments.unknown(word, "parameter", CONNECT_WORDS);
            }
        }
        line.add(new CheckStep.Connect(arguments.location(), address, port, portExpression, flags, sni, alpn, comment));
    }

    /** HTTP/1 is what an http-check speaks, and a tcp-check speaks nothing of its own. */
    private static void protocol(Arguments arguments) {
        Word word = arguments.next("a protocol");
        switch (word.text()) {
            case "h1", "none" -> { }
            case "h2", "fcgi" -> arguments.diagnostics().notice(Code.NOT_YET, word, "'proto " + word
                    + "' is not supported yet by this version; the daemon refuses to start with it");
            default -> throw arguments.error(word, "'proto " + word + "' is not a protocol; use h1, h2 or none");
        }
    }

    /** Whether a connection of this step knows its port by itself. */
    public static boolean namesPort(CheckStep.Connect connect) {
        return connect.port().isPresent() || connect.portExpression().isPresent() || connect.address().filter(a ->
                a instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.Fixed
                        || a instanceof AddressSpec.Host host && host.port() instanceof PortSpec.Fixed).isPresent();
    }
}
