package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.DIRECTOR;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import net.lbd.config.draft.CheckDraft;
import net.lbd.config.draft.DirectorDraft;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.ParameterLines;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.check.CheckKeywords;
import net.lbd.config.keyword.check.CheckOptions;
import net.lbd.config.keyword.check.SharedCheckKeywords;
import net.lbd.config.keyword.check.TcpCheckKeywords;
import net.lbd.config.keyword.proxy.LogKeywords;
import net.lbd.config.keyword.proxy.TimeoutKeywords;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/**
 * The lines of {@code director}. Source: the ALOHA appliance's "LB Layer4 reference"; {@code source}, {@code interface},
 * {@code allow} and the check language of backends are extensions.
 */
public final class DirectorKeywords {

    /** What a {@code server} line of a director shares with those of backends. */
    private static final List<String> SERVER_WORDS = List.of("weight", "check", "no-check", "inter", "fastinter", "downinter", "rise",
            "fall", "port", "addr", "check-ssl", "no-check-ssl", "check-sni", "check-alpn", "check-send-proxy", "no-check-send-proxy",
            "verify", "verifyhost", "ca-file", "crl-file", "crt", "ssl-min-ver", "ssl-max-ver", "ciphers", "ciphersuites",
            "on-marked-down", "disabled", "enabled", "id", "slowstart", "backup", "no-backup", "track",
            "agent-check", "no-agent-check", "agent-port", "agent-addr", "agent-inter", "agent-send");

    private static final KeywordTable<Parameter<ServerDraft>> SERVER_TABLE = KeywordTable.of(
            ServerKeywords.TABLE.rows().stream().filter(row -> SERVER_WORDS.contains(row.name())).toList(),
            List.of(Parameter.of("sorry", "", "Takes connections only when every other server is down; as backup.",
                    (arguments, draft) -> draft.put(ServerSettings.BACKUP, true, arguments.last()))));

    /** The lines of backends that say how servers are checked. */
    private static final Set<String> OF_CHECKS = Set.of("option httpchk", "option tcp-check", "option smtpchk", "option ldap-check",
            "option mysql-check", "option pgsql-check", "option redis-check", "option ssl-hello-chk", "timeout check",
            "timeout connect", "log");

    private static final Map<String, String> REFUSED_BALANCE = Map.of(
            "dest", "it hashes the destination, which is one address here",
            "shortestexpected", "it is a scheduler of IPVS; leastconn goes by connections and weight too",
            "neverqueue", "it is a scheduler of IPVS; leastconn prefers servers that have none");

    static final List<Directive<PlainDraft>> ROWS = Stream.concat(own().stream(), checks()).toList();

    private DirectorKeywords() { }

    private interface Reader {
        void read(Arguments arguments, DirectorDraft director);
    }

    private static Directive<PlainDraft> row(String name, String syntax, String doc, Reader reader) {
        return Directive.of(name, Set.of(DIRECTOR), syntax, doc, (arguments, draft) -> reader.read(arguments, draft.director()));
    }

    private static List<Directive<PlainDraft>> own() {
        return List.of(
                row("balance", "{ roundrobin | leastconn | source | srcdst }", """
                        How the server of a new connection is chosen, always by weight. leastconn, the default, is carried out by shares
                        that follow the connections ten times a second. source and srcdst hash the client's address, the latter with the
                        one it came to: the same client gets the same server, on this machine and on its partner, so that connections
                        outlive a takeover.""", DirectorKeywords::balance),
                row("mode", "{ nat | gateway }", """
                        nat, the default, rewrites the destination: servers must answer through this machine, or 'source' makes them.
                        gateway (direct server return) passes packets on as they are: the servers hold the director's address on their
                        loopback, and answer the clients themselves. tunnel is refused.""", DirectorKeywords::mode),
                row("source", "<address>", """
                        Source NAT, for mode nat: servers see this address of this machine instead of the client's, and need no route
                        through it. Appliances keep this rule in another tab. About 55,000 connections at a time for each server.""",
                        (arguments, director) -> {
                            director.source = Optional.of(address(arguments, "an address of this machine"));
                            director.sourceWord = Optional.of(arguments.last());
                            arguments.end();
                        }),
                row("interface", "<name>[,<name>]*", """
                        Where packets of clients come in, for mode gateway. Default: the interface whose network holds the director's
                        address.""",
                        (arguments, director) -> {
                            Word word = arguments.next("an interface, such as eth0");
                            for (String name : word.text().split(",", -1)) {
                                director.interfaces.add(new Word(interfaceName(arguments, word, name), word.location(), word.length()));
                            }
                            arguments.end();
                        }),
                row("allow", "{ <address> | <network> | <first>-<last> }…", """
                        Serves these clients only; others are dropped. May be repeated. Mail servers know the sender of a connection by
                        such lists.""", DirectorKeywords::allow),
                row("check", "[interval <time>] [timeout <time>] [port <port>] [source <address>]", """
                        When servers that say 'check' are checked. Bare numbers are seconds. Defaults: interval 10, timeout 3, the
                        server's port.""", DirectorKeywords::check),
                row("option persistence", "[timeout <time>] [netmask <mask>]", """
                        Keeps a client at its server until it has opened no connection for the time; bare numbers are seconds, the
                        default is 300. netmask takes the clients of a network for one: 255.255.255.0, or a prefix length.""",
                        DirectorKeywords::persistence),
                row("option tcpcheck", "", "Checks that servers accept connections; the default.", (arguments, director) -> {
                    arguments.end();
                    director.backend().check().choose(CheckSpec.Kind.CONNECT, arguments.keyword(), List.of());
                }),
                row("option httpcheck", "[<uri> [<status> [<host>]]]", """
                        Checks servers by GET of the target. Default: /, an answer of 2xx or 3xx, and no Host header. Full control:
                        'option httpchk' and 'http-check', as in backends.""", DirectorKeywords::httpCheck),
                refusedOption("arpcheck", "it says that a machine is there, not that its service works; use tcpcheck"),
                refusedOption("icmpcheck", "it says that a machine is there, not that its service works; use tcpcheck"),
                row("server", "<name> <address>[:<port>] [<parameter>…]", """
                        A server: an address, without a port the director's. Parameters are sorry and those of a backend's server that
                        concern weight, state and checks. In mode gateway the port must be the director's.""", DirectorKeywords::server),
                row("default-server", "<parameter>…", "Parameters of the servers below.",
                        (arguments, director) -> parameters(arguments, director.backend().defaultServer())));
    }

    private static Directive<PlainDraft> refusedOption(String name, String reason) {
        return row("option " + name, "…", "Refused: " + reason + ".", (arguments, director) -> {
            throw new StatementException(Code.REFUSED, arguments.keyword(), "'option " + name + "' is refused: " + reason);
        });
    }

    /** Lines of backends, read into the director's own. */
    private static Stream<Directive<PlainDraft>> checks() {
        return Stream.of(CheckOptions.ROWS, CheckKeywords.ROWS, SharedCheckKeywords.ROWS, TcpCheckKeywords.ROWS, TimeoutKeywords.ROWS,
                        LogKeywords.ROWS).flatMap(List::stream)
                .filter(row -> OF_CHECKS.contains(row.name()) || row.name().startsWith("http-check ") || row.name().startsWith("tcp-check "))
                .map(DirectorKeywords::ofBackend);
    }

    private static Directive<PlainDraft> ofBackend(Directive<ProxyDraft> row) {
        return new Directive<>(row.name(), row.aliases(), Set.of(DIRECTOR), row.elsewhere(), row.syntax(), row.doc(), row.support(),
                row.negatable(), (arguments, draft) -> row.parser().parse(arguments, draft.director().backend()));
    }

    /** What stands behind the name in the line that begins the section. */
    public static void header(Arguments arguments, DirectorDraft director) {
        Word word = arguments.next("an address and port, such as 192.168.1.10:443");
        int colon = word.text().lastIndexOf(':');
        if (colon < 0) {
            throw new StatementException(Code.BAD_ADDRESS, word, "'" + word + "' has no port; write ADDRESS:PORT or ADDRESS:PORT,PORT");
        }
        String host = word.text().substring(0, colon);
        director.addressWord = Optional.of(word);
        director.address = Addresses.ip(host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
        if (director.address.isEmpty() || director.address.get().isAnyLocalAddress()) {
            throw new StatementException(Code.BAD_ADDRESS, word, "'" + word + "': a director's address is one address of this machine");
        }
        Set<Integer> seen = new HashSet<>();
        for (String port : word.text().substring(colon + 1).split(",", -1)) {
            int number = arguments.value(new Word(port, word.location(), word.length()), ArgumentType.integer(1, 65535));
            if (!seen.add(number)) {
                throw new StatementException(Code.DUPLICATE, word, "'" + word + "' names port " + number + " twice");
            }
            director.ports.add(number);
        }
        if (arguments.hasNext()) {
            Word protocol = arguments.next("TCP");
            if (protocol.is("UDP")) {
                throw new StatementException(Code.REFUSED, protocol, "'UDP' is refused: directors carry TCP only, which Exchange speaks");
            }
            if (!protocol.is("TCP")) {
                throw arguments.error(protocol, "'" + protocol + "' is not a protocol of directors; use TCP");
            }
        }
        arguments.end();
    }

    private static void balance(Arguments arguments, DirectorDraft director) {
        Word word = arguments.next("an algorithm");
        if (REFUSED_BALANCE.containsKey(word.text())) {
            throw new StatementException(Code.REFUSED, word, "'balance " + word + "' is refused: " + REFUSED_BALANCE.get(word.text()));
        }
        director.balance = arguments.value(word, ArgumentType.oneOf(DirectorSpec.Balance.class));
        if (arguments.nextIs("localitybased")) {
            throw new StatementException(Code.REFUSED, arguments.next("nothing"),
                    "'localitybased' is refused: it is a scheduler for caches");
        }
        arguments.end();
    }

    private static void mode(Arguments arguments, DirectorDraft director) {
        Word word = arguments.next("nat or gateway");
        if (word.is("tunnel")) {
            throw new StatementException(Code.REFUSED, word,
                    "'mode tunnel' is refused: it wants a tunnel interface on every server, and the kernel's packet filter makes no IPIP",
                    Optional.of("use 'mode gateway' where the servers are in the same network, 'mode nat' elsewhere"));
        }
        director.mode = arguments.value(word, ArgumentType.oneOf(DirectorSpec.Mode.class));
        director.modeWord = Optional.of(word);
        arguments.end();
    }

    private static void allow(Arguments arguments, DirectorDraft director) {
        do {
            Word word = arguments.next("an address, a network or a range");
            try {
                director.allowed.add(range(word.text()));
            } catch (ValueException e) {
                throw new StatementException(e.code(), word, "'allow " + word + "': " + e.getMessage());
            }
            director.allowedWords.add(word);
        } while (arguments.hasNext());
    }

    /** {@code FIRST-LAST}, {@code NETWORK/LENGTH} or one address. */
    private static AddressRange range(String text) throws ValueException {
        int dash = text.indexOf('-');
        if (dash < 0) {
            PatternSpec.Network network = Addresses.network(text);
            byte[] first = network.address().getAddress();
            byte[] last = first.clone();
            for (int bit = network.prefixLength(); bit < first.length * 8; bit++) {
                first[bit / 8] &= (byte) ~(0x80 >> bit % 8);
                last[bit / 8] |= (byte) (0x80 >> bit % 8);
            }
            return new AddressRange(inet(first), inet(last));
        }
        return Addresses.range(text);
    }

    private static InetAddress inet(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException cannotHappen) {
            throw new AssertionError("the length is that of another address", cannotHappen);
        }
    }

    private static void check(Arguments arguments, DirectorDraft director) {
        while (arguments.hasNext()) {
            Word word = arguments.next("a word");
            switch (word.text()) {
                case "interval" -> director.backend().defaultServer().put(ServerSettings.INTER, seconds(arguments), word);
                case "timeout" -> {
                    Duration limit = seconds(arguments);
                    director.backend().settings().put(ProxySettings.TIMEOUT_CHECK, limit, word.location());
                    director.backend().settings().put(ProxySettings.TIMEOUT_CONNECT, limit, word.location());
                }
                case "port" -> director.checkPort = OptionalInt.of(arguments.next("a port", ArgumentType.integer(1, 65535)));
                case "source" -> director.backend().defaultServer().put(ServerSettings.SOURCE,
                        SourceSpec.of(address(arguments, "an address of this machine")), word);
                default -> throw arguments.unknown(word, "word", List.of("interval", "timeout", "port", "source"));
            }
        }
    }

    private static Duration seconds(Arguments arguments) {
        Duration time = arguments.next("a time in seconds", Durations.SECONDS);
        if (time.isZero()) {
            throw arguments.error(arguments.last(), "'" + arguments.last() + "': a time above 0 is wanted");
        }
        return time;
    }

    private static void persistence(Arguments arguments, DirectorDraft director) {
        director.persistenceWord = Optional.of(arguments.keyword());
        director.persistence = Optional.of(Duration.ofSeconds(300));
        while (arguments.hasNext()) {
            Word word = arguments.next("a word");
            switch (word.text()) {
                case "timeout" -> director.persistence = Optional.of(seconds(arguments));
                case "netmask" -> director.persistencePrefix = Optional.of(prefix(arguments));
                default -> throw arguments.unknown(word, "word", List.of("timeout", "netmask"));
            }
        }
    }

    private static int prefix(Arguments arguments) {
        Word word = arguments.next("a mask");
        if (Numbers.isNumber(word.text())) {
            return arguments.value(word, ArgumentType.integer(1, 128));
        }
        try {
            return Addresses.network("0.0.0.0/" + word).prefixLength();
        } catch (ValueException e) {
            throw arguments.error(word, "'netmask " + word + "': " + e.getMessage());
        }
    }

    private static void httpCheck(Arguments arguments, DirectorDraft director) {
        String uri = arguments.hasNext() ? arguments.next("a target").text() : "/";
        Optional<Word> status = arguments.hasNext() ? Optional.of(arguments.next("a status")) : Optional.empty();
        Optional<Word> host = arguments.hasNext() ? Optional.of(arguments.next("a host name")) : Optional.empty();
        arguments.end();
        SourceLocation at = arguments.location();
        ProxyDraft backend = director.backend();
        backend.check().choose(CheckSpec.Kind.HTTP, arguments.keyword(), List.of());
        List<CheckStep.Header> headers = new ArrayList<>();
        host.ifPresent(name -> headers.add(new CheckStep.Header("Host", LogFormatSpec.literal(at, name.text()))));
        backend.check().request(new CheckStep.HttpSend(at, "GET", LogFormatSpec.literal(at, uri), "HTTP/1.0", headers,
                LogFormatSpec.literal(at, ""), Optional.empty()));
        status.ifPresent(word -> {
            int code = arguments.value(word, ArgumentType.integer(100, 599));
            backend.checkForStep().http().add(new CheckDraft.Line(new CheckStep.HttpExpect(at, false,
                    CheckStep.HttpMatch.STATUS, LogFormatSpec.literal(at, word.text()),
                    List.of(new PatternSpec.Range(code, code)), Optional.empty(), CheckStep.Expectation.PLAIN), arguments.keyword()));
        });
    }

    private static void server(Arguments arguments, DirectorDraft director) {
        Word name = arguments.next("a name");
        arguments.value(name, ArgumentType.NAME);
        Word word = arguments.next("an address, such as 192.168.1.21");
        AddressSpec address = arguments.value(word, Addresses.one(Addresses.Use.SERVER));
        if (!(address instanceof AddressSpec.Ip ip)) {
            throw new StatementException(Code.BAD_ADDRESS, word, "'" + word + "': a server of a director is a numeric address; the kernel,"
                    + " which forwards the packets, asks no name server");
        }
        if (ip.port() instanceof PortSpec.Offset) {
            throw new StatementException(Code.BAD_ADDRESS, word, "'" + word + "': directors know no port offsets");
        }
        ServerDraft server = new ServerDraft(name, word, ip);
        server.inherit(director.backend().defaultServer());
        parameters(arguments, server);
        director.backend().servers().add(server);
    }

    /** A word that backends know is refused with the reason, others as unknown. */
    private static void parameters(Arguments arguments, ServerDraft draft) {
        for (Word word : arguments.upcoming()) {
            if (SERVER_TABLE.find(word.text()).isEmpty() && ServerKeywords.TABLE.find(word.text()).isPresent()) {
                throw new StatementException(Code.NOT_HERE, word, "'" + word + "' cannot be carried out by a director: it passes packets on,"
                        + " and neither opens connections nor looks into them");
            }
        }
        ParameterLines.read(arguments, SERVER_TABLE, draft);
    }

    private static InetAddress address(Arguments arguments, String what) {
        Word word = arguments.next(what);
        return Addresses.ip(word.text()).filter(a -> !a.isAnyLocalAddress()).orElseThrow(() -> new StatementException(Code.BAD_ADDRESS, word,
                "'" + word + "' is not an address"));
    }

    /** A name that the kernel would take: nothing else reaches a rule. */
    private static String interfaceName(Arguments arguments, Word word, String name) {
        if (!name.matches("[A-Za-z0-9_.@:-]{1,15}")) {
            throw arguments.error(word, "'" + name + "' is no name of an interface");
        }
        return name;
    }
}
