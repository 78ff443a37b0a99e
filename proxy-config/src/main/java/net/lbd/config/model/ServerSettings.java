package net.lbd.config.model;

import java.time.Duration;
import java.util.List;

/** The parameters of a {@code server} line. */
public final class ServerSettings {

    public static final Setting<Integer> WEIGHT = Setting.of("weight", Integer.class, 1);
    /** Connections at a time; 0: without limit. More wait in the queue. */
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", Integer.class, 0);
    /** The limit while the backend has little to do; 0: it is always {@code maxconn}. */
    public static final Setting<Integer> MINCONN = Setting.of("minconn", Integer.class, 0);
    /** Streams that may wait for the server; 0: any number. */
    public static final Setting<Integer> MAXQUEUE = Setting.of("maxqueue", Integer.class, 0);
    public static final Setting<Boolean> BACKUP = Setting.flag("backup");
    public static final Setting<Boolean> DISABLED = Setting.flag("disabled");

    /** The number of the server: of statistics, {@code balance first} and consistent hashing. */
    public static final Setting<Integer> ID = Setting.of("id", Integer.class);
    /** The value of the persistence cookie that stands for the server. */
    public static final Setting<String> COOKIE = Setting.of("cookie", String.class);
    /** A name that stays when others change, its own among all servers. */
    public static final Setting<String> GUID = Setting.of("guid", String.class);
    /** The prefix of what clients are redirected to instead of being served. */
    public static final Setting<String> REDIR = Setting.of("redir", String.class);
    public static final Setting<HashKey> HASH_KEY = Setting.of("hash-key", HashKey.class, HashKey.ID);

    public static final Setting<Boolean> CHECK = Setting.flag("check");
    public static final Setting<Duration> INTER = Setting.of("inter", Duration.class, Duration.ofSeconds(2));
    /** Default: {@code inter}. */
    public static final Setting<Duration> FASTINTER = Setting.of("fastinter", Duration.class);
    /** Default: {@code inter}. */
    public static final Setting<Duration> DOWNINTER = Setting.of("downinter", Duration.class);
    public static final Setting<Integer> RISE = Setting.of("rise", Integer.class, 2);
    public static final Setting<Integer> FALL = Setting.of("fall", Integer.class, 3);
    public static final Setting<Integer> CHECK_PORT = Setting.of("port", Integer.class);
    public static final Setting<AddressSpec> CHECK_ADDR = Setting.of("addr", AddressSpec.class);
    public static final Setting<Boolean> CHECK_SSL = Setting.flag("check-ssl");
    public static final Setting<String> CHECK_SNI = Setting.of("check-sni", String.class);
    /** Protocols that the check offers; empty: those of {@code alpn}. */
    public static final Setting<StringList> CHECK_ALPN = Setting.of("check-alpn", StringList.class, StringList.of());
    /** What HTTP checks speak: {@code h1} or {@code h2}; unset: as {@code proto} says. */
    public static final Setting<String> CHECK_PROTO = Setting.of("check-proto", String.class);
    /** What a server that is checked is taken for before its first check, and when it leaves maintenance. */
    public static final Setting<InitState> INIT_STATE = Setting.of("init-state", InitState.class, InitState.UP);

    /** See {@link #INIT_STATE}. */
    public enum InitState {
        /** Up; {@code fall} checks must fail. */
        FULLY_UP,
        /** Up; one failed check is enough. */
        UP,
        /** Down; one passed check is enough. */
        DOWN,
        /** Down; {@code rise} checks must pass. */
        FULLY_DOWN
    }

    /** What of the traffic counts as a check. */
    public static final Setting<Observe> OBSERVE = Setting.of("observe", Observe.class, Observe.NONE);
    /** Errors in a row that {@code observe} bears. */
    public static final Setting<Integer> ERROR_LIMIT = Setting.of("error-limit", Integer.class, 10);
    public static final Setting<OnError> ON_ERROR = Setting.of("on-error", OnError.class, OnError.FAIL_CHECK);
    public static final Setting<Boolean> SHUTDOWN_BACKUP_SESSIONS_ON_UP = Setting.flag("on-marked-up shutdown-backup-sessions");
    /** How long a server that comes up takes to get its full share. */
    public static final Setting<Duration> SLOWSTART = Setting.of("slowstart", Duration.class, Duration.ZERO);
    /** {@code backend/server}, or {@code server} of the same backend, whose state this one has. */
    public static final Setting<String> TRACK = Setting.of("track", String.class);
    public static final Setting<Boolean> AGENT_CHECK = Setting.flag("agent-check");
    public static final Setting<Integer> AGENT_PORT = Setting.of("agent-port", Integer.class);
    public static final Setting<AddressSpec> AGENT_ADDR = Setting.of("agent-addr", AddressSpec.class);
    public static final Setting<Duration> AGENT_INTER = Setting.of("agent-inter", Duration.class, Duration.ofSeconds(2));
    public static final Setting<String> AGENT_SEND = Setting.of("agent-send", String.class, "");

    /** See {@link #OBSERVE}. */
    public enum Observe { NONE, LAYER4, LAYER7 }

    /** See {@link #ON_ERROR}. */
    public enum OnError { FASTINTER, FAIL_CHECK, SUDDEN_DEATH, MARK_DOWN }

    public static final Setting<Boolean> CHECK_SEND_PROXY = Setting.flag("check-send-proxy");

    public static final Setting<Boolean> SSL = Setting.flag("ssl");
    /** Required unless {@code ssl-server-verify none} stands in {@code global}. */
    public static final Setting<Verify> VERIFY = Setting.of("verify", Verify.class, Verify.REQUIRED);
    /** The name that the server's certificate must hold. */
    public static final Setting<String> VERIFYHOST = Setting.of("verifyhost", String.class);
    /** A file under {@code ca-base}, or {@code @system-ca}. */
    public static final Setting<String> CA_FILE = Setting.of("ca-file", String.class);
    public static final Setting<String> CRL_FILE = Setting.of("crl-file", String.class);
    /** Our own certificate and key, shown to the server. */
    public static final Setting<String> CRT = Setting.of("crt", String.class);
    public static final Setting<SampleSpec> SNI = Setting.of("sni", SampleSpec.class);
    /** What is spoken whatever TLS has agreed on: {@code h1} or {@code h2}. */
    public static final Setting<String> PROTO = Setting.of("proto", String.class);
    public static final Setting<Boolean> TFO = Setting.flag("tfo");
    public static final Setting<Duration> TCP_UT = Setting.of("tcp-ut", Duration.class);
    public static final Setting<WebSocketProtocol> WS = Setting.of("ws", WebSocketProtocol.class, WebSocketProtocol.AUTO);
    public static final Setting<StringList> ALPN = Setting.of("alpn", StringList.class, StringList.of());
    public static final Setting<String> CIPHERS = Setting.of("ciphers", String.class);
    public static final Setting<String> CIPHERSUITES = Setting.of("ciphersuites", String.class);
    public static final Setting<TlsVersion> SSL_MIN_VER =
            Setting.of("ssl-min-ver", TlsVersion.class, TlsVersion.TLS_1_2);
    public static final Setting<TlsVersion> SSL_MAX_VER =
            Setting.of("ssl-max-ver", TlsVersion.class, TlsVersion.TLS_1_3);
    public static final Setting<Boolean> NO_SSL_REUSE = Setting.flag("no-ssl-reuse");

    /** The PROXY header that each connection begins with; unset: none was ever asked for. */
    public static final Setting<SendProxy> SEND_PROXY = Setting.of("send-proxy", SendProxy.class, SendProxy.NONE);

    /** The mail protocol in which the server is asked for TLS; unset: the connection begins with TLS. */
    public static final Setting<StartTls> STARTTLS = Setting.of("starttls", StartTls.class);

    /** Idle connections kept for reuse; -1: without limit. */
    public static final Setting<Integer> POOL_MAX_CONN = Setting.of("pool-max-conn", Integer.class, -1);
    /** How long an idle connection is kept; zero: none is. */
    public static final Setting<Duration> POOL_PURGE_DELAY =
            Setting.of("pool-purge-delay", Duration.class, Duration.ofSeconds(5));
    public static final Setting<Boolean> SHUTDOWN_SESSIONS_ON_DOWN =
            Setting.flag("on-marked-down shutdown-sessions");

    /** The network namespace that the server is in, as {@code ip netns} lists it; {@link ServerSpec#CLIENTS_NAMESPACE}: the client's; unset: the daemon's. */
    public static final Setting<String> NAMESPACE = Setting.of("namespace", String.class);

    /** Where connections to the server come from. */
    public static final Setting<SourceSpec> SOURCE = Setting.of("source", SourceSpec.class);

    /** Keys of stick-tables are not bound to this server. */
    public static final Setting<Boolean> NON_STICK = Setting.flag("non-stick");
    /** How often a connection is used again; -1: without limit. */
    public static final Setting<Integer> MAX_REUSE = Setting.of("max-reuse", Integer.class, -1);

    /** The {@code resolvers} section that follows the name of the server. */
    public static final Setting<String> RESOLVERS = Setting.of("resolvers", String.class);
    /** Addresses of this family are taken first. */
    public static final Setting<AddressFamily> RESOLVE_PREFER = Setting.of("resolve-prefer", AddressFamily.class, AddressFamily.IPV6);
    /** Addresses of these networks are taken before others. */
    public static final Setting<NetworkList> RESOLVE_NET = Setting.of("resolve-net", NetworkList.class, new NetworkList(List.of()));
    /** Servers of one name may have one address. */
    public static final Setting<Boolean> ALLOW_DUP_IP = Setting.flag("resolve-opts allow-dup-ip");
    /** The weights of SRV records say nothing. */
    public static final Setting<Boolean> IGNORE_WEIGHT = Setting.flag("resolve-opts ignore-weight");
    public static final Setting<InitAddress> INIT_ADDR = Setting.of("init-addr", InitAddress.class, InitAddress.DEFAULT);

    private ServerSettings() { }
}
