package net.lbd.config.model;

import java.time.Duration;

/** The parameters of a {@code bind} line. */
public final class BindSettings {

    public static final Setting<String> NAME = Setting.of("name", String.class);
    public static final Setting<Boolean> SSL = Setting.flag("ssl");
    /** Files or folders, already looked up under {@code crt-base}; they exist. */
    public static final Setting<StringList> CRT = Setting.of("crt", StringList.class, StringList.of());
    /** The certificates of {@code crt-list}, behind or before those of {@link #CRT}. */
    public static final Setting<CertificateList> CRT_LIST = Setting.of("crt-list", CertificateList.class, CertificateList.NONE);
    public static final Setting<String> CA_FILE = Setting.of("ca-file", String.class);
    /** Further authorities that clients are checked against, whose names they are not told. */
    public static final Setting<String> CA_VERIFY_FILE = Setting.of("ca-verify-file", String.class);
    public static final Setting<String> CRL_FILE = Setting.of("crl-file", String.class);
    /** Clients are told no names of authorities. */
    public static final Setting<Boolean> NO_CA_NAMES = Setting.flag("no-ca-names");
    public static final Setting<Verify> VERIFY = Setting.of("verify", Verify.class, Verify.NONE);
    /** Colon-separated OpenSSL names, for TLS 1.2 and older. */
    public static final Setting<String> CIPHERS = Setting.of("ciphers", String.class);
    /** Colon-separated names, for TLS 1.3. */
    public static final Setting<String> CIPHERSUITES = Setting.of("ciphersuites", String.class);
    public static final Setting<String> CURVES = Setting.of("curves", String.class);
    public static final Setting<TlsVersion> SSL_MIN_VER =
            Setting.of("ssl-min-ver", TlsVersion.class, TlsVersion.TLS_1_2);
    public static final Setting<TlsVersion> SSL_MAX_VER =
            Setting.of("ssl-max-ver", TlsVersion.class, TlsVersion.TLS_1_3);
    /** Protocols offered, best first. <em>Difference:</em> {@code h2} is not offered by default. */
    public static final Setting<StringList> ALPN = Setting.of("alpn", StringList.class, StringList.of("http/1.1"));
    /** What is spoken whatever TLS has agreed on: {@code h1} or {@code h2}. */
    public static final Setting<String> PROTO = Setting.of("proto", String.class);
    /** The number of the socket in its proxy. */
    public static final Setting<Integer> ID = Setting.of("id", Integer.class);
    public static final Setting<Boolean> STRICT_SNI = Setting.flag("strict-sni");
    public static final Setting<Boolean> NO_TLS_TICKETS = Setting.flag("no-tls-tickets");
    /** Errors of clients' certificates that do not end the handshake. */
    public static final Setting<IgnoredErrors> CRT_IGNORE_ERR = Setting.of("crt-ignore-err", IgnoredErrors.class, IgnoredErrors.NONE);
    /** As {@link #CRT_IGNORE_ERR}, of the authorities behind them. */
    public static final Setting<IgnoredErrors> CA_IGNORE_ERR = Setting.of("ca-ignore-err", IgnoredErrors.class, IgnoredErrors.NONE);
    /** The authority is asked for OCSP answers in the background. */
    public static final Setting<Boolean> OCSP_UPDATE = Setting.flag("ocsp-update");
    /** A file of keys for session tickets; unset: keys of the process. */
    public static final Setting<String> TLS_TICKET_KEYS = Setting.of("tls-ticket-keys", String.class);
    public static final Setting<Boolean> ACCEPT_PROXY = Setting.flag("accept-proxy");
    /** The magic number of the header that each connection begins with, unsigned. */
    public static final Setting<Long> ACCEPT_NETSCALER_CIP = Setting.of("accept-netscaler-cip", Long.class);
    public static final Setting<Integer> BACKLOG = Setting.of("backlog", Integer.class);
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", Integer.class);
    public static final Setting<String> INTERFACE = Setting.of("interface", String.class);
    /** The network namespace, as {@code ip netns} lists it; unset: the daemon's own. */
    public static final Setting<String> NAMESPACE = Setting.of("namespace", String.class);
    public static final Setting<Boolean> V4V6 = Setting.flag("v4v6");
    public static final Setting<Boolean> V6ONLY = Setting.flag("v6only");
    public static final Setting<Boolean> TRANSPARENT = Setting.flag("transparent");
    /** In bytes; negative: so much less than the connection would have. */
    public static final Setting<Integer> MSS = Setting.of("mss", Integer.class);
    public static final Setting<Duration> TCP_UT = Setting.of("tcp-ut", Duration.class);
    public static final Setting<Boolean> DEFER_ACCEPT = Setting.flag("defer-accept");
    public static final Setting<Boolean> TFO = Setting.flag("tfo");

    /** Permission bits of a Unix socket's file. */
    public static final Setting<Integer> MODE = Setting.of("mode", Integer.class);
    /** Owner and group of a Unix socket's file: names, or numbers as text. */
    public static final Setting<String> USER = Setting.of("user", String.class);
    public static final Setting<String> GROUP = Setting.of("group", String.class);

    /** The mail protocol in which clients ask for TLS; unset: the connection begins with TLS. */
    public static final Setting<StartTls> STARTTLS = Setting.of("starttls", StartTls.class);

    private BindSettings() { }
}
