package net.lbd.core.log;

import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.CookieCapture;

/**
 * What a frontend keeps and writes for the log. Immutable.
 *
 * @param line of a stream
 * @param error {@code error-log-format}: of a connection that ended before it had a stream
 * @param structuredData {@code log-format-sd}: written before the line for targets of RFC 5424
 * @param uniqueId {@code unique-id-format}
 * @param uniqueIdHeader the name of {@code unique-id-header}
 * @param cookie what {@code capture cookie} keeps
 */
public record LogFormats(LogFormat line, Optional<LogFormat> error, Optional<LogFormat> structuredData,
        Optional<LogFormat> uniqueId, Optional<byte[]> uniqueIdHeader, Optional<CookieCapture> cookie) {

    public LogFormats {
        Objects.requireNonNull(line, "line");
        Objects.requireNonNull(error, "error");
        Objects.requireNonNull(structuredData, "structuredData");
        Objects.requireNonNull(uniqueId, "uniqueId");
        Objects.requireNonNull(uniqueIdHeader, "uniqueIdHeader");
        Objects.requireNonNull(cookie, "cookie");
    }

    /** Of a proxy that has a format for its lines only. */
    public static LogFormats of(LogFormat line) {
        return new LogFormats(line, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
