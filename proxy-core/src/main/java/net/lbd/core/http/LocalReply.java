package net.lbd.core.http;

import java.util.List;
import java.util.Objects;

/**
 * A response made by the proxy itself, without framing: {@code ReplyWriter} adds length and connection
 * headers. Immutable; the arrays must not be changed.
 *
 * @param status as it is sent; the log may have another, that of the error which a page stands for
 * @param keepAlive false closes the client's connection behind the answer
 */
public record LocalReply(int status, byte[] reason, List<Header> headers, byte[] body, boolean keepAlive) {

    private static final byte[] NO_BYTES = {};

    /** No answer at all: the connection is closed. What an empty {@code errorfile} asks for. */
    public static final LocalReply SILENCE = new LocalReply(0, NO_BYTES, List.of(), NO_BYTES, false);

    /** A header; the name in the case in which it is sent. */
    public record Header(byte[] name, byte[] value) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    public LocalReply {
        Objects.requireNonNull(reason, "reason");
        headers = List.copyOf(headers);
        Objects.requireNonNull(body, "body");
    }

    /** With the usual reason phrase. */
    public LocalReply(int status, List<Header> headers, byte[] body, boolean keepAlive) {
        this(status, Ascii.bytes(ReplyWriter.reason(status)), headers, body, keepAlive);
    }

    /** Whether anything is sent. */
    public boolean isSilence() {
        return this == SILENCE;
    }
}
