package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.RESOLVERS;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.ResolversDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ResolversSpec.NameServer;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The lines of {@code resolvers}. Source: HAProxy manual, "The resolvers section". */
final class ResolversKeywords {

    static final List<Directive<PlainDraft>> ROWS = List.of(
            row("nameserver", "<name> <address:name_server>", """
                    A name server, asked over UDP, or over TCP if its address begins with tcp@. All name servers are asked at the same
                    time, and the first valid answer counts.""", ResolversKeywords::nameServer),
            row("parse-resolv-conf", "", "The name servers of /etc/resolv.conf, as it is when the configuration is read.",
                    (arguments, words, resolvers) -> {
                        try {
                            SystemNameServers.read().forEach(server -> add(resolvers, server, arguments.keyword()));
                        } catch (IOException e) {
                            throw new StatementException(Code.FILE, arguments.keyword(),
                                    "'parse-resolv-conf': cannot read /etc/resolv.conf: " + e.getMessage());
                        }
                    }),
            row("accepted_payload_size", "<bytes:payload>", """
                    The largest answer over UDP, 512 to 65535 bytes; the name servers are told. A longer one is cut by them and counts as an
                    error. Default: 512.""", (arguments, words, resolvers) -> {
                        int bytes = Integer.parseInt(words.get(0).text());
                        resolvers.payloadBytes(Math.max(512, bytes));
                    }),
            row("hold", "{ nx | obsolete | other | refused | timeout | valid } <time:time>", """
                    For how long the last valid answer counts more than one of this kind: after that the servers of the name go into
                    maintenance; default: 30s. valid: how long the answer to a do-resolve rule is used again; default: 10s. obsolete: how
                    long a record is kept that valid answers do not hold any more; default: 0.""",
                    (arguments, words, resolvers) -> resolvers.hold(words.get(0).text(), time(arguments, words.get(1)))),
            row("resolve_retries", "<number:positive>", "How often a question is asked before it is given up. Default: 3.",
                    (arguments, words, resolvers) -> resolvers.retries(Integer.parseInt(words.get(0).text()))),
            row("timeout", "{ resolve | retry } <time:time>", """
                    resolve: the time between two questions for a name; retry: how long an answer is waited for. Default: 1s each.""",
                    (arguments, words, resolvers) -> {
                        Duration time = arguments.value(words.get(1), Durations.POSITIVE_MILLIS);
                        if (words.get(0).is("resolve")) {
                            resolvers.resolve(time);
                        } else {
                            resolvers.retry(time);
                        }
                    }),
            row("source", "<address>", "The address to ask from.", (arguments, words, resolvers) -> { }).notYet());

    private ResolversKeywords() { }

    private interface Reader {
        /** @param words behind the keyword; their shape is right */
        void read(Arguments arguments, List<Word> words, ResolversDraft resolvers);
    }

    private static Directive<PlainDraft> row(String name, String notation, String doc, Reader reader) {
        Shape shape = Shape.of(notation);
        return Directive.of(name, Set.of(RESOLVERS), notation, doc, (arguments, draft) -> {
            List<Word> words = arguments.upcoming();
            shape.read(arguments, ShapeScope.NONE);
            reader.read(arguments, words, draft.resolvers());
        });
    }

    private static Duration time(Arguments arguments, Word word) {
        return arguments.value(word, Durations.MILLIS);
    }

    private static void nameServer(Arguments arguments, List<Word> words, ResolversDraft resolvers) {
        Word name = words.get(0);
        Word word = words.get(1);
        boolean tcp = word.text().startsWith("tcp@");
        AddressSpec address = arguments.value(word, text -> Addresses.one(Addresses.Use.TARGET)
                .read(text.startsWith("udp@") || tcp ? text.substring(4) : text));
        if (!(address instanceof AddressSpec.Ip ip)) {
            throw arguments.error(word, "'nameserver " + name + "' wants an IP address: names are what it is asked for");
        }
        int port = ip.port() instanceof PortSpec.Fixed fixed ? fixed.port() : 53;
        add(resolvers, new NameServer(name.text(), ip.address(), port, tcp), name);
    }

    private static void add(ResolversDraft resolvers, NameServer server, Word at) {
        if (resolvers.nameServers().stream().anyMatch(s -> s.name().equals(server.name()))) {
            throw new StatementException(Code.DUPLICATE, at, "a name server of this section is named '" + server.name() + "' already");
        }
        resolvers.nameServers().add(server);
    }
}
