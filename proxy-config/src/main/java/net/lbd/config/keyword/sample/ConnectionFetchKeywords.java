package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchKeyword.of;
import static net.lbd.config.keyword.sample.FetchSource.*;
import static net.lbd.config.model.SampleType.*;

import java.util.List;

/** Fetches that read connections. Source: HAProxy manual, "Fetching samples at Layer 4" and "Layer 5". */
final class ConnectionFetchKeywords {

    static final List<FetchKeyword> ROWS = List.of(
            of("src", ADDRESS, CLIENT_CONNECTION, "The client's address; behind PROXY protocol the one that it names."),
            of("src_port", INTEGER, CLIENT_CONNECTION, "The client's port."),
            of("dst", ADDRESS, CLIENT_CONNECTION, "The address that the client connected to."),
            of("dst_port", INTEGER, CLIENT_CONNECTION, "The port that the client connected to."),
            of("bc_http_major", INTEGER, FetchSource.SERVER_CONNECTION, "The version of HTTP that the server's connection speaks: 1 or 2."),
            of("bc_glitches", INTEGER, FetchSource.SERVER_CONNECTION, """
                    How often the server's HTTP/2 connection has breached the protocol without being ended for it; 0 in HTTP/1."""),
            of("fc_http_major", INTEGER, CLIENT_CONNECTION, "The version of HTTP that the client's connection speaks: 1 or 2."),
            of("fc_glitches", INTEGER, CLIENT_CONNECTION, """
                    How often the client's HTTP/2 connection has breached the protocol without being ended for it, or used it as no
                    honest client does: streams above the limit, a stream window that is made smaller while streams are about."""),
            of("fc_nb_streams", INTEGER, CLIENT_CONNECTION, "Streams of the client's connection at this moment; 1 in HTTP/1."),
            of("fc_settings_streams_limit", INTEGER, CLIENT_CONNECTION, """
                    Streams that the client's connection may have at a time; 1 in HTTP/1."""),
            of("fc_rcvd_proxy", BOOLEAN, CLIENT_CONNECTION, "Whether the client's connection began with a PROXY header."),
            of("fc_pp_authority", STRING, CLIENT_CONNECTION, "The host name that the PROXY header of the client's connection tells."),
            of("fc_pp_unique_id", STRING, CLIENT_CONNECTION, "The identifier that the PROXY header of the client's connection tells."),
            of("fc_pp_tlv", "type:proxy_field", STRING, CLIENT_CONNECTION, """
                    A field of the PROXY header of the client's connection: its number, or its name such as AUTHORITY."""),
            of("dst_conn", INTEGER, FRONTEND, "How many connections the listening socket has."),
            of("so_id", INTEGER, FRONTEND, "The number of the listening socket in its proxy: its 'id', else counted from 1."),
            of("so_name", STRING, FRONTEND, "The 'name' of the bind line."),
            of("fe_id", INTEGER, FRONTEND, "The number of the frontend: its 'id', else its place in the file."),
            of("fe_name", STRING, FRONTEND, "The name of the frontend."),
            of("be_id", INTEGER, BACKEND, "The number of the backend: its 'id', else its place in the file."),
            of("be_name", STRING, BACKEND, "The name of the backend."),
            of("srv_id", INTEGER, SERVER, "The number of the server."),
            of("srv_name", STRING, SERVER, "The name of the server."),
            of("ssl_fc", BOOLEAN, CLIENT_TLS, "Whether the client's connection uses TLS that ends here."),
            of("ssl_fc_sni", STRING, CLIENT_TLS, "The server name of the client's TLS handshake."),
            of("ssl_fc_has_sni", BOOLEAN, CLIENT_TLS, "Whether the client's TLS handshake named a server."),
            of("ssl_fc_session_id", BINARY, CLIENT_TLS, "The identifier of the client's TLS session."),
            of("ssl_fc_protocol", STRING, CLIENT_TLS, "The version of TLS, such as TLSv1.3."),
            of("ssl_fc_cipher", STRING, CLIENT_TLS, "The cipher suite, as OpenSSL names it."),
            of("ssl_fc_alpn", STRING, CLIENT_TLS, "The protocol chosen by ALPN, such as http/1.1."),
            of("req.ssl_sni", STRING, REQUEST, "The server name in a TLS hello that is passed through.")
                    .alias("req_ssl_sni"),
            of("req.ssl_hello_type", INTEGER, REQUEST, "The type of a TLS hello that is passed through; 1: client hello.")
                    .alias("req_ssl_hello_type"),
            of("req.ssl_ver", INTEGER, REQUEST, "The highest version in a TLS hello that is passed through.").alias("req_ssl_ver"),
            of("req.ssl_alpn", STRING, REQUEST, "The protocols in a TLS hello that is passed through, with commas."),
            of("req.ssl_ec_ext", BOOLEAN, REQUEST, "Whether a TLS hello that is passed through names elliptic curves."),
            of("req.len", INTEGER, REQUEST, "How many bytes of the request content rules see.").alias("req_len"),
            of("req.payload", "offset:integer,length:integer", BINARY, REQUEST, "Bytes of what content rules see; length 0: all."),
            of("payload", "offset:integer,length:integer", BINARY, REQUEST, "As req.payload; where responses are looked at, as res.payload."),
            of("req.payload_lv", "offset:integer,length:integer[,offset2:offset]", BINARY, REQUEST, """
                    Bytes behind their length; the offset of the bytes may be given, with a sign relative to the length's end."""),
            of("payload_lv", "offset:integer,length:integer[,offset2:offset]", BINARY, REQUEST,
                    "As req.payload_lv; where responses are looked at, as res.payload_lv."),
            of("req.rdp_cookie", "[name:string]", STRING, REQUEST, "The cookie in the first packet of a Remote Desktop client.")
                    .alias("rdp_cookie", "req_rdp_cookie"),
            of("req.rdp_cookie_cnt", "[name:string]", INTEGER, REQUEST, "1 if there is such a cookie of Remote Desktop.")
                    .alias("rdp_cookie_cnt", "req_rdp_cookie_cnt"),
            of("req.proto_http", BOOLEAN, REQUEST_KEPT, "Whether the first bytes are HTTP.").alias("req_proto_http"),
            of("wait_end", BOOLEAN, INTERNAL, "True once the time of tcp-request inspect-delay is over."));

    private ConnectionFetchKeywords() { }
}
