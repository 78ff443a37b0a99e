package net.lbd.core.listen;

import java.util.List;
import java.util.Objects;
import net.lbd.core.log.LogFormat;
import net.lbd.core.log.LogTarget;
import net.lbd.core.log.LogWriter;
import net.lbd.core.log.StreamLog;
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
        boolean separateErrors,
        LogWriter writer) {

    public FrontendLog {
        targets = List.copyOf(targets);
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(writer, "writer");
    }

    /** Writes the line of an ended stream; with {@code option logasap}, of one that has its response head. */
    public void write(Stream stream) {
        StreamLog.write(stream, this);
    }

    /** With {@code option logasap}, writes the line of a stream that goes on: it leaves none at its end. */
    public void writeEarly(Stream stream) {
        if (logAsap) {
            StreamLog.write(stream, this);
            stream.setLogLevel(Stream.UNLOGGED);
        }
    }

    /** Writes the line of a connection whose TLS handshake did not succeed. */
    void handshakeEnded(Session session, long acceptedWallMillis, HandshakeEnd end) {
        if (!(dontLogNull && end.isNull())) {
            StreamLog.connectionFailed(session, this, acceptedWallMillis, end.reason());
        }
    }
}
