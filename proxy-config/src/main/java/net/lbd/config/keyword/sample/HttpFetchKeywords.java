package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchKeyword.of;
import static net.lbd.config.keyword.sample.FetchSource.*;
import static net.lbd.config.model.SampleType.*;

import java.util.List;
import java.util.stream.Stream;

/** Fetches that read HTTP messages. Source: HAProxy manual, "Fetching HTTP samples (Layer 7)". */
final class HttpFetchKeywords {

    static final List<FetchKeyword> ROWS = Stream.of(
            of("method", METHOD, REQUEST_KEPT, "The method of the request."),
            of("path", STRING, REQUEST, "The path of the request's target: from its first slash up to the query."),
            of("pathq", STRING, REQUEST, "The path and the query of the request's target."),
            of("query", STRING, REQUEST, "The query of the request's target, without the question mark."),
            of("url", STRING, REQUEST, "The request's target as it was sent."),
            of("base", STRING, REQUEST, "The first Host header followed by the path."),
            of("baseq", STRING, REQUEST, "The first Host header followed by path and query."),
            of("urlp", "[name:string,delimiter:string]", STRING, REQUEST, "A parameter of the query.")
                    .alias("url_param"),
            of("urlp_val", "[name:string,delimiter:string]", INTEGER, REQUEST, "A parameter of the query, as a number."),
            of("req.hdr", "[name:string,occ:integer]", STRING, REQUEST,
                    "A request header; a value with commas is several. Without number the last one; negative numbers count from it."),
            of("req.fhdr", "[name:string,occ:integer]", STRING, REQUEST,
                    "A whole request header line; commas do not part it."),
            of("req.hdr_cnt", "[name:string]", INTEGER, REQUEST, "How many values a request header has, commas part them.")
                    .alias("hdr_cnt"),
            of("req.fhdr_cnt", "[name:string]", INTEGER, REQUEST, "How many lines a request header has."),
            of("req.hdr_ip", "[name:string,occ:integer]", ADDRESS, REQUEST, "A request header as an address.")
                    .alias("hdr_ip"),
            of("req.hdr_val", "[name:string,occ:integer]", INTEGER, REQUEST, "A request header as a number.")
                    .alias("hdr_val"),
            of("req.ver", STRING, REQUEST, "The version of the request, such as 1.1.").alias("req_ver"),
            of("req.cook", "[name:string]", STRING, REQUEST, "A cookie of the request.").alias("cook"),
            of("req.cook_cnt", "[name:string]", INTEGER, REQUEST, "How often a cookie is in the request.")
                    .alias("cook_cnt"),
            of("req.cook_val", "[name:string]", INTEGER, REQUEST, "A cookie of the request, as a number.")
                    .alias("cook_val"),
            of("res.hdr", "[name:string,occ:integer]", STRING, RESPONSE,
                    "A response header; a value with commas is several.").alias("shdr"),
            of("res.fhdr", "[name:string,occ:integer]", STRING, RESPONSE,
                    "A whole response header line; commas do not part it."),
            of("res.hdr_cnt", "[name:string]", INTEGER, RESPONSE, "How many values a response header has.")
                    .alias("shdr_cnt"),
            of("res.fhdr_cnt", "[name:string]", INTEGER, RESPONSE, "How many lines a response header has."),
            of("res.hdr_ip", "[name:string,occ:integer]", ADDRESS, RESPONSE, "A response header as an address.")
                    .alias("shdr_ip"),
            of("res.hdr_val", "[name:string,occ:integer]", INTEGER, RESPONSE, "A response header as a number.")
                    .alias("shdr_val"),
            of("res.ver", STRING, RESPONSE, "The version of the response.").alias("resp_ver"),
            of("res.cook", "[name:string]", STRING, RESPONSE, "A cookie that the response sets.").alias("scook"),
            of("req.body", BINARY, REQUEST, "As much of the request's body as is there, chunks taken apart; see wait-for-body."),
            of("req.body_len", INTEGER, REQUEST, "How many bytes of the request's body are there."),
            of("req.body_size", INTEGER, REQUEST, "The length of the request's body; of one in chunks, how much of it is there."),
            of("req.body_param", "[name:string,i:string]", STRING, REQUEST, """
                    A parameter of a body that is a form (name=value&…); 'i' ignores the case of the name. Without name the first."""),
            of("status", INTEGER, FetchSource.SERVER_CONNECTION, "The status of the response."),
            of("capture.req.method", STRING, REQUEST_KEPT, "The method of the request as it came in."),
            of("capture.req.uri", STRING, REQUEST_KEPT, "The request's target as it came in."),
            of("capture.req.ver", STRING, REQUEST_KEPT, "The version of the request: HTTP/1.0 or HTTP/1.1."),
            of("capture.req.hdr", "index:integer", STRING, REQUEST_KEPT,
                    "What a 'capture request header' line kept, counted from 0."),
            of("capture.res.ver", STRING, REQUEST_KEPT, "The version of the response: HTTP/1.0 or HTTP/1.1."),
            of("capture.res.hdr", "index:integer", STRING, FetchSource.SERVER_CONNECTION,
                    "What a 'capture response header' line kept, counted from 0."),
            of("req.hdrs", STRING, REQUEST, "All headers of the request with the empty line behind them; names in lower case."),
            of("res.hdrs", STRING, RESPONSE, "All headers of the response with the empty line behind them; names in lower case."),
            of("req.hdr_names", "[delimiter:string]", STRING, REQUEST, "The names of the request's headers, in lower case."),
            of("res.hdr_names", "[delimiter:string]", STRING, RESPONSE, "The names of the response's headers, in lower case."),
            of("base32", INTEGER, REQUEST, "A hash of the first Host header and the path."),
            of("http_first_req", BOOLEAN, REQUEST_KEPT, "Whether this is the first request of its connection."),
            of("url_ip", ADDRESS, REQUEST, "The address in a target that has one."),
            of("url_port", INTEGER, REQUEST, "The port in a target with a scheme; 80 if it has none."),
            of("http_auth", "userlist:userlist", BOOLEAN, REQUEST, "Whether a user of the list is logged in with a valid password."),
            of("http_auth_group", "userlist:userlist", STRING, REQUEST, """
                    The user, if the password is valid; as an ACL, each of the user's groups."""),
            of("http_auth_user", STRING, REQUEST, "The user of Basic credentials; nobody has checked the password."),
            of("http_auth_pass", STRING, REQUEST, "The password of Basic credentials."),
            of("http_auth_type", STRING, REQUEST, "The scheme of the credentials, as it was sent."),
            of("http_auth_bearer", "[header:string]", STRING, REQUEST, "A bearer token; of the Authorization header by default."))
            .map(FetchKeyword::needsHttp).toList();

    private HttpFetchKeywords() { }
}
