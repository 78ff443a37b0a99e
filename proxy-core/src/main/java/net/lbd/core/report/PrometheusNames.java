package net.lbd.core.report;

import java.util.List;

/**
 * The names under which HAProxy 2.6's exporter shows its columns, in its order: dashboards know them. Source: what
 * {@code http-request use-service prometheus-exporter} of HAProxy 2.6 answers.
 */
final class PrometheusNames {

    private static final int F = 1 << StatRow.Kind.FRONTEND.ordinal();
    private static final int B = 1 << StatRow.Kind.BACKEND.ordinal();
    private static final int S = 1 << StatRow.Kind.SERVER.ordinal();
    private static final int FB = F | B;
    private static final int BS = B | S;
    private static final int FBS = F | B | S;

    /** How a column becomes samples. */
    enum Form {
        PLAIN,
        /** Milliseconds, shown as seconds. */
        MILLIS,
        /** One for each state, of which one is 1. */
        STATE,
        /** One for each end of a check, of which one is 1. */
        CHECK,
        /** One for each class of responses. */
        CODES,
        /** Servers of a backend by state. */
        STATES,
        /** Servers of a backend by the end of their checks. */
        CHECKS
    }

    /** @param kinds bits of the kinds of rows that have it */
    record Metric(String name, StatField field, int kinds, boolean counter, Form form) {

        boolean isOf(StatRow.Kind kind) {
            return (kinds & 1 << kind.ordinal()) != 0;
        }
    }

    record ProcessMetric(String name, InfoField field, boolean counter) { }

    static final List<Metric> PROXY = List.of(
            new Metric("current_queue", StatField.QCUR, BS, false, Form.PLAIN),
            new Metric("max_queue", StatField.QMAX, BS, false, Form.PLAIN),
            new Metric("current_sessions", StatField.SCUR, FBS, false, Form.PLAIN),
            new Metric("max_sessions", StatField.SMAX, FBS, false, Form.PLAIN),
            new Metric("limit_sessions", StatField.SLIM, FBS, false, Form.PLAIN),
            new Metric("sessions_total", StatField.STOT, FBS, true, Form.PLAIN),
            new Metric("bytes_in_total", StatField.BIN, FBS, true, Form.PLAIN),
            new Metric("bytes_out_total", StatField.BOUT, FBS, true, Form.PLAIN),
            new Metric("requests_denied_total", StatField.DREQ, FB, true, Form.PLAIN),
            new Metric("responses_denied_total", StatField.DRESP, FBS, true, Form.PLAIN),
            new Metric("request_errors_total", StatField.EREQ, F, true, Form.PLAIN),
            new Metric("connection_errors_total", StatField.ECON, BS, true, Form.PLAIN),
            new Metric("response_errors_total", StatField.ERESP, BS, true, Form.PLAIN),
            new Metric("retry_warnings_total", StatField.WRETR, BS, true, Form.PLAIN),
            new Metric("redispatch_warnings_total", StatField.WREDIS, BS, true, Form.PLAIN),
            new Metric("status", StatField.STATUS, FBS, false, Form.STATE),
            new Metric("weight", StatField.WEIGHT, BS, false, Form.PLAIN),
            new Metric("active_servers", StatField.ACT, B, false, Form.PLAIN),
            new Metric("backup_servers", StatField.BCK, B, false, Form.PLAIN),
            new Metric("check_failures_total", StatField.CHKFAIL, S, true, Form.PLAIN),
            new Metric("check_up_down_total", StatField.CHKDOWN, BS, true, Form.PLAIN),
            new Metric("check_last_change_seconds", StatField.LASTCHG, BS, false, Form.PLAIN),
            new Metric("downtime_seconds_total", StatField.DOWNTIME, BS, true, Form.PLAIN),
            new Metric("queue_limit", StatField.QLIMIT, S, false, Form.PLAIN),
            new Metric("current_throttle", StatField.THROTTLE, S, false, Form.PLAIN),
            new Metric("loadbalanced_total", StatField.LBTOT, BS, true, Form.PLAIN),
            new Metric("limit_session_rate", StatField.RATE_LIM, F, false, Form.PLAIN),
            new Metric("max_session_rate", StatField.RATE_MAX, FBS, false, Form.PLAIN),
            new Metric("check_status", StatField.CHECK_STATUS, S, false, Form.CHECK),
            new Metric("check_code", StatField.CHECK_CODE, S, false, Form.PLAIN),
            new Metric("check_duration_seconds", StatField.CHECK_DURATION, S, false, Form.MILLIS),
            new Metric("http_responses_total", StatField.HRSP_1XX, FBS, true, Form.CODES),
            new Metric("http_requests_rate_max", StatField.REQ_RATE_MAX, F, false, Form.PLAIN),
            new Metric("http_requests_total", StatField.REQ_TOT, FB, true, Form.PLAIN),
            new Metric("client_aborts_total", StatField.CLI_ABRT, BS, true, Form.PLAIN),
            new Metric("server_aborts_total", StatField.SRV_ABRT, BS, true, Form.PLAIN),
            new Metric("http_comp_bytes_in_total", StatField.COMP_IN, FB, true, Form.PLAIN),
            new Metric("http_comp_bytes_out_total", StatField.COMP_OUT, FB, true, Form.PLAIN),
            new Metric("http_comp_bytes_bypassed_total", StatField.COMP_BYP, FB, true, Form.PLAIN),
            new Metric("http_comp_responses_total", StatField.COMP_RSP, FB, true, Form.PLAIN),
            new Metric("last_session_seconds", StatField.LASTSESS, BS, false, Form.PLAIN),
            new Metric("queue_time_average_seconds", StatField.QTIME, BS, false, Form.MILLIS),
            new Metric("connect_time_average_seconds", StatField.CTIME, BS, false, Form.MILLIS),
            new Metric("response_time_average_seconds", StatField.RTIME, BS, false, Form.MILLIS),
            new Metric("total_time_average_seconds", StatField.TTIME, BS, false, Form.MILLIS),
            new Metric("connections_rate_max", StatField.CONN_RATE_MAX, F, false, Form.PLAIN),
            new Metric("connections_total", StatField.CONN_TOT, F, true, Form.PLAIN),
            new Metric("intercepted_requests_total", StatField.INTERCEPTED, F, true, Form.PLAIN),
            new Metric("denied_connections_total", StatField.DCON, F, true, Form.PLAIN),
            new Metric("denied_sessions_total", StatField.DSES, F, true, Form.PLAIN),
            new Metric("failed_header_rewriting_total", StatField.WREW, FBS, true, Form.PLAIN),
            new Metric("connection_attempts_total", StatField.CONNECT, BS, true, Form.PLAIN),
            new Metric("connection_reuses_total", StatField.REUSE, BS, true, Form.PLAIN),
            new Metric("http_cache_lookups_total", StatField.CACHE_LOOKUPS, FB, true, Form.PLAIN),
            new Metric("http_cache_hits_total", StatField.CACHE_HITS, FB, true, Form.PLAIN),
            new Metric("idle_connections_current", StatField.SRV_ICUR, S, false, Form.PLAIN),
            new Metric("idle_connections_limit", StatField.SRC_ILIM, S, false, Form.PLAIN),
            new Metric("max_queue_time_seconds", StatField.QTIME_MAX, BS, false, Form.MILLIS),
            new Metric("max_connect_time_seconds", StatField.CTIME_MAX, BS, false, Form.MILLIS),
            new Metric("max_response_time_seconds", StatField.RTIME_MAX, BS, false, Form.MILLIS),
            new Metric("max_total_time_seconds", StatField.TTIME_MAX, BS, false, Form.MILLIS),
            new Metric("internal_errors_total", StatField.EINT, FBS, true, Form.PLAIN),
            new Metric("unsafe_idle_connections_current", StatField.IDLE_CONN_CUR, S, false, Form.PLAIN),
            new Metric("safe_idle_connections_current", StatField.SAFE_CONN_CUR, S, false, Form.PLAIN),
            new Metric("used_connections_current", StatField.USED_CONN_CUR, S, false, Form.PLAIN),
            new Metric("need_connections_current", StatField.NEED_CONN_EST, S, false, Form.PLAIN),
            new Metric("uweight", StatField.UWEIGHT, BS, false, Form.PLAIN),
            new Metric("agg_server_status", StatField.AGG_SERVER_STATUS, B, false, Form.STATES),
            new Metric("agg_server_check_status", StatField.AGG_SERVER_CHECK_STATUS, B, false, Form.STATES),
            new Metric("agg_check_status", StatField.AGG_CHECK_STATUS, B, false, Form.CHECKS));

    static final List<ProcessMetric> PROCESS = List.of(
            new ProcessMetric("nbthread", InfoField.NBTHREAD, false),
            new ProcessMetric("nbproc", InfoField.NBPROC, false),
            new ProcessMetric("relative_process_id", InfoField.PROCESS_NUM, false),
            new ProcessMetric("uptime_seconds", InfoField.UPTIME_SEC, false),
            new ProcessMetric("pool_failures_total", InfoField.POOL_FAILED, true),
            new ProcessMetric("max_fds", InfoField.ULIMIT_N, false),
            new ProcessMetric("max_sockets", InfoField.MAXSOCK, false),
            new ProcessMetric("max_connections", InfoField.MAXCONN, false),
            new ProcessMetric("hard_max_connections", InfoField.HARD_MAXCONN, false),
            new ProcessMetric("current_connections", InfoField.CURR_CONNS, false),
            new ProcessMetric("connections_total", InfoField.CUM_CONNS, true),
            new ProcessMetric("requests_total", InfoField.CUM_REQ, true),
            new ProcessMetric("max_ssl_connections", InfoField.MAX_SSL_CONNS, false),
            new ProcessMetric("current_ssl_connections", InfoField.CURR_SSL_CONNS, false),
            new ProcessMetric("ssl_connections_total", InfoField.CUM_SSL_CONNS, true),
            new ProcessMetric("max_pipes", InfoField.MAXPIPES, false),
            new ProcessMetric("pipes_used_total", InfoField.PIPES_USED, true),
            new ProcessMetric("pipes_free_total", InfoField.PIPES_FREE, true),
            new ProcessMetric("current_connection_rate", InfoField.CONN_RATE, false),
            new ProcessMetric("limit_connection_rate", InfoField.CONN_RATE_LIMIT, false),
            new ProcessMetric("max_connection_rate", InfoField.MAX_CONN_RATE, false),
            new ProcessMetric("current_session_rate", InfoField.SESS_RATE, false),
            new ProcessMetric("limit_session_rate", InfoField.SESS_RATE_LIMIT, false),
            new ProcessMetric("max_session_rate", InfoField.MAX_SESS_RATE, false),
            new ProcessMetric("current_ssl_rate", InfoField.SSL_RATE, false),
            new ProcessMetric("limit_ssl_rate", InfoField.SSL_RATE_LIMIT, false),
            new ProcessMetric("max_ssl_rate", InfoField.MAX_SSL_RATE, false),
            new ProcessMetric("current_frontend_ssl_key_rate", InfoField.SSL_FRONTEND_KEY_RATE, false),
            new ProcessMetric("max_frontend_ssl_key_rate", InfoField.SSL_FRONTEND_MAX_KEY_RATE, false),
            new ProcessMetric("frontend_ssl_reuse", InfoField.SSL_FRONTEND_SESSION_REUSE_PCT, false),
            new ProcessMetric("current_backend_ssl_key_rate", InfoField.SSL_BACKEND_KEY_RATE, false),
            new ProcessMetric("max_backend_ssl_key_rate", InfoField.SSL_BACKEND_MAX_KEY_RATE, false),
            new ProcessMetric("ssl_cache_lookups_total", InfoField.SSL_CACHE_LOOKUPS, true),
            new ProcessMetric("ssl_cache_misses_total", InfoField.SSL_CACHE_MISSES, true),
            new ProcessMetric("http_comp_bytes_in_total", InfoField.COMPRESS_BPS_IN, true),
            new ProcessMetric("http_comp_bytes_out_total", InfoField.COMPRESS_BPS_OUT, true),
            new ProcessMetric("limit_http_comp", InfoField.COMPRESS_BPS_RATE_LIM, false),
            new ProcessMetric("current_zlib_memory", InfoField.ZLIB_MEM_USAGE, false),
            new ProcessMetric("max_zlib_memory", InfoField.MAX_ZLIB_MEM_USAGE, false),
            new ProcessMetric("current_tasks", InfoField.TASKS, false),
            new ProcessMetric("current_run_queue", InfoField.RUN_QUEUE, false),
            new ProcessMetric("idle_time_percent", InfoField.IDLE_PCT, false),
            new ProcessMetric("stopping", InfoField.STOPPING, false),
            new ProcessMetric("jobs", InfoField.JOBS, false),
            new ProcessMetric("unstoppable_jobs", InfoField.UNSTOPPABLE_JOBS, false),
            new ProcessMetric("listeners", InfoField.LISTENERS, false),
            new ProcessMetric("active_peers", InfoField.ACTIVE_PEERS, false),
            new ProcessMetric("connected_peers", InfoField.CONNECTED_PEERS, false),
            new ProcessMetric("dropped_logs_total", InfoField.DROPPED_LOGS, true),
            new ProcessMetric("busy_polling_enabled", InfoField.BUSY_POLLING, false),
            new ProcessMetric("failed_resolutions", InfoField.FAILED_RESOLUTIONS, true),
            new ProcessMetric("bytes_out_total", InfoField.TOTAL_BYTES_OUT, true),
            new ProcessMetric("spliced_bytes_out_total", InfoField.TOTAL_SPLICDED_BYTES_OUT, true),
            new ProcessMetric("bytes_out_rate", InfoField.BYTES_OUT_RATE, false),
            new ProcessMetric("recv_logs_total", InfoField.CUM_RECV_LOGS, true),
            new ProcessMetric("build_info", InfoField.BUILD_INFO, false),
            new ProcessMetric("max_memory_bytes", InfoField.MEMMAX_BYTES, false),
            new ProcessMetric("pool_allocated_bytes", InfoField.POOL_ALLOC_BYTES, false),
            new ProcessMetric("pool_used_bytes", InfoField.POOL_USED_BYTES, false),
            new ProcessMetric("start_time_seconds", InfoField.START_TIME_SEC, false));

    private PrometheusNames() { }
}
