package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchSource.*;
import static net.lbd.config.model.SampleType.*;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.SampleType;

/** More fetches; some this version reads and does not carry out. Source: HAProxy manual, "Fetching data samples". */
final class MoreFetchKeywords {

    static final List<FetchKeyword> ROWS = rows();

    private MoreFetchKeywords() { }

    private static List<FetchKeyword> rows() {
        List<FetchKeyword> r = new ArrayList<>();
        hello(r);
        done(r, FetchSource.SERVER_CONNECTION, ADDRESS, "The server's end of its connection.", "bc_dst");
        done(r, FetchSource.SERVER_CONNECTION, ADDRESS, "Our end of the server's connection.", "bc_src");
        done(r, FetchSource.SERVER_CONNECTION, INTEGER, "The port of that end of the server's connection.", "bc_dst_port", "bc_src_port");
        done(r, FetchSource.SERVER_CONNECTION, INTEGER, "0: nothing is wrong with the server's connection. Where there is none, there is no value.", "bc_err");
        done(r, FetchSource.SERVER_CONNECTION, STRING, "'Success'; where there is no connection to the server, there is no value.", "bc_err_str");
        connection(r);
        process(r);
        http(r);
        return List.copyOf(r);
    }

    /** All want tune.ssl.capture-buffer-size. */
    private static void hello(List<FetchKeyword> r) {
        done(r, CLIENT_TLS, INTEGER, "The version in the client's TLS hello, such as 771. Wants tune.ssl.capture-buffer-size.", "ssl_fc_protocol_hello_id");
        done(r, CLIENT_TLS, INTEGER, "The XXH64 of all suites that the client offers. Wants tune.ssl.capture-buffer-size.", "ssl_fc_cipherlist_xxh");
        done(r, CLIENT_TLS, BINARY, "The point formats that the client offers, one byte each. Wants tune.ssl.capture-buffer-size.", "ssl_fc_ecformats_bin");
        offer(r, "ssl_fc_cipherlist_bin", BINARY, "The suites that the client offers, two bytes each");
        offer(r, "ssl_fc_cipherlist_hex", STRING, "The suites that the client offers, in hexadecimal");
        offer(r, "ssl_fc_cipherlist_str", STRING, "The suites that the client offers by OpenSSL's names, with commas");
        offer(r, "ssl_fc_eclist_bin", BINARY, "The groups (elliptic curves) that the client offers, two bytes each");
        offer(r, "ssl_fc_extlist_bin", BINARY, "The types of the extensions of the client's TLS hello, two bytes each");
    }

    private static void offer(List<FetchKeyword> r, String name, SampleType type, String doc) {
        r.add(FetchKeyword.of(name, "[filter:integer]", type, CLIENT_TLS,
                doc + "; filter 1: without those of GREASE (RFC 8701). Wants tune.ssl.capture-buffer-size."));
    }

    private static void connection(List<FetchKeyword> r) {
        done(r, CLIENT_CONNECTION, ADDRESS, "An end of the client's connection as it is, whatever a PROXY header or a rule says.", "fc_dst", "fc_src");
        done(r, CLIENT_CONNECTION, INTEGER, "The port of that end of the client's connection.", "fc_dst_port", "fc_src_port");
        done(r, CLIENT_CONNECTION, INTEGER, "The number of what went wrong with the client's connection; 0: nothing.", "fc_err");
        done(r, CLIENT_CONNECTION, STRING, "What went wrong with the client's connection.", "fc_err_str");
        done(r, CLIENT_CONNECTION, BOOLEAN, "Whether an address is this machine's.", "dst_is_local", "src_is_local", "fc_dst_is_local",
                "fc_src_is_local");
        for (String info : List.of("fackets", "lost", "reordering", "retrans", "rtt", "rttvar", "sacked", "unacked")) {
            r.add(FetchKeyword.of("fc_" + info, "[unit:string]", INTEGER, CLIENT_CONNECTION, "The kernel's TCP figure '" + info
                    + "'; of rtt and rttvar in ms or us. Without epoll there is no value."));
        }
        done(r, FRONTEND, INTEGER, "The 'timeout client' of the frontend in milliseconds.", "fe_client_timeout");
        done(r, FRONTEND, STRING, "The frontend's default backend.", "fe_defbe");
        done(r, BACKEND, INTEGER, "A time limit of the backend in milliseconds.", "be_server_timeout", "be_tunnel_timeout");
        done(r, BACKEND, INTEGER, "A time limit in force for the stream, in milliseconds.", "cur_server_timeout", "cur_tunnel_timeout");
        done(r, REQUEST, INTEGER, """
                Whether the TLS hello that is passed through has a session ticket: 0 no such extension, 1 an empty one, 2 a ticket.""",
                "req.ssl_st_ext");
        r.add(FetchKeyword.of("res.ssl_hello_type", INTEGER, RESPONSE, """
                The type of the server's TLS hello that is passed through; 2: server hello. In tcp-response content rules.""")
                .alias("rep_ssl_hello_type"));
        r.add(FetchKeyword.of("res.len", INTEGER, RESPONSE, "How many bytes tcp-response content rules, or checks, see."));
        r.add(FetchKeyword.of("res.payload", "offset:integer,length:integer", BINARY, RESPONSE, """
                Bytes of what tcp-response content rules, or checks, see; length 0: all."""));
        r.add(FetchKeyword.of("res.payload_lv", "offset:integer,length:integer[,offset2:offset]", BINARY, RESPONSE,
                """
                Bytes behind their length, as req.payload_lv. In tcp-response content rules."""));
    }

    private static void process(List<FetchKeyword> r) {
        done(r, INTERNAL, INTEGER, "Always 0: the work for one stream is not measured.", "cpu_calls", "cpu_ns_avg", "cpu_ns_tot", "lat_ns_avg",
                "lat_ns_tot");
        done(r, INTERNAL, INTEGER, "The line of the rule that ended a list of rules last.", "last_rule_line");
        done(r, INTERNAL, STRING, "The file of the rule that ended a list of rules last.", "last_rule_file");
        done(r, CONSTANT, INTEGER, "Microseconds within the second of date.", "date_us");
        done(r, CONSTANT, INTEGER, "Always 1: there is one process.", "nbproc", "proc");
        done(r, CONSTANT, INTEGER, "The number of the event loop, from 0.", "thread");
        r.add(FetchKeyword.of("be_conn_free", "[backend:backend]", INTEGER, INTERNAL,
                "Free places on the backend's usable servers; -1 if one of them has no maxconn."));
        r.add(FetchKeyword.of("connslots", "[backend:backend]", INTEGER, INTERNAL, """
                Free places on the backend's servers that are up, and in their queues; -1 if one of them has no maxconn or no maxqueue."""));
        r.add(FetchKeyword.of("srv_conn_free", "server:server", INTEGER, INTERNAL, "Free places on a server; -1 if it has no maxconn."));
        r.add(FetchKeyword.of("srv_queue", "server:server", INTEGER, INTERNAL, "How many streams wait for a server."));
        r.add(FetchKeyword.of("srv_sess_rate", "server:server", INTEGER, INTERNAL, "New streams of a server in a second."));
        r.add(FetchKeyword.of("srv_iweight", "server:server", INTEGER, INTERNAL, "The weight that the configuration gives a server."));
        r.add(FetchKeyword.of("srv_uweight", "server:server", INTEGER, INTERNAL, "The weight of a server as the administrator has set it."));
        r.add(FetchKeyword.of("srv_weight", "server:server", INTEGER, INTERNAL, "The weight that counts for a server."));
        done(r, SERVER, BOOLEAN, "Whether the response comes from a cache.", "res.cache_hit");
        done(r, SERVER, STRING, "The cache that the response comes from; empty if from none.", "res.cache_name");
        r.add(FetchKeyword.of("accept_date", "[unit:string]", INTEGER, CLIENT_CONNECTION, "When the connection was accepted, since 1970; unit s, ms or us."));
        r.add(FetchKeyword.of("request_date", "[unit:string]", INTEGER, CLIENT_CONNECTION, "When the request began, since 1970; unit s, ms or us."));
    }

    private static void http(List<FetchKeyword> r) {
        done(r, REQUEST, INTEGER, "A hash of host, path and query.", true, "url32");
        done(r, REQUEST, BINARY, "The bytes of base32 and behind them the client's address.", true, "base32+src");
        done(r, REQUEST, BINARY, "The bytes of url32 and behind them the client's address.", true, "url32+src");
        done(r, REQUEST, BINARY, "The request's headers: lengths and texts, as SPOE writes them.", true, "req.hdrs_bin");
        done(r, RESPONSE, BINARY, "The response's headers: lengths and texts, as SPOE writes them.", true, "res.hdrs_bin");
        done(r, RESPONSE, BINARY, "As much of the response's body as is there, chunks taken apart; see wait-for-body.", true, "res.body");
        done(r, RESPONSE, INTEGER, "How many bytes of the response's body are there.", true, "res.body_len");
        done(r, RESPONSE, INTEGER, "The length of the response's body; of one without a length, how much of it is there.", true, "res.body_size");
        done(r, FetchSource.SERVER_CONNECTION, BOOLEAN, "Whether the response was compressed here.", true, "res.comp");
        done(r, FetchSource.SERVER_CONNECTION, STRING, "How the response was compressed here.", true, "res.comp_algo");
        r.add(FetchKeyword.of("res.cook_cnt", "[name:string]", INTEGER, RESPONSE, "How often the response sets a cookie.").alias("scook_cnt").needsHttp());
        r.add(FetchKeyword.of("res.cook_val", "[name:string]", INTEGER, RESPONSE, "A cookie of the response as a number.").alias("scook_val").needsHttp());
        r.add(FetchKeyword.of("cookie", "[name:string]", STRING, REQUEST_OR_RESPONSE, """
                A cookie of the request, or one that the response sets where there is a response.""").needsHttp());
    }

    private static void done(List<FetchKeyword> rows, FetchSource source, SampleType type, String doc, String... names) {
        done(rows, source, type, doc, false, names);
    }

    private static void done(List<FetchKeyword> rows, FetchSource source, SampleType type, String doc, boolean http, String... names) {
        for (String name : names) {
            FetchKeyword row = FetchKeyword.of(name, type, source, doc);
            rows.add(http ? row.needsHttp() : row);
        }
    }

    private static void add(List<FetchKeyword> rows, FetchSource source, SampleType type, String doc, String... names) {
        for (String name : names) {
            rows.add(FetchKeyword.of(name, type, source, doc).notYet());
        }
    }

    private static void alias(List<FetchKeyword> rows, FetchSource source, SampleType type, String doc, String name, String alias) {
        rows.add(FetchKeyword.of(name, type, source, doc).alias(alias).notYet());
    }
}
