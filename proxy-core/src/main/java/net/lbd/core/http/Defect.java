package net.lbd.core.http;

/** What is wrong with a message head or body. The sentence goes into the error log. */
public enum Defect {
    NONE("nothing"),
    HEAD_TOO_LARGE("the head is larger than tune.bufsize less tune.maxrewrite"),
    TARGET_TOO_LONG("the request line is longer than tune.bufsize less tune.maxrewrite"),
    TOO_MANY_HEADERS("more headers than tune.http.maxhdr"),
    BARE_CR("a carriage return that no line feed follows"),
    BARE_LF("a line feed that no carriage return precedes"),
    BAD_METHOD("the method is not a token"),
    BAD_TARGET("the request target has a forbidden byte or form"),
    BAD_VERSION("the version is not HTTP/1.0 or HTTP/1.1"),
    BAD_STATUS("the status is not a number from 100 to 599"),
    BAD_START_LINE("the start line is malformed"),
    BAD_HEADER_NAME("a header name is empty or not a token"),
    BLANK_BEFORE_COLON("a blank before the colon of a header"),
    OBSOLETE_FOLDING("a header goes on in the next line"),
    BAD_HEADER_VALUE("a control character in a header value"),
    MISSING_HOST("HTTP/1.1 without a Host header"),
    DUPLICATE_HOST("more than one Host header"),
    BAD_HOST("the Host header is not a host with an optional port"),
    HOST_MISMATCH("the Host header contradicts the request target"),
    BAD_CONTENT_LENGTH("Content-Length is not one number below 2^63"),
    LENGTH_CONTRADICTION("Content-Length headers that differ"),
    LENGTH_AND_ENCODING("both Content-Length and Transfer-Encoding"),
    BAD_TRANSFER_ENCODING("Transfer-Encoding is not exactly 'chunked', or came with HTTP/1.0"),
    LATE_PSEUDO_HEADER("a pseudo-header behind a header"),
    DUPLICATE_PSEUDO_HEADER("a pseudo-header that comes twice"),
    UNKNOWN_PSEUDO_HEADER("a pseudo-header that no request has"),
    PSEUDO_HEADERS_INCOMPLETE("the pseudo-headers do not make a request: one is missing or does not belong to the method"),
    UNKNOWN_PROTOCOL("a CONNECT for another protocol than websocket"),
    CONNECTION_SPECIFIC("a header that speaks about the connection, which HTTP/2 has no use for"),
    BODY_LENGTH("the body is longer or shorter than Content-Length says"),
    UNASKED_SWITCH("the server switches protocols without being asked"),
    BAD_CHUNK_SIZE("a chunk size is not a hexadecimal number below 2^63"),
    BAD_CHUNK_EXTENSION("a chunk extension is too long or has a control character"),
    BAD_CHUNK_END("a chunk does not end where its size says"),
    BAD_TRAILER("the trailer section is malformed or too large");

    private final String sentence;

    Defect(String sentence) {
        this.sentence = sentence;
    }

    /** What a client is answered for it. */
    public int status() {
        return switch (this) {
            case TARGET_TOO_LONG -> 414;
            case HEAD_TOO_LARGE, TOO_MANY_HEADERS -> 431;
            default -> 400;
        };
    }

    /** A clause that completes "refused because of:". */
    public String sentence() {
        return sentence;
    }
}
