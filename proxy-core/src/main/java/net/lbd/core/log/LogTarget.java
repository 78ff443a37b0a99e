package net.lbd.core.log;

import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.core.sample.ByteSink;

/**
 * A {@code log} line: where lines go, which ones, and what is written before them. Made by {@link
 * LogWriter#target}. Immutable for those who log; written to by the writer thread only. Source: HAProxy
 * manual, "log".
 */
public final class LogTarget {

    private final LogTargetSpec spec;
    private final LineHeader header;
    private final LogSink sink;
    private final int facilityCode;
    private final Optional<LogTargetSpec.Sampling> sampling;
    /** The line's place in its row; of the writer thread. */
    private int place;

    LogTarget(LogTargetSpec spec, LogIdentity identity, LogSink sink) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.header = LineHeader.of(spec.format(), identity);
        this.sink = Objects.requireNonNull(sink, "sink");
        this.sampling = spec.sampling();
        this.facilityCode = spec.facility().ordinal() << 3;
    }

    public LogTargetSpec spec() {
        return spec;
    }

    /** Whether a message of this level is sent here at all. */
    public boolean accepts(Level level) {
        return level.ordinal() <= spec.level().ordinal();
    }

    LogSink sink() {
        return sink;
    }

    /**
     * Sends a line, cut to the target's length. Writer thread only.
     *
     * @param scratch any sink of the writer thread
     */
    void write(Level level, byte[] line, int offset, int length, HeaderClock clock, ByteSink scratch) {
        if (!accepts(level) || !isSampled()) {
            return;
        }
        int shown = Math.max(level.ordinal(), spec.minLevel().ordinal());
        scratch.clear();
        header.put(facilityCode | shown, shown, clock, scratch);
        scratch.put(line, offset, length);
        // The limit is for what comes before the line end, header included.
        scratch.truncate(spec.lengthBytes());
        scratch.put((byte) '\n');
        sink.write(scratch.bytes(), 0, scratch.length());
    }

    private boolean isSampled() {
        if (sampling.isEmpty()) {
            return true;
        }
        boolean sent = sampling.get().sent().get(place);
        place = (place + 1) % sampling.get().size();
        return sent;
    }

    @Override
    public String toString() {
        return spec.destination().toString();
    }
}
