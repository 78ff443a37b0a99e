package net.lbd.core.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The columns of {@code show stat}, in the order of HAProxy 2.6; tools find some of them by place. The constants are spelt as the
 * header is, in lower case. From {@link #SSL_SESS} on they belong to HAProxy's modules, behind a column that is called "-" and holds "-".
 * Source: HAProxy manual, management guide, "CSV format" and "Typed output format".
 */
public enum StatField {
    PXNAME("KNS", ValueType.STR, "name of the proxy"),
    SVNAME("KNS", ValueType.STR, "FRONTEND, BACKEND, or the name of the server"),
    QCUR("MGP", ValueType.U32, "streams that wait at this moment"),
    QMAX("MMP", ValueType.U32, "most streams that waited at one time"),
    SCUR("MGP", ValueType.U32, "sessions at this moment"),
    SMAX("MMP", ValueType.U32, "most sessions at one time"),
    SLIM("CLP", ValueType.U32, "limit of sessions"),
    STOT("MCP", ValueType.U64, "sessions so far"),
    BIN("MCP", ValueType.U64, "bytes from clients"),
    BOUT("MCP", ValueType.U64, "bytes to clients"),
    DREQ("MCP", ValueType.U64, "requests that rules denied"),
    DRESP("MCP", ValueType.U64, "responses that rules denied"),
    EREQ("MCP", ValueType.U64, "requests that were no valid ones"),
    ECON("MCP", ValueType.U64, "connections to servers that failed"),
    ERESP("MCP", ValueType.U64, "responses that were no valid ones, or did not come"),
    WRETR("MCP", ValueType.U64, "connections tried again"),
    WREDIS("MCP", ValueType.U64, "requests sent to another server"),
    STATUS("SGP", ValueType.STR, "state in a word"),
    WEIGHT("MaP", ValueType.U32, "weight that counts now"),
    ACT("SGP", "MGP", ValueType.U32, "active servers that take traffic"),
    BCK("SGP", "MGP", ValueType.U32, "backup servers that take traffic"),
    CHKFAIL("MCP", ValueType.U64, "checks that failed while the server was up"),
    CHKDOWN("MCP", ValueType.U64, "times that it went down"),
    LASTCHG("MAP", ValueType.U32, "seconds since the state changed"),
    DOWNTIME("MCP", ValueType.U32, "seconds out of service altogether"),
    QLIMIT("CLS", ValueType.U32, "most streams that may wait for the server"),
    PID("KGP", ValueType.U32, "number of the process, always 1"),
    IID("KGS", ValueType.U32, "number of the proxy"),
    SID("KGS", ValueType.U32, "number of the server, 0 for the proxy"),
    THROTTLE("MGP", ValueType.U32, "percent of its load that a starting server takes"),
    LBTOT("MCP", ValueType.U64, "times that a server was chosen"),
    TRACKED("CNS", ValueType.STR, "server whose state this one has"),
    TYPE("CGS", ValueType.U32, "0 frontend, 1 backend, 2 server, 3 listener"),
    RATE("MRP", "MGP", ValueType.U32, "sessions in the last second"),
    RATE_LIM("CLP", ValueType.U32, "limit of sessions in a second"),
    RATE_MAX("MMP", "MGP", ValueType.U32, "most sessions in a second"),
    CHECK_STATUS("MOP", ValueType.STR, "how the last check ended"),
    CHECK_CODE("MOP", ValueType.U32, "code that the last check got"),
    CHECK_DURATION("MDP", ValueType.U64, "milliseconds that the last check took"),
    HRSP_1XX("MCP", ValueType.U64, "responses with a status of 1xx"),
    HRSP_2XX("MCP", ValueType.U64, "responses with a status of 2xx"),
    HRSP_3XX("MCP", ValueType.U64, "responses with a status of 3xx"),
    HRSP_4XX("MCP", ValueType.U64, "responses with a status of 4xx"),
    HRSP_5XX("MCP", ValueType.U64, "responses with a status of 5xx"),
    HRSP_OTHER("MCP", ValueType.U64, "responses with another status"),
    HANAFAIL("MCP", ValueType.U64, "times that the watch over the traffic had enough"),
    REQ_RATE("MRP", ValueType.U32, "requests in the last second"),
    REQ_RATE_MAX("MMP", ValueType.U32, "most requests in a second"),
    REQ_TOT("MCP", ValueType.U64, "requests so far"),
    CLI_ABRT("MCP", ValueType.U64, "transfers that the client broke off"),
    SRV_ABRT("MCP", ValueType.U64, "transfers that the server broke off"),
    COMP_IN("MCP", ValueType.U64, "bytes given to compression"),
    COMP_OUT("MCP", ValueType.U64, "bytes that came out of compression"),
    COMP_BYP("MCP", ValueType.U64, "bytes that went past compression"),
    COMP_RSP("MCP", ValueType.U64, "responses compressed"),
    LASTSESS("MAP", ValueType.S32, "seconds since the last session, -1 for none"),
    LAST_CHK("MOP", ValueType.STR, "what the last check said"),
    LAST_AGT("MOP", ValueType.STR, "what the agent said last"),
    QTIME("MaP", ValueType.U32, "mean milliseconds in the queue, of about the last 1024"),
    CTIME("MaP", ValueType.U32, "mean milliseconds to connect, of about the last 1024"),
    RTIME("MaP", ValueType.U32, "mean milliseconds to the response, of about the last 1024"),
    TTIME("MaP", ValueType.U32, "mean milliseconds altogether, of about the last 1024"),
    AGENT_STATUS("MOP", ValueType.STR, "how the last agent check ended"),
    AGENT_CODE("MOP", ValueType.U32, "number that the agent check got"),
    AGENT_DURATION("MDP", ValueType.U64, "milliseconds that the last agent check took"),
    CHECK_DESC("MOP", ValueType.STR, "how the last check ended, in words"),
    AGENT_DESC("MOP", ValueType.STR, "how the last agent check ended, in words"),
    CHECK_RISE("CGS", ValueType.U32, "checks that bring the server up"),
    CHECK_FALL("CGS", ValueType.U32, "checks that take the server down"),
    CHECK_HEALTH("CGS", ValueType.U32, "health, from 0 to rise and fall less 1"),
    AGENT_RISE("CGS", ValueType.U32, "agent checks that bring the server up"),
    AGENT_FALL("CGS", ValueType.U32, "agent checks that take the server down"),
    AGENT_HEALTH("CGS", ValueType.U32, "health by the agent"),
    ADDR("CGS", ValueType.STR, "address and port of the server"),
    COOKIE("CNS", ValueType.STR, "cookie value of the server, or name of the cookie"),
    MODE("CGS", ValueType.STR, "mode of the proxy"),
    ALGO("CGS", ValueType.STR, "balancing algorithm"),
    CONN_RATE("MRP", ValueType.U32, "connections in the last second"),
    CONN_RATE_MAX("MMP", ValueType.U32, "most connections in a second"),
    CONN_TOT("MCP", ValueType.U64, "connections so far"),
    INTERCEPTED("MCP", ValueType.U64, "requests answered by the monitor or a service"),
    DCON("MCP", ValueType.U64, "connections that connection rules denied"),
    DSES("MCP", ValueType.U64, "connections that session rules denied"),
    WREW("MCP", ValueType.U64, "rewrites of headers that failed"),
    CONNECT("MCP", ValueType.U64, "server connections opened"),
    REUSE("MCP", ValueType.U64, "server connections used again"),
    CACHE_LOOKUPS("MCP", ValueType.U64, "looks into the cache"),
    CACHE_HITS("MCP", ValueType.U64, "responses out of the cache"),
    SRV_ICUR("MGP", ValueType.U32, "idle server connections"),
    SRC_ILIM("CLP", ValueType.U32, "limit of idle server connections"),
    QTIME_MAX("MMP", ValueType.U32, "most milliseconds in the queue"),
    CTIME_MAX("MMP", ValueType.U32, "most milliseconds to connect"),
    RTIME_MAX("MMP", ValueType.U32, "most milliseconds to the response"),
    TTIME_MAX("MMP", ValueType.U32, "most milliseconds altogether"),
    EINT("MCP", ValueType.U64, "internal errors"),
    IDLE_CONN_CUR("MGP", ValueType.U32, "idle connections not known to be safe for every client"),
    SAFE_CONN_CUR("MGP", ValueType.U32, "idle connections safe for every client"),
    USED_CONN_CUR("MGP", ValueType.U32, "connections in use"),
    NEED_CONN_EST("MGP", ValueType.U32, "connections thought to be needed"),
    UWEIGHT("MaP", ValueType.U32, "weight as the administrator has it"),
    AGG_SERVER_STATUS("MGP", ValueType.U32, "kept for the exporter"),
    AGG_SERVER_CHECK_STATUS("MGP", ValueType.U32, "kept for the exporter"),
    AGG_CHECK_STATUS("MGP", ValueType.U32, "kept for the exporter"),
    SSL_SESS("MCP", ValueType.U64, "TLS sessions"),
    SSL_REUSED_SESS("MCP", ValueType.U64, "TLS sessions resumed"),
    SSL_FAILED_HANDSHAKE("MCP", ValueType.U64, "TLS handshakes that failed"),
    H2_HEADERS_RCVD("MCP", ValueType.U64, "HEADERS frames received"),
    H2_DATA_RCVD("MCP", ValueType.U64, "DATA frames received"),
    H2_SETTINGS_RCVD("MCP", ValueType.U64, "SETTINGS frames received"),
    H2_RST_STREAM_RCVD("MCP", ValueType.U64, "RST_STREAM frames received"),
    H2_GOAWAY_RCVD("MCP", ValueType.U64, "GOAWAY frames received"),
    H2_DETECTED_CONN_PROTOCOL_ERRORS("MCP", ValueType.U64, "protocol errors of HTTP/2 connections"),
    H2_DETECTED_STRM_PROTOCOL_ERRORS("MCP", ValueType.U64, "protocol errors of HTTP/2 streams"),
    H2_RST_STREAM_RESP("MCP", ValueType.U64, "RST_STREAM frames sent for an error"),
    H2_GOAWAY_RESP("MCP", ValueType.U64, "GOAWAY frames sent for an error"),
    H2_OPEN_CONNECTIONS("MGP", ValueType.U64, "HTTP/2 connections at this moment"),
    H2_BACKEND_OPEN_STREAMS("MGP", ValueType.U64, "HTTP/2 streams at this moment"),
    H2_TOTAL_CONNECTIONS("MCP", ValueType.U64, "HTTP/2 connections so far"),
    H2_BACKEND_TOTAL_STREAMS("MCP", ValueType.U64, "HTTP/2 streams so far"),
    H1_OPEN_CONNECTIONS("MGP", ValueType.U64, "HTTP/1 connections at this moment"),
    H1_OPEN_STREAMS("MGP", ValueType.U64, "HTTP/1 streams at this moment"),
    H1_TOTAL_CONNECTIONS("MCP", ValueType.U64, "HTTP/1 connections so far"),
    H1_TOTAL_STREAMS("MCP", ValueType.U64, "HTTP/1 streams so far"),
    H1_BYTES_IN("MCP", ValueType.U64, "bytes received over HTTP/1"),
    H1_BYTES_OUT("MCP", ValueType.U64, "bytes sent over HTTP/1"),
    H1_SPLICED_BYTES_IN("MCP", ValueType.U64, "bytes received by splicing"),
    H1_SPLICED_BYTES_OUT("MCP", ValueType.U64, "bytes sent by splicing");

    /** The first line of CSV; it ends in a comma, as every line does. */
    public static final String CSV_HEADER = "# " + Arrays.stream(values())
            .map(field -> (field.isFirstOfModules() ? "-," : "") + field.title()).collect(Collectors.joining(",")) + ",\n";

    private final String tags;
    private final String backendTags;
    private final ValueType type;
    private final String doc;

    /** @param tags origin, nature and scope, a letter each */
    StatField(String tags, ValueType type, String doc) {
        this(tags, tags, type, doc);
    }

    /** @param backendTags where those of a backend differ */
    StatField(String tags, String backendTags, ValueType type, String doc) {
        this.tags = tags;
        this.backendTags = backendTags;
        this.type = type;
        this.doc = doc;
    }

    /** As the header spells it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isFirstOfModules() {
        return this == SSL_SESS;
    }

    String tags(StatRow.Kind kind) {
        return kind == StatRow.Kind.BACKEND ? backendTags : tags;
    }

    ValueType type() {
        return type;
    }

    /** What it is, in a few words. */
    public String doc() {
        return doc;
    }
}
