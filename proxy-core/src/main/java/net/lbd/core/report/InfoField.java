package net.lbd.core.report;

/** The lines of {@code show info}, in the order of HAProxy 2.6. Source: HAProxy manual, management guide, "show info". */
public enum InfoField {
    NAME("Name", "POS", ValueType.STR, "product"),
    VERSION("Version", "POS", ValueType.STR, "version of the product"),
    RELEASE_DATE("Release_date", "POS", ValueType.STR, "date of the version"),
    NBTHREAD("Nbthread", "CGS", ValueType.U32, "worker threads"),
    NBPROC("Nbproc", "CGS", ValueType.U32, "processes, always 1"),
    PROCESS_NUM("Process_num", "KGP", ValueType.U32, "number of the process, always 1"),
    PID("Pid", "SGP", ValueType.U32, "process id"),
    UPTIME("Uptime", "MDP", ValueType.STR, "time since the start"),
    UPTIME_SEC("Uptime_sec", "MDP", ValueType.U32, "seconds since the start"),
    MEMMAX_MB("Memmax_MB", "CLP", ValueType.U32, "most memory that the Java heap may take, in MB"),
    POOL_ALLOC_MB("PoolAlloc_MB", "MGP", ValueType.U32, "memory that the buffer pools hold, in MB"),
    POOL_USED_MB("PoolUsed_MB", "MGP", ValueType.U32, "memory of the buffer pools in use, in MB"),
    POOL_FAILED("PoolFailed", "MCP", ValueType.U32, "buffers that could not be had"),
    ULIMIT_N("Ulimit-n", "CLP", ValueType.U32, "files that the process may open"),
    MAXSOCK("Maxsock", "CLP", ValueType.U32, "sockets that the process may open"),
    MAXCONN("Maxconn", "CLP", ValueType.U32, "limit of client connections"),
    HARD_MAXCONN("Hard_maxconn", "CLP", ValueType.U32, "limit of client connections of the configuration"),
    CURR_CONNS("CurrConns", "MGP", ValueType.U32, "client connections at this moment"),
    CUM_CONNS("CumConns", "MCP", ValueType.U32, "client connections so far"),
    CUM_REQ("CumReq", "MCP", ValueType.U32, "requests so far"),
    MAX_SSL_CONNS("MaxSslConns", "MMP", ValueType.U32, "limit of TLS connections, 0 for none"),
    CURR_SSL_CONNS("CurrSslConns", "MGP", ValueType.U32, "TLS connections at this moment"),
    CUM_SSL_CONNS("CumSslConns", "MCP", ValueType.U32, "TLS connections so far"),
    MAXPIPES("Maxpipes", "CLP", ValueType.U32, "pipes for splicing, always 0"),
    PIPES_USED("PipesUsed", "MGP", ValueType.U32, "pipes for splicing in use, always 0"),
    PIPES_FREE("PipesFree", "MGP", ValueType.U32, "pipes for splicing at rest, always 0"),
    CONN_RATE("ConnRate", "MRP", ValueType.U32, "connections in the last second"),
    CONN_RATE_LIMIT("ConnRateLimit", "CLP", ValueType.U32, "limit of connections in a second"),
    MAX_CONN_RATE("MaxConnRate", "MMP", ValueType.U32, "most connections in a second"),
    SESS_RATE("SessRate", "MRP", ValueType.U32, "sessions in the last second"),
    SESS_RATE_LIMIT("SessRateLimit", "CLP", ValueType.U32, "limit of sessions in a second"),
    MAX_SESS_RATE("MaxSessRate", "MRP", ValueType.U32, "most sessions in a second"),
    SSL_RATE("SslRate", "MRP", ValueType.U32, "TLS sessions in the last second"),
    SSL_RATE_LIMIT("SslRateLimit", "CLP", ValueType.U32, "limit of TLS sessions in a second"),
    MAX_SSL_RATE("MaxSslRate", "MMP", ValueType.U32, "most TLS sessions in a second"),
    SSL_FRONTEND_KEY_RATE("SslFrontendKeyRate", "MGP", ValueType.U32, "TLS keys computed for clients in the last second"),
    SSL_FRONTEND_MAX_KEY_RATE("SslFrontendMaxKeyRate", "MMP", ValueType.U32, "most TLS keys computed for clients in a second"),
    SSL_FRONTEND_SESSION_REUSE_PCT("SslFrontendSessionReuse_pct", "MGP", ValueType.U32, "percent of TLS sessions of clients that are resumed"),
    SSL_BACKEND_KEY_RATE("SslBackendKeyRate", "MRP", ValueType.U32, "TLS keys computed for servers in the last second"),
    SSL_BACKEND_MAX_KEY_RATE("SslBackendMaxKeyRate", "MMP", ValueType.U32, "most TLS keys computed for servers in a second"),
    SSL_CACHE_LOOKUPS("SslCacheLookups", "MCP", ValueType.U32, "looks into the cache of TLS sessions"),
    SSL_CACHE_MISSES("SslCacheMisses", "MCP", ValueType.U32, "looks into the cache of TLS sessions in vain"),
    COMPRESS_BPS_IN("CompressBpsIn", "MRP", ValueType.U32, "bytes given to compression in the last second"),
    COMPRESS_BPS_OUT("CompressBpsOut", "MRP", ValueType.U32, "bytes out of compression in the last second"),
    COMPRESS_BPS_RATE_LIM("CompressBpsRateLim", "CLP", ValueType.U32, "limit of bytes out of compression in a second"),
    ZLIB_MEM_USAGE("ZlibMemUsage", "MGP", ValueType.U32, "memory of compression"),
    MAX_ZLIB_MEM_USAGE("MaxZlibMemUsage", "CLP", ValueType.U32, "limit of memory of compression"),
    TASKS("Tasks", "MGP", ValueType.U32, "tasks that the event loops have in hand"),
    RUN_QUEUE("Run_queue", "MGP", ValueType.U32, "tasks that wait for an event loop"),
    IDLE_PCT("Idle_pct", "MaP", ValueType.U32, "percent of the time that the event loops had nothing to do"),
    NODE("node", "COS", ValueType.STR, "name of the machine"),
    DESCRIPTION("description", "COS", ValueType.STR, "what this machine is"),
    STOPPING("Stopping", "MGP", ValueType.U32, "1 while the process ends"),
    JOBS("Jobs", "MGP", ValueType.U32, "connections and listeners"),
    UNSTOPPABLE_JOBS("Unstoppable Jobs", "MGP", ValueType.U32, "jobs that do not keep the process from ending"),
    LISTENERS("Listeners", "MGP", ValueType.U32, "sockets that are listened on"),
    ACTIVE_PEERS("ActivePeers", "MGP", ValueType.U32, "peers connected in our direction"),
    CONNECTED_PEERS("ConnectedPeers", "MGP", ValueType.U32, "peers connected"),
    DROPPED_LOGS("DroppedLogs", "MGP", ValueType.U32, "log lines that no target took"),
    BUSY_POLLING("BusyPolling", "MGP", ValueType.U32, "1 if the event loops do not sleep"),
    FAILED_RESOLUTIONS("FailedResolutions", "MGP", ValueType.U32, "names that were not resolved"),
    TOTAL_BYTES_OUT("TotalBytesOut", "MGP", ValueType.U64, "bytes sent to clients"),
    TOTAL_SPLICDED_BYTES_OUT("TotalSplicdedBytesOut", "MGP", ValueType.U64, "bytes sent by splicing, always 0"),
    BYTES_OUT_RATE("BytesOutRate", "MRP", ValueType.U64, "bytes sent to clients in the last second"),
    DEBUG_COMMANDS_ISSUED("DebugCommandsIssued", "MGP", ValueType.U32, "debugging commands used, always 0"),
    CUM_RECV_LOGS("CumRecvLogs", "MCP", ValueType.U32, "log lines received, always 0"),
    BUILD_INFO("Build info", "POS", ValueType.STR, "build of the product"),
    MEMMAX_BYTES("Memmax_bytes", "CLP", ValueType.U32, "most memory that the Java heap may take"),
    POOL_ALLOC_BYTES("PoolAlloc_bytes", "MGP", ValueType.U64, "memory that the buffer pools hold"),
    POOL_USED_BYTES("PoolUsed_bytes", "MGP", ValueType.U64, "memory of the buffer pools in use"),
    START_TIME_SEC("Start_time_sec", "MDP", ValueType.U32, "when the process began, in seconds since 1970"),
    TAINTED("Tainted", "SGP", ValueType.STR, "bits of what makes a process hard to support, always 0");

    private final String title;
    private final String tags;
    private final ValueType type;
    private final String doc;

    /** @param tags origin, nature and scope, a letter each */
    InfoField(String title, String tags, ValueType type, String doc) {
        this.title = title;
        this.tags = tags;
        this.type = type;
        this.doc = doc;
    }

    /** As HAProxy spells it. */
    public String title() {
        return title;
    }

    String tags() {
        return tags;
    }

    ValueType type() {
        return type;
    }

    /** What it is, in a few words. */
    public String doc() {
        return doc;
    }
}
