package net.lbd.cli.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The columns of {@code show stat}, in the order of HAProxy 2.6; tools find some of them by place. Not
 * all are filled. The constants are spelt as the header is, in lower case.
 * Source: HAProxy manual, management guide, section "CSV format".
 */
enum StatColumn {
    PXNAME, SVNAME, QCUR, QMAX, SCUR, SMAX, SLIM, STOT, BIN, BOUT, DREQ, DRESP, EREQ, ECON, ERESP, WRETR, WREDIS,
    STATUS, WEIGHT, ACT, BCK, CHKFAIL, CHKDOWN, LASTCHG, DOWNTIME, QLIMIT, PID, IID, SID, THROTTLE, LBTOT, TRACKED,
    TYPE, RATE, RATE_LIM, RATE_MAX, CHECK_STATUS, CHECK_CODE, CHECK_DURATION, HRSP_1XX, HRSP_2XX, HRSP_3XX,
    HRSP_4XX, HRSP_5XX, HRSP_OTHER, HANAFAIL, REQ_RATE, REQ_RATE_MAX, REQ_TOT, CLI_ABRT, SRV_ABRT, COMP_IN,
    COMP_OUT, COMP_BYP, COMP_RSP, LASTSESS, LAST_CHK, LAST_AGT, QTIME, CTIME, RTIME, TTIME, AGENT_STATUS,
    AGENT_CODE, AGENT_DURATION, CHECK_DESC, AGENT_DESC, CHECK_RISE, CHECK_FALL, CHECK_HEALTH, AGENT_RISE,
    AGENT_FALL, AGENT_HEALTH, ADDR, COOKIE, MODE, ALGO, CONN_RATE, CONN_RATE_MAX, CONN_TOT, INTERCEPTED, DCON, DSES,
    WREW, CONNECT, REUSE, CACHE_LOOKUPS, CACHE_HITS, SRV_ICUR, SRC_ILIM, QTIME_MAX, CTIME_MAX, RTIME_MAX,
    TTIME_MAX, EINT, IDLE_CONN_CUR, SAFE_CONN_CUR, USED_CONN_CUR, NEED_CONN_EST, UWEIGHT, AGG_SERVER_STATUS,
    AGG_SERVER_CHECK_STATUS, AGG_CHECK_STATUS, SEPARATOR, SSL_SESS, SSL_REUSED_SESS, SSL_FAILED_HANDSHAKE,
    H2_HEADERS_RCVD, H2_DATA_RCVD, H2_SETTINGS_RCVD, H2_RST_STREAM_RCVD, H2_GOAWAY_RCVD,
    H2_DETECTED_CONN_PROTOCOL_ERRORS, H2_DETECTED_STRM_PROTOCOL_ERRORS, H2_RST_STREAM_RESP, H2_GOAWAY_RESP,
    H2_OPEN_CONNECTIONS, H2_BACKEND_OPEN_STREAMS, H2_TOTAL_CONNECTIONS, H2_BACKEND_TOTAL_STREAMS,
    H1_OPEN_CONNECTIONS, H1_OPEN_STREAMS, H1_TOTAL_CONNECTIONS, H1_TOTAL_STREAMS, H1_BYTES_IN, H1_BYTES_OUT,
    H1_SPLICED_BYTES_IN, H1_SPLICED_BYTES_OUT;

    /** The first line; it ends in a comma, as every line does. */
    static final String HEADER =
            "# " + Arrays.stream(values()).map(StatColumn::title).collect(Collectors.joining(",")) + ",\n";

    private String title() {
        // The statistics of HAProxy's modules stand behind a column that is called "-" and holds "-".
        return this == SEPARATOR ? "-" : name().toLowerCase(Locale.ROOT);
    }
}
