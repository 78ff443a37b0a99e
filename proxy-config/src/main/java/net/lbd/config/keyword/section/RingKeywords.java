package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.RING;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.RingDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.log.LogTargets;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.RingSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The lines of {@code ring} sections. Source: HAProxy manual, "Rings". */
final class RingKeywords {

    static final List<Directive<PlainDraft>> ROWS = List.of(
            row("description", "<text> …", "A text for people, which 'show events' tells.", (arguments, ring) -> {
                StringBuilder text = new StringBuilder(arguments.next("a text").text());
                while (arguments.hasNext()) {
                    text.append(' ').append(arguments.next("a text").text());
                }
                ring.describe(text.toString());
            }),
            row("format", "{ iso | local | raw | rfc3164 | rfc5424 | short | priority | timed }", """
                    The format of lines in the ring and to its servers, whatever the log line says. Default: raw.""", (arguments, ring) -> {
                        Word word = arguments.next("a format");
                        ring.format(Arrays.stream(Format.values()).filter(f -> word.is(f.keyword())).findFirst().orElseThrow(() ->
                                arguments.unknown(word, "log line format", Arrays.stream(Format.values()).map(Format::keyword).toList())));
                        arguments.end();
                    }),
            row("maxlen", "<bytes>", "Longer lines are cut, their header included. Default: 16384.", (arguments, ring) -> {
                ring.maxLineBytes(arguments.next("a length", ArgumentType.integer(80, 65535)));
                arguments.end();
            }),
            row("size", "<size>", "How many bytes of lines are kept; the oldest make room. Default: 16384.", (arguments, ring) -> {
                ring.sizeBytes(arguments.next("a size", Sizes.upTo(1 << 30)));
                arguments.end();
            }),
            row("server", "<name> <address> [log-proto { legacy | octet-count }]", """
                    A syslog server that gets each line over a connection, ended by a line feed, or behind its length. What one of several
                    does not take, the others get all the same: up to 1 MiB waits for each.""", RingKeywords::server),
            row("timeout", "{ connect | server } <time>", """
                    How long connecting to a server may take (default 5s), and how long it may take nothing of what it was sent (default 30s;
                    with epoll).""", (arguments, ring) -> {
                        boolean connect = arguments.oneOf("a timeout", List.of("connect", "server")).equals("connect");
                        if (connect) {
                            ring.connectTimeout(arguments.next("a time", Durations.POSITIVE_MILLIS));
                        } else {
                            ring.serverTimeout(arguments.next("a time", Durations.POSITIVE_MILLIS));
                        }
                        arguments.end();
                    }),
            Directive.<PlainDraft>of("backing-file", Set.of(RING), "<path>", "A file that holds the ring. Not supported: 'log file@PATH' keeps lines.",
                    (arguments, draft) -> {
                        arguments.next("a path");
                        arguments.end();
                    }).notYet());

    private RingKeywords() { }

    private interface Reader {
        void read(Arguments arguments, RingDraft ring);
    }

    private static Directive<PlainDraft> row(String name, String syntax, String doc, Reader reader) {
        return Directive.of(name, Set.of(RING), syntax, doc, (arguments, draft) -> reader.read(arguments, draft.ring()));
    }

    private static void server(Arguments arguments, RingDraft ring) {
        Word name = arguments.next("a name");
        arguments.value(name, ArgumentType.NAME);
        if (ring.servers().stream().anyMatch(server -> name.is(server.name()))) {
            throw new StatementException(Code.DUPLICATE, name, "the ring has a server '" + name + "' already");
        }
        Destination destination = LogTargets.connection(arguments.next("an address and port"));
        boolean octetCount = false;
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            if (!word.is("log-proto")) {
                throw arguments.unknown(word, "parameter of a ring's server", List.of("log-proto"));
            }
            octetCount = arguments.oneOf("a framing", List.of("legacy", "octet-count")).equals("octet-count");
        }
        ring.servers().add(new RingSpec.Server(name.text(), destination, octetCount));
    }
}
