package net.lbd.config.model;

import java.time.Duration;

/** The single-valued directives of {@code global}. */
public final class GlobalSettings {

    /** Event loops; default: one for each processor. */
    public static final Setting<Integer> NBTHREAD = Setting.of("nbthread", Integer.class);
    /** Client connections of the whole process. */
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", Integer.class);
    /** Accepted connections in a second. */
    public static final Setting<Integer> MAXCONNRATE = Setting.of("maxconnrate", Integer.class);
    /** Sessions in a second. */
    public static final Setting<Integer> MAXSESSRATE = Setting.of("maxsessrate", Integer.class);
    /** Sessions of addresses with TLS in a second. */
    public static final Setting<Integer> MAXSSLCONN = Setting.of("maxsslconn", Integer.class);
    public static final Setting<Integer> MAXSSLRATE = Setting.of("maxsslrate", Integer.class);
    public static final Setting<String> CRT_BASE = Setting.of("crt-base", String.class);
    public static final Setting<String> CA_BASE = Setting.of("ca-base", String.class);
    /** What a {@code server … ssl} without {@code verify} does: {@code required} (default) or {@code none}. */
    public static final Setting<Verify> SSL_SERVER_VERIFY =
            Setting.of("ssl-server-verify", Verify.class, Verify.REQUIRED);
    /** Defaults for every {@code bind … ssl}; the keys are those of {@link BindSettings}. */
    public static final Setting<Settings> SSL_DEFAULT_BIND =
            Setting.of("ssl-default-bind-options", Settings.class, Settings.EMPTY);
    /** Defaults for every {@code server … ssl}; the keys are those of {@link ServerSettings}. */
    public static final Setting<Settings> SSL_DEFAULT_SERVER =
            Setting.of("ssl-default-server-options", Settings.class, Settings.EMPTY);
    /** Which files beside certificates are read: {@code none}, {@code all}, or some of {@code bundle sctl ocsp issuer key}. */
    public static final Setting<StringList> SSL_LOAD_EXTRA_FILES =
            Setting.of("ssl-load-extra-files", StringList.class, StringList.of("all"));
    /** The files beside {@code NAME.crt} are {@code NAME.key} and so on, not {@code NAME.crt.key}. */
    public static final Setting<Boolean> SSL_LOAD_EXTRA_DEL_EXT = Setting.flag("ssl-load-extra-del-ext");
    /** A folder of chains that complete certificates which come without one. */
    public static final Setting<String> ISSUERS_CHAIN_PATH = Setting.of("issuers-chain-path", String.class);
    /** Clients are not shown authorities that are their own issuers. */
    public static final Setting<Boolean> SSL_SKIP_SELF_ISSUED_CA = Setting.flag("ssl-skip-self-issued-ca");
    /** Sessions that a certificate keeps; 0: none. */
    public static final Setting<Integer> SSL_CACHE_SIZE = Setting.of("tune.ssl.cachesize", Integer.class, 20000);
    /** How long sessions of TLS 1.2 and older can be resumed. */
    public static final Setting<Duration> SSL_LIFETIME = Setting.of("tune.ssl.lifetime", Duration.class, Duration.ofSeconds(300));
    /** Bytes of a message in one TLS record; 0: as many as there may be. */
    public static final Setting<Integer> SSL_MAX_RECORD = Setting.of("tune.ssl.maxrecord", Integer.class, 0);
    public static final Setting<Integer> SSL_HARD_MAX_RECORD = Setting.of("tune.ssl.hard-maxrecord", Integer.class, 0);
    /** Bytes that are kept of what clients' TLS hellos offer; 0: nothing. */
    public static final Setting<Integer> SSL_CAPTURE = Setting.of("tune.ssl.capture-buffer-size", Integer.class, 0);
    /** The longest head of a message, room for {@code tune.maxrewrite} included; bytes. */
    public static final Setting<Integer> BUFSIZE = Setting.of("tune.bufsize", Integer.class, 16384);
    /** Room kept for headers that rules add; bytes; at most half of {@code tune.bufsize} counts. */
    public static final Setting<Integer> MAXREWRITE = Setting.of("tune.maxrewrite", Integer.class, 1024);
    /** A longer request line is cut in the log; bytes. */
    public static final Setting<Integer> LOG_URI_LENGTH = Setting.of("tune.http.logurilen", Integer.class, 1024);
    /** The longest cookie that is kept for the log, whatever {@code capture cookie} says; bytes. */
    public static final Setting<Integer> COOKIE_LENGTH = Setting.of("tune.http.cookielen", Integer.class, 63);
    /** Headers of one message. */
    public static final Setting<String> SERVER_STATE_BASE = Setting.of("server-state-base", String.class);
    public static final Setting<String> SERVER_STATE_FILE = Setting.of("server-state-file", String.class);
    /** {@code option external-check} may be used. */
    public static final Setting<Boolean> EXTERNAL_CHECK = Setting.flag("external-check");
    /** Programs of checks get the environment of the process as well. */
    public static final Setting<Boolean> EXTERNAL_CHECK_ENVIRONMENT = Setting.flag("external-check preserve-env");
    /** Programs may be started. */
    public static final Setting<Boolean> INSECURE_FORK_WANTED = Setting.flag("insecure-fork-wanted");
    /** How much each check interval varies, in percent. */
    public static final Setting<Integer> SPREAD_CHECKS = Setting.of("spread-checks", Integer.class, 0);
    /** Within what time the first checks start, however long the intervals are. */
    public static final Setting<Duration> MAX_SPREAD_CHECKS = Setting.of("max-spread-checks", Duration.class);
    public static final Setting<Integer> MAXHDR = Setting.of("tune.http.maxhdr", Integer.class, 101);
    /** Bytes that a peer may send on a stream of HTTP/2 before they are used. */
    public static final Setting<Integer> H2_INITIAL_WINDOW = Setting.of("tune.h2.initial-window-size", Integer.class, 65535);
    public static final Setting<Integer> H2_FE_INITIAL_WINDOW = Setting.of("tune.h2.fe.initial-window-size", Integer.class);
    public static final Setting<Integer> H2_BE_INITIAL_WINDOW = Setting.of("tune.h2.be.initial-window-size", Integer.class);
    /** 0: without limit. */
    public static final Setting<Integer> H2_CONCURRENT_STREAMS = Setting.of("tune.h2.max-concurrent-streams", Integer.class, 100);
    public static final Setting<Integer> H2_FE_CONCURRENT_STREAMS = Setting.of("tune.h2.fe.max-concurrent-streams", Integer.class);
    public static final Setting<Integer> H2_BE_CONCURRENT_STREAMS = Setting.of("tune.h2.be.max-concurrent-streams", Integer.class);
    public static final Setting<Integer> H2_HEADER_TABLE = Setting.of("tune.h2.header-table-size", Integer.class, 4096);
    public static final Setting<Integer> H2_FRAME_SIZE = Setting.of("tune.h2.max-frame-size", Integer.class, 16384);
    /** Streams of one client connection altogether; 0: without limit. */
    public static final Setting<Integer> H2_FE_TOTAL_STREAMS = Setting.of("tune.h2.fe.max-total-streams", Integer.class, 0);
    /** Breaches of the protocol that end a connection; 0: without limit. */
    public static final Setting<Integer> H2_FE_GLITCHES = Setting.of("tune.h2.fe.glitches-threshold", Integer.class, 0);
    public static final Setting<Integer> H2_BE_GLITCHES = Setting.of("tune.h2.be.glitches-threshold", Integer.class, 0);
    /** Clients are not told that WebSocket works over HTTP/2. */
    public static final Setting<Boolean> H2_NO_WEBSOCKETS = Setting.flag("h2-workaround-bogus-websocket-clients");
    /** The kernel's rules for answers to foreign addresses are set up while the daemon runs. */
    public static final Setting<Boolean> TRANSPARENT_ROUTING = Setting.flag("transparent-routing");
    /** After a soft stop, sessions that are left are closed after this time. */
    public static final Setting<Duration> HARD_STOP_AFTER = Setting.of("hard-stop-after", Duration.class);
    public static final Setting<Duration> GRACE = Setting.of("grace", Duration.class);
    public static final Setting<String> LOG_TAG = Setting.of("log-tag", String.class, "lbd");
    /** The name to send with RFC 3164 lines; an empty one stands for the machine's own. */
    public static final Setting<String> LOG_SEND_HOSTNAME = Setting.of("log-send-hostname", String.class);
    public static final Setting<String> NODE = Setting.of("node", String.class);
    public static final Setting<String> DESCRIPTION = Setting.of("description", String.class);
    /** The file of the process id; {@code -p} on the command line goes before it. */
    public static final Setting<String> PIDFILE = Setting.of("pidfile", String.class);
    /** Files that the process must be allowed to open. */
    public static final Setting<Integer> ULIMIT_N = Setting.of("ulimit-n", Integer.class);
    /** Descriptors that are used at most; 0: as many as the system allows. */
    public static final Setting<Integer> FD_HARD_LIMIT = Setting.of("fd-hard-limit", Integer.class, 0);
    /** An event loop that does not turn for so long is told; zero: never. */
    public static final Setting<Duration> WARN_BLOCKED_TRAFFIC =
            Setting.of("warn-blocked-traffic-after", Duration.class, Duration.ofSeconds(2));
    /** An event loop that does not turn for so long ends the process; zero: never. */
    public static final Setting<Duration> WATCHDOG_EXIT = Setting.of("tune.watchdog.exit-after", Duration.class, Duration.ofSeconds(30));
    /** With how much of heap or direct memory in use no more clients are accepted; percent; 0: never. */
    public static final Setting<Integer> MEMORY_PAUSE = Setting.of("tune.memory.pause", Integer.class, 85);
    /** Warnings refuse the configuration. */
    public static final Setting<Boolean> ZERO_WARNING = Setting.flag("zero-warning");
    /** How long a client of a command socket may take to send its line, and to take its answer. */
    public static final Setting<Duration> STATS_TIMEOUT =
            Setting.of("stats timeout", Duration.class, Duration.ofSeconds(10));
    /** Clients of one command socket at a time. */
    public static final Setting<Integer> STATS_MAXCONN = Setting.of("stats maxconn", Integer.class, 10);
    /** {@code stats socket} lines. */
    public static final Setting<ControlSockets> STATS_SOCKETS =
            Setting.of("stats socket", ControlSockets.class, ControlSockets.NONE);

    /** Variables of the process: {@code set-var} and {@code set-var-fmt}. */
    public static final Setting<GlobalVariables> VARIABLES =
            Setting.of("set-var", GlobalVariables.class, GlobalVariables.NONE);

    /** How many counters a connection or stream may track with. */
    public static final Setting<Integer> STICK_COUNTERS = Setting.of("tune.stick-counters", Integer.class, 3);
    /** The name of this process among its peers; default: the name of the machine. */
    public static final Setting<String> LOCALPEER = Setting.of("localpeer", String.class);
    /** Defaults for the files of Unix sockets in bind lines; the keys are those of {@link BindSettings}. */
    public static final Setting<Settings> UNIX_BIND = Setting.of("unix-bind", Settings.class, Settings.EMPTY);
    /** Put in front of the path of every Unix socket in bind lines. */
    public static final Setting<String> UNIX_BIND_PREFIX = Setting.of("unix-bind prefix", String.class, "");

    private GlobalSettings() { }
}
