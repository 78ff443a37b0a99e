package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchSource.*;
import static net.lbd.config.model.SampleType.*;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.SampleType;

/** Fetches that this version reads and does not carry out. Source: HAProxy manual, "Fetching data samples". */
final class MoreFetchKeywords {

    private static final String DN = "[entry:string,occ:integer,format:string]";

    static final List<FetchKeyword> ROWS = rows();

    private MoreFetchKeywords() { }

    private static List<FetchKeyword> rows() {
        List<FetchKeyword> r = new ArrayList<>();
        for (String side : List.of("c", "f", "s")) {
            String whose = switch (side) {
                case "c" -> "the client's certificate";
                case "f" -> "our certificate towards the client";
                default -> "the server's certificate";
            };
            String p = "ssl_" + side + "_";
            add(r, CLIENT_TLS, BINARY, "The bytes of " + whose + ".", p + "der");
            if (!side.equals("f")) {
                add(r, CLIENT_TLS, BINARY, "The bytes of the chain of " + whose + ".", p + "chain_der");
            }
            r.add(FetchKeyword.of(p + "i_dn", DN, STRING, CLIENT_TLS, "The issuer of " + whose + ".").notYet());
            r.add(FetchKeyword.of(p + "s_dn", DN, STRING, CLIENT_TLS, "The subject of " + whose + ".").notYet());
            add(r, CLIENT_TLS, STRING, "A field of " + whose + ".", p + "key_alg", p + "notafter", p + "notbefore", p + "sig_alg");
            add(r, CLIENT_TLS, BINARY, "A field of " + whose + ".", p + "serial", p + "sha1");
            add(r, CLIENT_TLS, INTEGER, "The version of " + whose + ".", p + "version");
        }
        add(r, CLIENT_TLS, INTEGER, "How the check of the client's certificate went.", "ssl_c_ca_err", "ssl_c_ca_err_depth", "ssl_c_err",
                "ssl_c_verify");
        add(r, CLIENT_TLS, BOOLEAN, "A state of the client's TLS.", "ssl_c_used", "ssl_fc_has_crt", "ssl_fc_has_early", "ssl_fc_is_resumed");
        add(r, CLIENT_TLS, INTEGER, "A number of the client's TLS.", "ssl_fc_alg_keysize", "ssl_fc_use_keysize", "ssl_fc_err",
                "ssl_fc_protocol_hello_id", "ssl_fc_cipherlist_xxh");
        add(r, CLIENT_TLS, STRING, "A text of the client's TLS.", "ssl_fc_npn", "ssl_fc_err_str", "ssl_fc_client_early_traffic_secret",
                "ssl_fc_client_handshake_traffic_secret", "ssl_fc_client_traffic_secret_0", "ssl_fc_early_exporter_secret",
                "ssl_fc_exporter_secret", "ssl_fc_server_handshake_traffic_secret", "ssl_fc_server_traffic_secret_0", "ssl_fc_ecformats_bin");
        add(r, CLIENT_TLS, BINARY, "Bytes of the client's TLS.", "ssl_fc_client_random", "ssl_fc_server_random", "ssl_fc_session_key",
                "ssl_fc_unique_id");
        for (String list : List.of("ssl_fc_cipherlist_bin", "ssl_fc_cipherlist_hex", "ssl_fc_cipherlist_str", "ssl_fc_eclist_bin",
                "ssl_fc_extlist_bin")) {
            r.add(FetchKeyword.of(list, "[filter:integer]", STRING, CLIENT_TLS, "What the client's TLS hello offers.").notYet());
        }
        add(r, FetchSource.SERVER_CONNECTION, BOOLEAN, "A state of the server's TLS.", "ssl_bc", "ssl_bc_is_resumed");
        add(r, FetchSource.SERVER_CONNECTION, INTEGER, "A number of the server's TLS.", "ssl_bc_alg_keysize", "ssl_bc_use_keysize", "ssl_bc_err");
        add(r, FetchSource.SERVER_CONNECTION, STRING, "A text of the server's TLS.", "ssl_bc_alpn", "ssl_bc_cipher", "ssl_bc_npn",
                "ssl_bc_protocol", "ssl_bc_err_str");
        add(r, FetchSource.SERVER_CONNECTION, BINARY, "Bytes of the server's TLS.", "ssl_bc_client_random", "ssl_bc_server_random",
                "ssl_bc_session_id", "ssl_bc_session_key", "ssl_bc_unique_id");
        add(r, FetchSource.SERVER_CONNECTION, ADDRESS, "An address of the server's connection.", "bc_dst", "bc_src");
        add(r, FetchSource.SERVER_CONNECTION, INTEGER, "A number of the server's connection.", "bc_dst_port", "bc_src_port", "bc_err",
                "bc_http_major");
        add(r, FetchSource.SERVER_CONNECTION, STRING, "An error of the server's connection.", "bc_err_str");
        connection(r);
        process(r);
        http(r);
        return List.copyOf(r);
    }

    private static void connection(List<FetchKeyword> r) {
        add(r, CLIENT_CONNECTION, ADDRESS, "An address of the client's connection.", "fc_dst", "fc_src");
        add(r, CLIENT_CONNECTION, INTEGER, "A number of the client's connection.", "fc_dst_port", "fc_src_port", "fc_err", "fc_http_major");
        add(r, CLIENT_CONNECTION, STRING, "A text of the client's connection.", "fc_err_str");
        add(r, CLIENT_CONNECTION, BOOLEAN, "Whether an address is this machine's.", "dst_is_local", "src_is_local", "fc_dst_is_local",
                "fc_src_is_local");
        for (String info : List.of("fackets", "lost", "reordering", "retrans", "rtt", "rttvar", "sacked", "unacked")) {
            r.add(FetchKeyword.of("fc_" + info, "[unit:string]", INTEGER, CLIENT_CONNECTION, "The kernel's TCP figure '" + info + "'.").notYet());
        }
        add(r, FRONTEND, INTEGER, "A setting of the frontend.", "fe_client_timeout");
        add(r, FRONTEND, STRING, "The frontend's default backend.", "fe_defbe");
        add(r, BACKEND, INTEGER, "A setting of the backend.", "be_server_timeout", "be_tunnel_timeout", "cur_server_timeout",
                "cur_tunnel_timeout");
        add(r, REQUEST, INTEGER, "A number of the first bytes.", "req.ssl_st_ext");
        alias(r, RESPONSE, INTEGER, "The type of the server's TLS hello.", "res.ssl_hello_type", "rep_ssl_hello_type");
        add(r, RESPONSE, INTEGER, "How many bytes of the response are there.", "res.len");
        r.add(FetchKeyword.of("res.payload", "offset:integer,length:integer", BINARY, RESPONSE, "Bytes.").notYet());
        r.add(FetchKeyword.of("res.payload_lv", "offset:integer,length:integer[,offset2:offset]", BINARY, RESPONSE,
                "Bytes behind their length.").notYet());
    }

    private static void process(List<FetchKeyword> r) {
        add(r, INTERNAL, INTEGER, "A figure of the process.", "cpu_calls", "cpu_ns_avg", "cpu_ns_tot", "lat_ns_avg", "lat_ns_tot",
                "last_rule_line");
        add(r, INTERNAL, STRING, "Where the last rule stands.", "last_rule_file");
        add(r, CONSTANT, INTEGER, "A figure of the process.", "date_us", "nbproc", "proc", "thread");
        for (String name : List.of("be_conn_free", "connslots")) {
            r.add(FetchKeyword.of(name, "[backend:backend]", INTEGER, INTERNAL, "Free slots of the backend's servers.").notYet());
        }
        for (String name : List.of("srv_conn_free", "srv_queue", "srv_sess_rate", "srv_weight", "srv_uweight", "srv_iweight")) {
            r.add(FetchKeyword.of(name, "server:server", INTEGER, INTERNAL, "A figure of a server.").notYet());
        }
        add(r, SERVER, BOOLEAN, "Whether the response comes from a cache.", "res.cache_hit");
        add(r, SERVER, STRING, "The cache that the response comes from.", "res.cache_name");
        add(r, FRONTEND, INTEGER, "The frontend's figure.", "fc_glitches", "fc_nb_streams", "fc_settings_streams_limit");
        add(r, CLIENT_CONNECTION, INTEGER, "The time of accept or of the request.", "accept_date", "request_date");
    }

    private static void http(List<FetchKeyword> r) {
        List<FetchKeyword> http = new ArrayList<>();
        add(http, REQUEST, INTEGER, "A hash of host and path.", "url32");
        add(http, REQUEST, BINARY, "A hash of host and path, and the client's address.", "base32+src", "url32+src");
        add(http, REQUEST, BINARY, "The headers or body of the request.", "req.body", "req.hdrs_bin");
        add(http, REQUEST, INTEGER, "The size of the request's body.", "req.body_len", "req.body_size");
        add(http, RESPONSE, BINARY, "The headers or body of the response.", "res.body", "res.hdrs_bin");
        add(http, RESPONSE, INTEGER, "The size of the response's body.", "res.body_len", "res.body_size");
        add(http, RESPONSE, BOOLEAN, "Whether the response was compressed here.", "res.comp");
        add(http, RESPONSE, STRING, "How the response was compressed here.", "res.comp_algo");
        http.add(FetchKeyword.of("req.body_param", "[name:string,i:string]", BINARY, REQUEST, "A parameter of the body."));
        http.add(FetchKeyword.of("res.cook_cnt", "[name:string]", INTEGER, RESPONSE, "How often the response sets a cookie.").alias("scook_cnt"));
        http.add(FetchKeyword.of("res.cook_val", "[name:string]", INTEGER, RESPONSE, "A cookie of the response as a number.").alias("scook_val"));
        http.add(FetchKeyword.of("cookie", "[name:string]", STRING, REQUEST_OR_RESPONSE, "A cookie of the request or response."));
        http.forEach(k -> r.add(k.needsHttp().notYet()));
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
