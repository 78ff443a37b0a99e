package net.lbd.core.http;

import java.util.List;
import java.util.Objects;

/**
 * A response made by the proxy itself, without framing: {@code ReplyWriter} adds length and connection
 * headers. Immutable; the arrays must not be changed.
 *
 * @param keepAlive false closes the client's connection behind the answer
 */
public record LocalReply(int status, List<Header> headers, byte[] body, boolean keepAlive) {

    /** A header; the name in the case in which it is sent. */
    public record Header(byte[] name, byte[] value) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    public LocalReply {
        headers = List.copyOf(headers);
        Objects.requireNonNull(body, "body");
    }
}
