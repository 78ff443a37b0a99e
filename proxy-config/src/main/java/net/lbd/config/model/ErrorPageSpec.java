package net.lbd.config.model;

import java.util.List;
import java.util.Objects;

/**
 * A whole response that stands in place of an error: what an {@code errorfile} holds, or the
 * redirection of an {@code errorloc}. Immutable.
 *
 * @param silent the file is empty: the connection is closed without an answer, which administrators ask
 *     for with {@code errorfile 408 /dev/null}
 * @param status 200 to 599; what the client sees, which need not be what the page stands for
 * @param headers without those of framing and connection, which are made for each answer
 * @param close the file says {@code Connection: close}
 * @param body one character for each byte, as ISO 8859-1 has it
 */
public record ErrorPageSpec(
        boolean silent, int status, String reason, List<Field> headers, boolean close, String body) {

    /** An empty file. */
    public static final ErrorPageSpec SILENT = new ErrorPageSpec(true, 200, "", List.of(), true, "");

    /** A header as it is sent. */
    public record Field(String name, String value) {
        public Field {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    public ErrorPageSpec {
        Objects.requireNonNull(reason, "reason");
        headers = List.copyOf(headers);
        Objects.requireNonNull(body, "body");
    }
}
