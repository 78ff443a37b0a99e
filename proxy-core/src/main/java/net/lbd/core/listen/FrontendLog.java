package net.lbd.core.listen;

import java.util.List;
import java.util.Objects;
import net.lbd.core.log.LogFormats;
import net.lbd.core.log.LogTarget;
import net.lbd.core.log.LogWriter;
import net.lbd.core.log.StreamLog;
import net.lbd.core.stream.Stream;

/**
 * How a frontend logs its streams. Immutable.
 *
 * @param targets those that get the line as it is
 * @param structuredTargets those that get it behind its structured data
 * @param dontLogNull {@code option dontlognull}: connections without a byte leave no line
 */
public record FrontendLog(
        List<LogTarget> targets,
        List<LogTarget> structuredTargets,
        LogFormats formats,
        boolean dontLogNull,
        boolean dontLogNormal,
        boolean logAsap,
        boolean separateErrors,
        LogWriter writer) {

    public FrontendLog {
        targets = List.copyOf(targets);
        structuredTargets = List.copyOf(structuredTargets);
        Objects.requireNonNull(formats, "formats");
        Objects.requireNonNull(writer, "writer");
    }

    /** Whether nothing is logged at all. */
    public boolean isEmpty() {
        return targets.isEmpty() && structuredTargets.isEmpty();
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
    void handshakeEnded(Stream stream, long acceptedWallMillis, HandshakeEnd end) {
        if (!(dontLogNull && end.isNull())) {
            StreamLog.connectionFailed(stream, this, acceptedWallMillis, end.reason());
        }
    }
}
