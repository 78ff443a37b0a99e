package net.lbd.config.model;

import java.time.Duration;

/**
 * The single-valued directives of {@code defaults}, {@code frontend}, {@code backend} and
 * {@code listen}. A timeout without a value means that nothing is waited for in vain: the wait has no
 * end, and the checker warns.
 */
public final class ProxySettings {

    public static final Setting<Duration> TIMEOUT_CLIENT = Setting.of("timeout client", Duration.class);
    public static final Setting<Duration> TIMEOUT_CLIENT_FIN = Setting.of("timeout client-fin", Duration.class);
    /** Of a TLS handshake. Default: {@code timeout http-request}, else ten seconds. */
    public static final Setting<Duration> TIMEOUT_CLIENT_HS = Setting.of("timeout client-hs", Duration.class);
    public static final Setting<Duration> TIMEOUT_SERVER = Setting.of("timeout server", Duration.class);
    public static final Setting<Duration> TIMEOUT_SERVER_FIN = Setting.of("timeout server-fin", Duration.class);
    /** <em>Difference:</em> five seconds where HAProxy waits for ever. */
    public static final Setting<Duration> TIMEOUT_CONNECT =
            Setting.of("timeout connect", Duration.class, Duration.ofSeconds(5));
    /** Default: {@code timeout connect}. */
    public static final Setting<Duration> TIMEOUT_QUEUE = Setting.of("timeout queue", Duration.class);
    /** Default: {@code timeout client}. */
    public static final Setting<Duration> TIMEOUT_HTTP_REQUEST =
            Setting.of("timeout http-request", Duration.class);
    /** Default: {@code timeout http-request}. */
    public static final Setting<Duration> TIMEOUT_HTTP_KEEP_ALIVE =
            Setting.of("timeout http-keep-alive", Duration.class);
    /** Default: {@code timeout client} and {@code timeout server}, each on its side. */
    public static final Setting<Duration> TIMEOUT_TUNNEL = Setting.of("timeout tunnel", Duration.class);
    public static final Setting<Duration> TIMEOUT_TARPIT = Setting.of("timeout tarpit", Duration.class);
    /** Default: the check's interval bounds the whole check. */
    public static final Setting<Duration> TIMEOUT_CHECK = Setting.of("timeout check", Duration.class);

    /** Of a frontend: sessions at a time; more wait in the kernel's backlog. */
    /** Sessions in a second. */
    public static final Setting<Integer> RATE_LIMIT_SESSIONS = Setting.of("rate-limit sessions", Integer.class);
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", Integer.class);
    public static final Setting<Integer> BACKLOG = Setting.of("backlog", Integer.class);
    /** The load of a backend at which its servers reach their maxconn. Default: a tenth of the maxconns of its frontends. */
    public static final Setting<Integer> FULLCONN = Setting.of("fullconn", Integer.class);
    /** -1: any number. */
    public static final Setting<Integer> MAX_KEEP_ALIVE_QUEUE = Setting.of("max-keep-alive-queue", Integer.class, -1);
    /** Attempts to connect after the first. */
    public static final Setting<Integer> RETRIES = Setting.of("retries", Integer.class, 3);
    /** Where connections to servers come from that do not say it themselves. */
    public static final Setting<SourceSpec> SOURCE = Setting.of("source", SourceSpec.class);
    public static final Setting<RetryOn> RETRY_ON = Setting.of("retry-on", RetryOn.class, RetryOn.CONNECTIONS);
    /** 0: off; -1: on the last retry; n: on every n-th retry. */
    public static final Setting<Integer> REDISPATCH = Setting.of("option redispatch", Integer.class, 0);

    public static final Setting<ConnectionMode> CONNECTION_MODE =
            Setting.of("option http-keep-alive", ConnectionMode.class, ConnectionMode.KEEP_ALIVE);
    public static final Setting<HttpReuse> HTTP_REUSE = Setting.of("http-reuse", HttpReuse.class, HttpReuse.SAFE);
    /** Where the states of the servers at the start come from. */
    public static final Setting<StateSource> LOAD_SERVER_STATE =
            Setting.of("load-server-state-from-file", StateSource.class, StateSource.NONE);
    /** The file of {@link StateSource#LOCAL}; default: the name of the backend. */
    public static final Setting<String> SERVER_STATE_FILE_NAME = Setting.of("server-state-file-name", String.class);

    /** See {@link #LOAD_SERVER_STATE}. */
    public enum StateSource { GLOBAL, LOCAL, NONE }

    /** The {@code mailers} section that gets mails about the servers; without it, {@code from} and {@code to} there are none. */
    public static final Setting<String> EMAIL_ALERT_MAILERS = Setting.of("email-alert mailers", String.class);
    public static final Setting<String> EMAIL_ALERT_FROM = Setting.of("email-alert from", String.class);
    public static final Setting<String> EMAIL_ALERT_TO = Setting.of("email-alert to", String.class);
    public static final Setting<LogTargetSpec.Level> EMAIL_ALERT_LEVEL =
            Setting.of("email-alert level", LogTargetSpec.Level.class, LogTargetSpec.Level.ALERT);
    /** Default: the name of the machine. */
    public static final Setting<String> EMAIL_ALERT_MYHOSTNAME = Setting.of("email-alert myhostname", String.class);

    public static final Setting<Boolean> LOG_HEALTH_CHECKS = Setting.flag("option log-health-checks");
    public static final Setting<Boolean> ABORT_ON_CLOSE = Setting.flag("option abortonclose");
    public static final Setting<Boolean> PREFER_LAST_SERVER = Setting.flag("option prefer-last-server");
    public static final Setting<ForwardFor> FORWARDFOR = Setting.of("option forwardfor", ForwardFor.class);

    /** A connection in the clear that begins with HTTP/2's preface is not taken as such. */
    public static final Setting<Boolean> DISABLE_H2_UPGRADE = Setting.flag("option disable-h2-upgrade");
    public static final Setting<Boolean> DONTLOGNULL = Setting.flag("option dontlognull");
    public static final Setting<Boolean> CONTSTATS = Setting.flag("option contstats");
    public static final Setting<Boolean> LOGASAP = Setting.flag("option logasap");
    public static final Setting<Boolean> DONTLOG_NORMAL = Setting.flag("option dontlog-normal");
    public static final Setting<Boolean> LOG_SEPARATE_ERRORS = Setting.flag("option log-separate-errors");
    /** What a session's line looks like: of {@code log-format}, {@code option httplog} or {@code tcplog}. */
    public static final Setting<LogFormatSpec> LOG_FORMAT = Setting.of("log-format", LogFormatSpec.class);
    /** The line of a connection that ended before it had a stream. Default: HAProxy's own words. */
    public static final Setting<LogFormatSpec> ERROR_LOG_FORMAT = Setting.of("error-log-format", LogFormatSpec.class);
    /** What stands as structured data in lines of RFC 5424. */
    public static final Setting<LogFormatSpec> LOG_FORMAT_SD = Setting.of("log-format-sd", LogFormatSpec.class);
    public static final Setting<LogFormatSpec> UNIQUE_ID_FORMAT = Setting.of("unique-id-format", LogFormatSpec.class);
    /** The request header that tells the server the identifier. */
    public static final Setting<String> UNIQUE_ID_HEADER = Setting.of("unique-id-header", String.class);
    /** The cookie that is kept for the log, of both directions. */
    public static final Setting<CookieCapture> CAPTURE_COOKIE = Setting.of("capture cookie", CookieCapture.class);
    /** What is compressed of responses: {@code compression algo} and its kin. */
    public static final Setting<CompressionSpec> COMPRESSION =
            Setting.of("compression algo", CompressionSpec.class, CompressionSpec.NONE);
    public static final Setting<String> LOG_TAG = Setting.of("log-tag", String.class);
    /** Kernel splicing is not used: copying was measured to be as fast. Accepted for its users' files. */
    public static final Setting<Boolean> SPLICE_AUTO = Setting.flag("option splice-auto");
    public static final Setting<Boolean> TCP_SMART_ACCEPT = Setting.flag("option tcp-smart-accept");
    /** How long {@code tcp-request content} rules may wait for bytes. Default: they do not wait. */
    public static final Setting<Duration> TCP_REQUEST_INSPECT_DELAY =
            Setting.of("tcp-request inspect-delay", Duration.class);
    /** How long {@code tcp-response content} rules may wait for bytes. Default: they do not wait. */
    public static final Setting<Duration> TCP_RESPONSE_INSPECT_DELAY =
            Setting.of("tcp-response inspect-delay", Duration.class);
    public static final Setting<HashTypeSpec> HASH_TYPE = Setting.of("hash-type", HashTypeSpec.class, HashTypeSpec.DEFAULT);
    /** A server's share of the load at most, in percent of the average; 0: without limit. */
    public static final Setting<Integer> HASH_BALANCE_FACTOR = Setting.of("hash-balance-factor", Integer.class, 0);
    public static final Setting<HashAffinity> HASH_PRESERVE_AFFINITY =
            Setting.of("hash-preserve-affinity", HashAffinity.class, HashAffinity.ALWAYS);
    /** All backup servers stand in together, not the first alone. */
    public static final Setting<Boolean> ALLBACKUPS = Setting.flag("option allbackups");
    /** The cookie that says which server a client had. */
    public static final Setting<CookieSpec> COOKIE = Setting.of("cookie", CookieSpec.class);
    public static final Setting<String> DYNAMIC_COOKIE_KEY = Setting.of("dynamic-cookie-key", String.class);
    /** Clients go to their server even if it is down. */
    public static final Setting<Boolean> PERSIST = Setting.flag("option persist");
    /** The name of the RDP cookie that says which server a client had. */
    public static final Setting<String> PERSIST_RDP_COOKIE = Setting.of("persist rdp-cookie", String.class);
    /** One address in place of balancing. */
    public static final Setting<AddressSpec> DISPATCH = Setting.of("dispatch", AddressSpec.class);
    /** Idle server connections that a client's connection keeps. */
    public static final Setting<Integer> MAX_SESSION_SRV_CONNS = Setting.of("max-session-srv-conns", Integer.class, 5);
    public static final Setting<StickRules> STICK = Setting.of("stick on", StickRules.class);
    /** The statistics page. */
    public static final Setting<StatsSpec> STATS = Setting.of("stats enable", StatsSpec.class);
    public static final Setting<Boolean> DISABLED = Setting.flag("disabled");
    /** The number in statistics; see {@link ProxyNumbers}. */
    public static final Setting<Integer> ID = Setting.of("id", Integer.class);

    /** What is answered in place of errors: {@code errorfile} and its kin. */
    public static final Setting<ErrorReplies> ERROR_REPLIES =
            Setting.of("errorfile", ErrorReplies.class, ErrorReplies.NONE);
    /** Path and query that are answered with 200, before any rule and without a log line. */
    public static final Setting<String> MONITOR_URI = Setting.of("monitor-uri", String.class);

    // ---- what is asked of sockets
    public static final Setting<Boolean> NOLINGER = Setting.flag("option nolinger");
    public static final Setting<Boolean> CLIENT_KEEPALIVE = Setting.flag("option clitcpka");
    public static final Setting<Integer> CLIENT_KEEPALIVE_COUNT = Setting.of("clitcpka-cnt", Integer.class);
    public static final Setting<Duration> CLIENT_KEEPALIVE_IDLE = Setting.of("clitcpka-idle", Duration.class);
    public static final Setting<Duration> CLIENT_KEEPALIVE_INTERVAL = Setting.of("clitcpka-intvl", Duration.class);
    public static final Setting<Boolean> SERVER_KEEPALIVE = Setting.flag("option srvtcpka");
    public static final Setting<Integer> SERVER_KEEPALIVE_COUNT = Setting.of("srvtcpka-cnt", Integer.class);
    public static final Setting<Duration> SERVER_KEEPALIVE_IDLE = Setting.of("srvtcpka-idle", Duration.class);
    public static final Setting<Duration> SERVER_KEEPALIVE_INTERVAL = Setting.of("srvtcpka-intvl", Duration.class);

    // ---- what is asked of HTTP messages
    /** As {@code option forwardfor}, of the address that the client came to. */
    public static final Setting<ForwardFor> ORIGINALTO = Setting.of("option originalto", ForwardFor.class);
    public static final Setting<ForwardedSpec> FORWARDED = Setting.of("option forwarded", ForwardedSpec.class);
    /** The request header that gets the name of the server. */
    public static final Setting<String> SEND_NAME_HEADER = Setting.of("http-send-name-header", String.class);
    public static final Setting<Boolean> UNSAFE_REQUESTS = Setting.flag("option accept-invalid-http-request");
    public static final Setting<Boolean> UNSAFE_RESPONSES = Setting.flag("option accept-invalid-http-response");
    public static final Setting<Boolean> BUFFER_REQUEST = Setting.flag("option http-buffer-request");
    public static final Setting<Boolean> CHECK_CACHE = Setting.flag("option checkcache");
    public static final Setting<Boolean> IGNORE_PROBES = Setting.flag("option http-ignore-probes");
    public static final Setting<Boolean> PRETEND_KEEPALIVE = Setting.flag("option http-pretend-keepalive");
    public static final Setting<Boolean> IDLE_CLOSE_ON_RESPONSE = Setting.flag("option idle-close-on-response");
    public static final Setting<Boolean> USE_PROXY_HEADER = Setting.flag("option http-use-proxy-header");
    public static final Setting<Boolean> DROP_REQUEST_TRAILERS = Setting.flag("option http-drop-request-trailers");
    public static final Setting<Boolean> DROP_RESPONSE_TRAILERS = Setting.flag("option http-drop-response-trailers");
    public static final Setting<OddHeaderNames> ODD_HEADER_NAMES =
            Setting.of("option http-restrict-req-hdr-names", OddHeaderNames.class, OddHeaderNames.PRESERVE);

    private ProxySettings() { }
}
