package net.lbd.config.keyword.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.Support;
import net.lbd.config.grammar.TlsVersions;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.HashKey;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.StartTls;
import net.lbd.config.model.StringList;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.model.WebSocketProtocol;
import net.lbd.config.model.Verify;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The parameters of {@code server} and {@code default-server} lines. Source: HAProxy manual, "Server options". */
public final class ServerKeywords {

    private static final String NO_TICKETS = "servers are never asked for tickets before TLS 1.3, and it says nothing about TLS 1.3";

    private static final Support NO_SOCKS = Support.refused("lbd reaches servers without SOCKS");
    private static final Support NO_NPN = Support.refused(
            "NPN was replaced by ALPN (RFC 7301), and servers and BoringSSL do not speak it any more; write 'alpn' with the same protocols");
    private static final Support NO_SIGALGS = Support.refused("BoringSSL as it is used here has no switch for it");

    public static final KeywordTable<Parameter<ServerDraft>> TABLE = KeywordTable.of(List.of(
            number(ServerSettings.WEIGHT, 0, 256, "The share of the load. Default: 1; 0: none."),
            number(ServerSettings.MAXCONN, 0, Integer.MAX_VALUE, "Streams at a time; more wait in the queue. Default: 0, without limit."),
            number(ServerSettings.MINCONN, 0, Integer.MAX_VALUE, """
                    The limit of streams while the backend has little to do; it grows to maxconn as the backend's load grows to fullconn.
                    Default: 0, always maxconn."""),
            number(ServerSettings.MAXQUEUE, 0, Integer.MAX_VALUE, """
                    Streams that may wait for this server because their cookie or key says so; others go elsewhere. Default: 0,
                    without limit."""),
            flag(ServerSettings.BACKUP, true, "Used only when every other server is down."),
            flag("no-backup", ServerSettings.BACKUP, false, "Takes backup back."),
            flag(ServerSettings.NON_STICK, true, "No key of a stick-table is bound to this server."),
            flag("stick", ServerSettings.NON_STICK, false, "Takes non-stick back."),
            number(ServerSettings.ID, 1, Integer.MAX_VALUE, """
                    The number of the server: of statistics, balance first and consistent hashing. Default: its place among the servers."""),
            text(ServerSettings.COOKIE, "<value>", "The value of the persistence cookie that stands for the server."),
            Parameter.<ServerDraft>of("hash-key", "{ id | addr | addr-port | guid }", """
                    What decides where the server lies in consistent hashing. Default: id. Difference: with the others machines with lbd
                    agree with each other, and not with HAProxy.""", (arguments, draft) -> draft.put(ServerSettings.HASH_KEY,
                            arguments.next("one of id, addr, addr-port, guid", ArgumentType.oneOf(HashKey.class)), arguments.last())),
            Parameter.<ServerDraft>of("guid", "<identifier>", """
                    A name of the server that stays when others change, for hash-key; up to 127 letters, digits and :-_. characters.""",
                    ServerKeywords::guid),
            Parameter.<ServerDraft>of("redir", "<prefix>", """
                    Sends clients that GET or HEAD to this prefix and the path and query of their request, by a 302, instead of to the
                    server. Not a relative one: that would lead back here.""", ServerKeywords::redirect),
            flag(ServerSettings.DISABLED, true, "Starts in maintenance."),
            flag("enabled", ServerSettings.DISABLED, false, "Takes disabled back.")),
            checks(), ServerStateKeywords.ROWS, tls(), pool(), ProxyHeaderKeywords.ROWS, ResolutionKeywords.ROWS, later());

    private ServerKeywords() { }

    private static void protocol(Arguments arguments, ServerDraft draft) {
        String name = arguments.oneOf("h1 or h2", List.of("h1", "h2", "fcgi", "none"));
        if (name.startsWith("h")) {
            draft.put(ServerSettings.PROTO, name, arguments.last());
        } else {
            arguments.diagnostics().notice(Code.NOT_YET, arguments.last(), "'" + arguments.head() + " … proto " + name
                    + "' is not supported yet by this version; the daemon refuses to start with it");
        }
    }

    private static List<Parameter<ServerDraft>> checks() {
        return List.of(
                flag(ServerSettings.CHECK, true, "Checks the server's health."),
                flag("no-check", ServerSettings.CHECK, false, "Takes check back."),
                time(ServerSettings.INTER, "The time between two checks. Default: 2s."),
                time(ServerSettings.FASTINTER, "The time between checks while the state changes. Default: inter."),
                time(ServerSettings.DOWNINTER, "The time between checks while the server is down. Default: inter."),
                number(ServerSettings.RISE, 1, Integer.MAX_VALUE, "Checks that must pass in a row before the server is up. Default: 2."),
                number(ServerSettings.FALL, 1, Integer.MAX_VALUE, "Checks that must fail in a row before the server is down. Default: 3."),
                number(ServerSettings.CHECK_PORT, 1, 65535, "The port to check; also that of the agent, without agent-port. Default: the server's."),
                Parameter.<ServerDraft>of("addr", "<address>", "The address to check; also that of the agent, without agent-addr. Default: the server's.",
                        (arguments, draft) -> {
                            AddressSpec address = arguments.next("an address", Addresses.one(Addresses.Use.TARGET));
                            Addresses.refuseDescriptor(arguments, arguments.last(), address);
                            draft.put(ServerSettings.CHECK_ADDR, address, arguments.last());
                        }),
                flag(ServerSettings.CHECK_SSL, true, "Checks over TLS whatever the traffic uses."),
                flag("no-check-ssl", ServerSettings.CHECK_SSL, false, "Takes check-ssl back."),
                text(ServerSettings.CHECK_SNI, "<name>", "The server name in the check's TLS handshake."),
                Parameter.<ServerDraft>of("check-alpn", "<protocols>", "Protocols offered by the check, in place of those of alpn.",
                        (arguments, draft) -> draft.put(ServerSettings.CHECK_ALPN, alpn(arguments), arguments.last())),
                flag(ServerSettings.CHECK_SEND_PROXY, true, "Begins the check with a PROXY header; of version 2 if the traffic has that."),
                flag("no-check-send-proxy", ServerSettings.CHECK_SEND_PROXY, false, "Takes check-send-proxy back."),
                Parameter.<ServerDraft>of("check-proto", "{ h1 | h2 | fcgi | none }", """
                        The version of HTTP that HTTP checks speak; other checks send their bytes as they are. With TLS, h2 offers
                        that by ALPN too. none: HTTP/1. Default: as proto says. fcgi is not carried out yet.""",
                        (arguments, draft) -> {
                            String name = arguments.oneOf("h1, h2 or none", List.of("h1", "h2", "fcgi", "none"));
                            if (name.equals("fcgi")) {
                                arguments.diagnostics().notice(Code.NOT_YET, arguments.last(),
                                        "'check-proto fcgi' is not supported yet by this version; the daemon refuses to start with it");
                            } else {
                                draft.put(ServerSettings.CHECK_PROTO, name.equals("none") ? "h1" : name, arguments.last());
                            }
                        }),
                Parameter.<ServerDraft>of("check-via-socks4", "", """
                        Checks through the proxy of 'socks4'. Without it, as lbd is, such a check would speak of another path than the
                        traffic's.""",
                        (arguments, draft) -> { }).support(NO_SOCKS),
                Parameter.<ServerDraft>of("on-marked-down", "shutdown-sessions", """
                        Cuts the server's sessions when it goes down.""",
                        (arguments, draft) -> {
                            arguments.oneOf("an action", List.of("shutdown-sessions"));
                            draft.put(ServerSettings.SHUTDOWN_SESSIONS_ON_DOWN, true, arguments.last());
                        }));
    }

    private static List<Parameter<ServerDraft>> tls() {
        return List.of(
                flag(ServerSettings.SSL, true, "Speaks TLS to the server; needs ca-file or verify none."),
                flag("no-ssl", ServerSettings.SSL, false, "Takes ssl back."),
                Parameter.<ServerDraft>of("verify", "{ none | required }", "Whether the server's certificate is checked. Default: required.",
                        (arguments, draft) -> draft.put(ServerSettings.VERIFY,
                                "none".equals(arguments.oneOf("none or required", List.of("none", "required")))
                                        ? Verify.NONE : Verify.REQUIRED, arguments.last())),
                Parameter.<ServerDraft>of("starttls", "{ smtp | imap | pop3 }", """
                        Asks the mail server for TLS by a command of its protocol; its greeting is passed on to the client. Needs ssl and mode
                        tcp; a check without check-ssl connects in the clear. An extension of lbd.""",
                        (arguments, draft) -> draft.put(ServerSettings.STARTTLS,
                                arguments.next("smtp, imap or pop3", ArgumentType.oneOf(StartTls.class)), arguments.last())),
                text(ServerSettings.VERIFYHOST, "<name>", "The name that the server's certificate must hold."),
                text(ServerSettings.CA_FILE, "<path>", "The authorities to check against: a file under ca-base, or @system-ca."),
                text(ServerSettings.CRL_FILE, "<path>", "Lists of revoked certificates, in a file under ca-base; each certificate of the server's chain must be covered by one."),
                text(ServerSettings.CRT, "<path>", "Our certificate and key, to show to the server."),
                Parameter.<ServerDraft>of("sni", "<expression>", "The server name in the TLS handshake: a sample expression.",
                        (arguments, draft) -> draft.put(ServerSettings.SNI, SampleReader.read(
                                arguments.next("a sample expression"), SampleReader.Direction.REQUEST,
                                arguments.diagnostics()), arguments.last())),
                Parameter.<ServerDraft>of("alpn", "<protocols>", """
                        Protocols offered to the server, parted by commas. Where the server takes h2, streams share connections,
                        as 'http-reuse' and tune.h2.be.max-concurrent-streams allow.""",
                        (arguments, draft) -> draft.put(ServerSettings.ALPN, alpn(arguments), arguments.last())),
                text(ServerSettings.CIPHERS, "<suites>", """
                        Cipher suites for TLS 1.2 and older, as on bind lines. Default: all that BoringSSL has, best first, as the server chooses:
                        those before Windows Server 2016 have nothing better than CBC with forward secrecy."""),
                text(ServerSettings.CIPHERSUITES, "<suites>", "Cipher suites for TLS 1.3, as on bind lines."),
                version(ServerSettings.SSL_MIN_VER, "The oldest version of TLS. Default: TLSv1.2."),
                version(ServerSettings.SSL_MAX_VER, "The newest version of TLS. Default: TLSv1.3."),
                Parameter.<ServerDraft>of("no-sslv3", "", "Does not speak SSL 3, which is never spoken.", (arguments, draft) -> { }),
                without("no-tlsv10", TlsVersion.TLS_1_0), without("no-tlsv11", TlsVersion.TLS_1_1),
                without("no-tlsv12", TlsVersion.TLS_1_2), without("no-tlsv13", TlsVersion.TLS_1_3),
                only("force-tlsv10", TlsVersion.TLS_1_0), only("force-tlsv11", TlsVersion.TLS_1_1),
                only("force-tlsv12", TlsVersion.TLS_1_2), only("force-tlsv13", TlsVersion.TLS_1_3),
                flag(ServerSettings.NO_SSL_REUSE, true, "Does not resume TLS sessions.")
                        ,
                flag("ssl-reuse", ServerSettings.NO_SSL_REUSE, false, "Takes no-ssl-reuse back."),
                noEffect("no-tls-tickets", "", "Resumes TLS sessions without tickets only.", NO_TICKETS),
                noEffect("tls-tickets", "", "Takes no-tls-tickets back.", NO_TICKETS));
    }

    private static List<Parameter<ServerDraft>> pool() {
        return List.of(
                number(ServerSettings.POOL_MAX_CONN, -1, Integer.MAX_VALUE, "Idle connections kept. Default: -1, without limit."),
                number(ServerSettings.MAX_REUSE, -1, Integer.MAX_VALUE, """
                        How often a connection is used again; 0: never. Default: -1, without limit. Difference: a connection that is
                        bound to a client by its login is kept for it all the same."""),
                time(ServerSettings.POOL_PURGE_DELAY, Durations.MILLIS, "How long an idle connection is kept; 0: none is. Default: 5s."),
                noEffect("pool-low-conn", "<number:uint>", "How many idle connections a thread keeps to itself.",
                        "each event loop has a pool of its own"));
    }

    private static List<Parameter<ServerDraft>> later() {
        return List.of(
                notYet("log-proto", "{ legacy | octet-count }", "The framing of logs."),
                notYet("force-sslv3", "", "Speaks SSL 3 only.").support(Support.refused("SSL 3 is broken (RFC 7568), and BoringSSL does not have it")),
                notYet("sigalgs", "<algorithms>", "How we sign in handshakes.").support(NO_SIGALGS),
                notYet("client-sigalgs", "<algorithms>", "How we sign in handshakes, as a client.").support(NO_SIGALGS),
                noEffect("allow-0rtt", "", "Sends early data.", "early data can be sent twice by somebody else; servers get a whole handshake"),
                notYet("npn", "<protocols>", "The predecessor of alpn.").support(NO_NPN),
                flag("no-tfo", ServerSettings.TFO, false, "Takes tfo back."),
                notYet("shard", "<number:uint>", "The part of tables."),
                notYet("log-bufsize", "<size>", "The buffer of logs."),
                notYet("pool-conn-name", "<expression>", "The name of connections."),
                Parameter.<ServerDraft>of("proto", "{ h1 | h2 | fcgi | none }", """
                        The version of HTTP that the server speaks whatever TLS agrees on; h2 without TLS is with prior knowledge. HTTP
                        checks speak it too. fcgi and none are not carried out yet.""",
                        ServerKeywords::protocol),
                flag(ServerSettings.TFO, true, """
                        The first bytes go with the opening of the connection (TCP fast open, RFC 7413) once the server has given a cookie. The
                        connection then counts as open before the server has answered, so 'retry-on' should have conn-failure, empty-response
                        and response-timeout. Wants epoll. Default: off."""),
                time(ServerSettings.TCP_UT, Durations.POSITIVE_MILLIS, """
                        How long sent bytes may stay unacknowledged until the connection is given up: finds servers that vanished behind
                        connections that rest for hours. Wants epoll. Default: the kernel's limit, about 15 minutes."""),
                Parameter.<ServerDraft>of("namespace", "{ <name> | * }", """
                        The network namespace that the server is in, as 'ip netns list' shows it; its checks and its agent are asked there too. *: the
                        namespace that the client came from, which is that of the bind line or what a PROXY header says; checks are then made in the
                        daemon's. Wants epoll and CAP_SYS_ADMIN; docs/namespaces.md tells how it is done. Default: the namespace of the daemon.""",
                        (arguments, draft) -> draft.put(ServerSettings.NAMESPACE, arguments.next("<name> or *", ServerKeywords::namespace), arguments.last())),
                notYet("socks4", "<address:with_port>", "A SOCKS4 proxy on the way.").support(NO_SOCKS),
                Parameter.<ServerDraft>of("ws", "{ auto | h1 | h2 }", """
                        The version of HTTP for streams that ask for WebSocket. auto: as the others, but HTTP/1.1 where alpn offers that
                        too; h1: HTTP/1.1; h2: HTTP/2 (RFC 8441), which the server must speak, or the client gets 502. With
                        TLS the one version is offered by ALPN. Default: auto.""",
                        (arguments, draft) -> draft.put(ServerSettings.WS,
                                arguments.next("one of auto, h1, h2", ArgumentType.oneOf(WebSocketProtocol.class)), arguments.last())),
                Parameter.<ServerDraft>of("source", SourceReader.SYNTAX, SourceReader.DOC,
                        (arguments, draft) -> draft.put(ServerSettings.SOURCE, SourceReader.read(arguments, true), arguments.keyword())));
    }

    private static String namespace(String text) throws ValueException {
        return text.equals(ServerSpec.CLIENTS_NAMESPACE) ? text : ArgumentType.NAMESPACE.read(text);
    }

    private static void guid(Arguments arguments, ServerDraft draft) {
        Word word = arguments.next("<identifier>");
        if (!word.text().matches("[A-Za-z0-9:._-]{1,127}")) {
            throw arguments.error(word, "'guid " + word + "': up to 127 letters, digits, or one of : - _ .");
        }
        draft.put(ServerSettings.GUID, word.text(), word);
    }

    private static void redirect(Arguments arguments, ServerDraft draft) {
        Word word = arguments.next("<prefix>");
        if (!word.text().matches("[!-~]+") || word.text().startsWith("/")) {
            throw arguments.error(word, "'redir " + word + "': write the beginning of an address, such as http://mail.other.example");
        }
        draft.put(ServerSettings.REDIR, word.text(), word);
    }

    private static Parameter<ServerDraft> flag(Setting<Boolean> setting, boolean value, String doc) {
        return flag(setting.name(), setting, value, doc);
    }

    private static Parameter<ServerDraft> flag(String name, Setting<Boolean> setting, boolean value, String doc) {
        return Parameter.of(name, "", doc, (arguments, draft) -> draft.put(setting, value, arguments.last()));
    }

    private static Parameter<ServerDraft> text(Setting<String> setting, String syntax, String doc) {
        return Parameter.of(setting.name(), syntax, doc,
                (arguments, draft) -> draft.put(setting, arguments.next(syntax, ArgumentType.TEXT), arguments.last()));
    }

    private static Parameter<ServerDraft> number(Setting<Integer> setting, int from, int to, String doc) {
        return Parameter.of(setting.name(), "<number>", doc, (arguments, draft) -> draft.put(
                setting, arguments.next("a number", ArgumentType.integer(from, to)), arguments.last()));
    }

    private static Parameter<ServerDraft> time(Setting<Duration> setting, String doc) {
        return time(setting, Durations.POSITIVE_MILLIS, doc);
    }

    private static Parameter<ServerDraft> time(Setting<Duration> setting, ArgumentType<Duration> type, String doc) {
        return Parameter.of(setting.name(), "<time>", doc,
                (arguments, draft) -> draft.put(setting, arguments.next("a time", type), arguments.last()));
    }

    private static Parameter<ServerDraft> version(Setting<TlsVersion> setting, String doc) {
        return Parameter.of(setting.name(), "<version>", doc, (arguments, draft) -> draft.put(
                setting, arguments.next("a version", TlsVersions.VERSION), arguments.last()));
    }

    private static Parameter<ServerDraft> without(String name, TlsVersion version) {
        return Parameter.of(name, "", "Does not speak this version.", (arguments, draft) -> TlsVersions.without(version,
                ServerSettings.SSL_MIN_VER, ServerSettings.SSL_MAX_VER, draft.settings(), arguments.last().location()));
    }

    private static Parameter<ServerDraft> only(String name, TlsVersion version) {
        return Parameter.of(name, "", "Speaks this version only.", (arguments, draft) -> TlsVersions.only(version,
                ServerSettings.SSL_MIN_VER, ServerSettings.SSL_MAX_VER, draft.settings(), arguments.last().location()));
    }

    /** @param notation of a {@link Shape} */
    private static Parameter<ServerDraft> notYet(String name, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Parameter.<ServerDraft>of(name, notation, doc,
                (arguments, draft) -> shape.readSome(arguments, ShapeScope.NONE)).notYet();
    }

    private static Parameter<ServerDraft> noEffect(String name, String syntax, String doc, String reason) {
        return notYet(name, syntax, doc).support(Support.noEffect(reason));
    }

    private static StringList alpn(Arguments arguments) {
        Word word = arguments.next("protocols");
        List<String> offered = new ArrayList<>();
        for (String protocol : word.text().split(",", -1)) {
            if (protocol.isEmpty()) {
                throw arguments.error(word, "'alpn " + word + "': a protocol between commas is empty");
            }
            offered.add(protocol);
        }
        return new StringList(offered);
    }
}
