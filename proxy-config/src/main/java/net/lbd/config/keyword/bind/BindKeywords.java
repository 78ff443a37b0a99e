package net.lbd.config.keyword.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.Support;
import net.lbd.config.grammar.TlsVersions;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.IgnoredErrors;
import net.lbd.config.model.Setting;
import net.lbd.config.model.StartTls;
import net.lbd.config.model.StringList;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.model.Verify;
import net.lbd.config.model.VerifyError;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** The parameters of {@code bind} lines. Source: HAProxy manual, section "Bind options". */
public final class BindKeywords {

    private static final Support NOTHING_MADE = Support.refused("a proxy that makes certificates for other names listens in on its clients");
    private static final Support NO_NPN = Support.refused(
            "NPN was replaced by ALPN (RFC 7301), and clients and BoringSSL do not speak it any more; write 'alpn' with the same protocols");
    private static final Support NO_SIGALGS = Support.refused("BoringSSL as it is used here has no switch for it");
    private static final Support NO_SSL3 = Support.refused("SSL 3 is broken (RFC 7568), and BoringSSL does not have it");

    public static final KeywordTable<Parameter<BindDraft>> TABLE = KeywordTable.of(UnixSocketKeywords.ROWS, List.of(
            text(BindSettings.NAME, "<name>", "A name for the socket, shown in statistics and logs."),
            flag(BindSettings.SSL, "Ends TLS here; needs crt."),
            Parameter.<BindDraft>of("crt", "<path>", """
                    A PEM file with certificate, chain and key, or a folder of such files; may be repeated. Looked up
                    under crt-base; a bare name is also tried with .pem appended.""",
                    (arguments, draft) -> draft.certificates().add(arguments.next("a path"))),
            Parameter.<BindDraft>of("crt-list", "<path>", """
                    A file that lists certificates, one a line: <crtfile> [[<option> …]] [[!]<name> …]. Names may begin with '*.'; without
                    any those of the certificate count. May be repeated; the first certificate of the bind line is the default.""",
                    (arguments, draft) -> draft.certificateLists().add(arguments.next("a path"))),
            text(BindSettings.CA_FILE, "<path>", "The authorities that client certificates are checked against: a file, a folder, or @system-ca."),
            text(BindSettings.CA_VERIFY_FILE, "<path>", "Further authorities that client certificates are checked against; clients are not told their names."),
            text(BindSettings.CRL_FILE, "<path>", "Lists of revoked certificates; each certificate of a client's chain must be covered by one."),
            flag(BindSettings.NO_CA_NAMES, "Tells clients no names of authorities."),
            Parameter.<BindDraft>of("verify", "{ none | optional | required }", "Whether clients must show a certificate. Default: none.",
                    (arguments, draft) -> put(arguments, draft, BindSettings.VERIFY,
                            arguments.next("none, optional or required", ArgumentType.oneOf(Verify.class)))),
            text(BindSettings.CIPHERS, "<suites>", """
                    Cipher suites for TLS 1.2 and older, as OpenSSL writes them: names, groups such as AESGCM, '!', '-', '+' and
                    @STRENGTH. Default: those with forward secrecy and authenticated encryption. For clients of Windows 7, 8.1 and Server
                    2012 R2: ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES. Difference: BoringSSL has no finite-field Diffie-Hellman; what is
                    left out is told."""),
            text(BindSettings.CIPHERSUITES, "<suites>", """
                    Cipher suites for TLS 1.3. Difference: all three are always offered; a list of others or less is told."""),
            text(BindSettings.CURVES, "<curves>", "Elliptic curves, best first, parted by colons: X25519, P-256, P-384, P-521."),
            text(BindSettings.CURVES, "<curve>", "An elliptic curve; the old spelling of curves.", "ecdhe"),
            version(BindSettings.SSL_MIN_VER, "The oldest version of TLS. Default: TLSv1.2."),
            version(BindSettings.SSL_MAX_VER, "The newest version of TLS. Default: TLSv1.3."),
            Parameter.<BindDraft>of("no-sslv3", "", "Does not speak SSL 3, which is never spoken.", (arguments, draft) -> { }),
            without("no-tlsv10", TlsVersion.TLS_1_0), without("no-tlsv11", TlsVersion.TLS_1_1),
            without("no-tlsv12", TlsVersion.TLS_1_2), without("no-tlsv13", TlsVersion.TLS_1_3),
            only("force-tlsv10", TlsVersion.TLS_1_0), only("force-tlsv11", TlsVersion.TLS_1_1),
            only("force-tlsv12", TlsVersion.TLS_1_2), only("force-tlsv13", TlsVersion.TLS_1_3),
            Parameter.<BindDraft>of("alpn", "<protocols>", """
                    Protocols offered in the TLS handshake, best first, parted by commas. Default: http/1.1.
                    Difference: h2 is offered only where it stands here, also where HAProxy 3 offers it by itself.""",
                    BindKeywords::alpn),
            Parameter.<BindDraft>of("npn", "<protocols>", "The predecessor of alpn.",
                    (arguments, draft) -> arguments.next("protocols")).support(NO_NPN),
            Parameter.<BindDraft>of("starttls", "{ smtp | imap | pop3 }", """
                    Mail clients begin in the clear and ask for TLS by a command; nothing else is taken before it. Needs ssl and mode tcp.
                    The proxy greets; the server's greeting and its own offer of STARTTLS are left out. An extension of lbd.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.STARTTLS,
                            arguments.next("smtp, imap or pop3", ArgumentType.oneOf(StartTls.class)))),
            flag(BindSettings.STRICT_SNI, "Refuses a handshake that names no known server."),
            flag(BindSettings.NO_TLS_TICKETS, "Gives clients no TLS session tickets."),
            Parameter.<BindDraft>of("prefer-client-ciphers", "", "Lets the client's order of ciphers count.",
                    (arguments, draft) -> { }).support(Support.noEffect("the order of suites is lbd's for TLS 1.2, and BoringSSL's for TLS 1.3")),
            flag(BindSettings.ACCEPT_PROXY, """
                    Wants a PROXY protocol header (version 1 or 2) at the start of each connection. Difference: addresses and ports
                    are read strictly; the checksum of version 2 is verified."""),
            number(BindSettings.BACKLOG, 0, "The length of the kernel's queue of connections."),
            number(BindSettings.MAXCONN, 0, "Connections of each address at a time; more wait in the kernel's backlog. 0 or absent: the frontend's limit."),
            Parameter.<BindDraft>of("interface", "<name>", """
                    Only packets of this network interface. One address may be bound once for each interface. Wants CAP_NET_RAW on kernels before 5.7.
                    Default: packets of every interface.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.INTERFACE, arguments.next("<name>", ArgumentType.INTERFACE))),
            flag(BindSettings.V4V6, "An IPv6 wildcard address takes IPv4 too.")
                    .support(Support.noEffect("it does so anyway")),
            flag(BindSettings.V6ONLY, "An IPv6 wildcard address takes IPv6 only."),
            flag(BindSettings.TRANSPARENT, """
                    Listens on an address that is not the machine's own, such as one that a peer holds. With CAP_NET_ADMIN also takes connections
                    to other addresses that the kernel's rules lead here (TPROXY)."""),
            ignored("nice", "<priority:priority>", "A priority among connections.", "event loops serve connections in turn"),
            ignored("process", "<set:cpu_set>", "Which threads serve the socket.", "every event loop serves every socket"),
            ignored("thread", "<set:cpu_set>", "Which threads serve the socket.", "every event loop serves every socket"),
            ignored("shards", "<number:shards>", "How many sockets share the address.", "every event loop has a socket of its own"),
            flag(BindSettings.DEFER_ACCEPT, """
                    Lets the kernel keep a connection until its first bytes have come, or the client's handshake has been answered twice. Not for
                    protocols whose servers speak first."""),
            flag(BindSettings.TFO, """
                    Takes requests that come with the first packet (TCP fast open); the kernel must allow it to servers (net.ipv4.tcp_fastopen)."""),
            Parameter.<BindDraft>of("tcp-ut", "<time>", "How long sent bytes may stay unacknowledged before the connection ends. Default: as long as the kernel has it.",
                    (arguments, draft) -> put(arguments, draft, BindSettings.TCP_UT, arguments.next("a time", Durations.MILLIS))),
            Parameter.<BindDraft>of("mss", "<size>", """
                    The maximum segment size that is told to clients, in bytes; negative: so much less than the connection would have. Default: the kernel's.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.MSS, arguments.next("a size", ArgumentType.integer(-65535, 65535)))),
            ignoredErrors(BindSettings.CA_IGNORE_ERR, """
                    Errors of the authorities behind clients' certificates that do not end the handshake: OpenSSL's numbers or names such as
                    X509_V_ERR_CERT_HAS_EXPIRED, parted by commas, or all; ssl_c_ca_err tells them. Difference: such a bind resumes no sessions."""),
            ignoredErrors(BindSettings.CRT_IGNORE_ERR, """
                    As ca-ignore-err, of the client's certificate itself; ssl_c_err tells them."""),
            unix("ca-sign-file", "<path>", "The authority of certificates that are made.").support(NOTHING_MADE),
            unix("ca-sign-pass", "<password>", "Its password.").support(NOTHING_MADE),
            unix("sigalgs", "<algorithms>", "How we sign in handshakes.").support(NO_SIGALGS),
            unix("client-sigalgs", "<algorithms>", "How clients may sign in handshakes.").support(NO_SIGALGS),
            text(BindSettings.TLS_TICKET_KEYS, "<path>", """
                    Keys of session tickets, so that several machines take each other's: a file with at least three lines, each what
                    'openssl rand -base64 48' prints; the last but one encrypts. Default: keys of the process, which stay over reloads
                    and change twice a day. Difference: keys of 80 bytes are refused, BoringSSL has AES-128 only."""),
            Parameter.<BindDraft>of("accept-netscaler-cip", "<magic>", """
                    Wants the header of a NetScaler (Client IP insertion, both forms) with this magic number at the start of each connection;
                    with accept-proxy, the PROXY header comes behind it.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.ACCEPT_NETSCALER_CIP,
                            arguments.next("a number", BindKeywords::magic))),
            Parameter.<BindDraft>of("proto", "{ h1 | h2 }", """
                    The version of HTTP that clients speak here whatever TLS has agreed on; h2 without TLS is with prior
                    knowledge.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.PROTO, arguments.oneOf("h1 or h2", List.of("h1", "h2")))),
            Parameter.<BindDraft>of("namespace", "<name>", """
                    Listens in this network namespace, as 'ip netns list' shows it. Wants epoll and CAP_SYS_ADMIN; docs/namespaces.md tells how it
                    is done. Default: the namespace of the daemon.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.NAMESPACE, arguments.next("<name>", ArgumentType.NAMESPACE))),
            unix("level", "{ user | operator | admin }", "The level of a command socket."),
            unix("severity-output", "{ none | number | string }", "The output of a command socket."),
            unix("expose-fd", "listeners", "Gives sockets away."),
            Parameter.<BindDraft>of("ocsp-update", "{ on | off }", """
                    Whether the certificate's authority is asked in the background for OCSP answers to staple. Default: off. The authority must be in the
                    chain or in FILE.issuer; what it answers must be signed by it. Also an option of crt-list lines.""",
                    (arguments, draft) -> put(arguments, draft, BindSettings.OCSP_UPDATE,
                            arguments.oneOf("on or off", List.of("on", "off")).equals("on"))),
            unix("guid-prefix", "<prefix>", "A name that stays."),
            Parameter.<BindDraft>of("quic-cc-algo", "<algorithm>", "The congestion control of QUIC.",
                    (arguments, draft) -> arguments.oneOf("an algorithm", List.of("cubic", "newreno"))).notYet(),
            Parameter.<BindDraft>of("quic-force-retry", "", "Answers the first packet of QUIC with a retry.", (arguments, draft) -> { }).notYet(),
            Parameter.<BindDraft>of("allow-0rtt", "", "Takes early data.", (arguments, draft) -> { })
                    .support(Support.noEffect("early data can be sent twice by somebody else; clients make a whole handshake")),
            Parameter.<BindDraft>of("generate-certificates", "", "Makes certificates for names.", (arguments, draft) -> { }).support(NOTHING_MADE),
            Parameter.<BindDraft>of("no-strict-sni", "", "Takes strict-sni back, of ssl-default-bind-options too.",
                    (arguments, draft) -> put(arguments, draft, BindSettings.STRICT_SNI, false)),
            Parameter.<BindDraft>of("force-sslv3", "", "Speaks SSL 3 only.", (arguments, draft) -> { }).support(NO_SSL3),
            Parameter.<BindDraft>of("no-alpn", "", "Offers no protocol in the TLS handshake; takes alpn back.",
                    (arguments, draft) -> put(arguments, draft, BindSettings.ALPN, StringList.of())),
            number(BindSettings.ID, 1, "The number of the socket in its proxy, so_id. Default: the next that is free, from 1.")));

    private BindKeywords() { }

    private static <T> void put(Arguments arguments, BindDraft draft, Setting<T> setting, T value) {
        draft.settings().put(setting, value, arguments.last().location());
    }

    private static Parameter<BindDraft> flag(Setting<Boolean> setting, String doc) {
        return Parameter.of(setting.name(), "", doc, (arguments, draft) -> put(arguments, draft, setting, true));
    }

    private static Parameter<BindDraft> text(Setting<String> setting, String syntax, String doc) {
        return text(setting, syntax, doc, setting.name());
    }

    private static Parameter<BindDraft> text(Setting<String> setting, String syntax, String doc, String name) {
        return Parameter.of(name, syntax, doc,
                (arguments, draft) -> put(arguments, draft, setting, arguments.next(syntax, ArgumentType.TEXT)));
    }

    private static Parameter<BindDraft> number(Setting<Integer> setting, int smallest, String doc) {
        return Parameter.of(setting.name(), "<number>", doc, (arguments, draft) -> put(arguments, draft, setting,
                arguments.next("a number", ArgumentType.integer(smallest, Integer.MAX_VALUE))));
    }

    private static Parameter<BindDraft> version(Setting<TlsVersion> setting, String doc) {
        return Parameter.of(setting.name(), "<version>", doc,
                (arguments, draft) -> put(arguments, draft, setting, arguments.next("a version", TlsVersions.VERSION)));
    }

    private static Parameter<BindDraft> without(String name, TlsVersion version) {
        return Parameter.of(name, "", "Does not speak this version.", (arguments, draft) -> TlsVersions.without(
                version, BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER, draft.settings(), arguments.last().location()));
    }

    private static Parameter<BindDraft> only(String name, TlsVersion version) {
        return Parameter.of(name, "", "Speaks this version only.", (arguments, draft) -> TlsVersions.only(
                version, BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER, draft.settings(), arguments.last().location()));
    }

    private static Parameter<BindDraft> ignored(String name, String syntax, String doc, String reason) {
        return unix(name, syntax, doc).support(Support.noEffect(reason));
    }

    /** @param notation of a {@link Shape} */
    private static Parameter<BindDraft> unix(String name, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Parameter.<BindDraft>of(name, notation, doc,
                (arguments, draft) -> shape.readSome(arguments, ShapeScope.NONE)).notYet();
    }

    private static Parameter<BindDraft> ignoredErrors(Setting<IgnoredErrors> setting, String doc) {
        return Parameter.of(setting.name(), "[all|<error>,…]", doc, (arguments, draft) -> {
            Word word = arguments.next("all, or errors");
            Set<Integer> numbers = new HashSet<>();
            if (!word.text().equals("all")) {
                for (String text : word.text().split(",", -1)) {
                    numbers.add(VerifyError.number(text).orElseThrow(() -> arguments.error(word, "'" + setting.name() + " " + word + "': '" + text
                            + "' is no error of a certificate; write all, numbers such as 10, or names such as X509_V_ERR_CERT_HAS_EXPIRED")));
                }
            }
            put(arguments, draft, setting, new IgnoredErrors(word.text().equals("all"), numbers));
        });
    }

    private static Long magic(String text) throws ValueException {
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) == 0 || Long.parseLong(text) > 0xffffffffL) {
            throw new ValueException("'" + text + "' is no magic number; write a number from 1 to 4294967295");
        }
        return Long.parseLong(text);
    }

    private static void alpn(Arguments arguments, BindDraft draft) {
        Word word = arguments.next("protocols");
        List<String> offered = new ArrayList<>();
        for (String protocol : word.text().split(",", -1)) {
            if (protocol.isEmpty()) {
                throw arguments.error(word, "'alpn " + word + "': a protocol between commas is empty");
            }
            offered.add(protocol);
        }
        put(arguments, draft, BindSettings.ALPN, new StringList(offered));
    }
}
