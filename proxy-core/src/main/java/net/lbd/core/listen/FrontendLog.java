package net.lbd.core.listen;

import java.util.List;
import java.util.Objects;
import net.lbd.core.log.LogFormat;
import net.lbd.core.log.LogTarget;
import net.lbd.core.session.Session;
import net.lbd.core.stream.Stream;

/**
 * How a frontend logs its streams. Immutable.
 *
 * @param targets empty: nothing is logged
 * @param dontLogNull {@code option dontlognull}: connections without a byte leave no line
 */
public record FrontendLog(
        List<LogTarget> targets,
        LogFormat format,
        boolean dontLogNull,
        boolean dontLogNormal,
        boolean logAsap,
        boolean separateErrors) {

    /** Writes the line of an ended stream. */
    public void write(Stream stream) { }

    public void handshakeFailed(Session session, Throwable cause) { }

    public FrontendLog {
        targets = List.copyOf(targets);
        Objects.requireNonNull(format, "format");
    }
}
