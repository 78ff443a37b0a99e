package net.lbd.core.log;

import java.time.ZoneId;
import java.util.List;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.core.listen.FrontendLog;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.DateCache;
import net.lbd.core.sample.Scratch;
import net.lbd.core.session.Session;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Termination;

/**
 * Decides whether a stream leaves a line and how important it is, renders it once, and hands it to the
 * writer. Stateless; called on the stream's event loop. Source: HAProxy manual, "Advanced logging
 * options".
 */
public final class StreamLog {

    private static final Level[] LEVELS = Level.values();

    private StreamLog() { }

    /** Writes the line of a stream, unless the frontend's options say otherwise. */
    public static void write(Stream stream, FrontendLog log) {
        if (log.isEmpty() || log.dontLogNull() && isNull(stream)) {
            return;
        }
        boolean failed = (log.dontLogNormal() || log.separateErrors()) && isFailure(stream);
        if (log.dontLogNormal() && !failed) {
            return;
        }
        if (stream.logLevel() == Stream.UNLOGGED) {
            return;
        }
        Level level = stream.logLevel() != Stream.USUAL_LEVEL ? LEVELS[stream.logLevel()]
                : failed && log.separateErrors() ? Level.ERR : Level.INFO;
        write(stream, log, level, log.formats().line());
    }

    private static void write(Stream stream, FrontendLog log, Level level, LogFormat format) {
        boolean plain = isWanted(log.targets(), level);
        boolean structured = isWanted(log.structuredTargets(), level);
        if (!plain && !structured) {
            return;
        }
        Scratch scratch = stream.worker().scratch();
        ByteSink line = scratch.takeSink();
        if (plain) {
            format.render(stream, line);
            log.writer().write(stream.worker().index(), log.targets(), level, line.bytes(), 0, line.length());
        }
        if (structured) {
            line.clear();
            log.formats().structuredData().orElseThrow().render(stream, line);
            line.put((byte) ' ');
            format.render(stream, line);
            log.writer().write(stream.worker().index(), log.structuredTargets(), level, line.bytes(), 0, line.length());
        }
        scratch.giveSink(line);
    }

    private static boolean isWanted(List<LogTarget> targets, Level level) {
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).accepts(level)) {
                return true;
            }
        }
        return false;
    }

    /** A connection that brought nothing and got nothing but perhaps a timeout's answer: a probe. */
    private static boolean isNull(Stream stream) {
        return stream.bytesFromClient() == 0;
    }

    /** Ended by an error or timeout, retried elsewhere, or answered with a 5xx; a redirect is none. */
    static boolean isFailure(Stream stream) {
        Termination end = stream.termination();
        return end.isSet() && end.cause() != 'L'
                || stream.retries() > 0
                || stream.isRedispatched()
                || stream.isHttp() && stream.status() >= 500;
    }

    /**
     * Writes the line of a connection that ended before it had a stream, in HAProxy's words such as
     * {@code SSL handshake failure}. Source: HAProxy manual, "Error log format".
     */
    public static void connectionFailed(Stream stream, FrontendLog log, long acceptedWallMillis, String reason) {
        if (log.isEmpty()) {
            return;
        }
        if (log.formats().error().isPresent()) {
            write(stream, log, log.separateErrors() ? Level.ERR : Level.INFO, log.formats().error().get());
            return;
        }
        Session session = stream.session();
        Scratch scratch = session.worker().scratch();
        ByteSink line = scratch.takeSink();
        DateCache dates = scratch.dates();
        long second = acceptedWallMillis / 1000;
        line.put(session.source().text());
        line.put((byte) ':');
        line.putNumber(session.source().port());
        line.put((byte) ' ');
        line.put((byte) '[');
        dates.putDate(line, second, dates.offsetSeconds(ZoneId.systemDefault(), second));
        line.put((byte) '.');
        line.putThreeDigits((int) (acceptedWallMillis % 1000));
        line.put((byte) ']');
        line.put((byte) ' ');
        line.put(session.frontend().nameBytes());
        line.put((byte) '/');
        put(session.bindName(), line);
        put(": ", line);
        put(reason, line);
        Level level = log.separateErrors() ? Level.ERR : Level.INFO;
        log.writer().write(session.worker().index(), log.targets(), level, line.bytes(), 0, line.length());
        if (!log.structuredTargets().isEmpty()) {
            ByteSink structured = scratch.takeSink();
            put("- ", structured);
            structured.put(line.bytes(), 0, line.length());
            log.writer().write(session.worker().index(), log.structuredTargets(), level, structured.bytes(), 0, structured.length());
            scratch.giveSink(structured);
        }
        scratch.giveSink(line);
    }

    private static void put(String text, ByteSink line) {
        for (int i = 0; i < text.length(); i++) {
            line.put((byte) text.charAt(i));
        }
    }
}
