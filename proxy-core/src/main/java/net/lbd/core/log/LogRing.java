package net.lbd.core.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.lbd.config.model.RingSpec;

/**
 * A ring: the last lines of a log in memory, as many as its size holds, and its servers, which get each of them. A server that is slow or
 * gone keeps nobody from anything (see {@link ConnectionSink}). Thread-safe: the writer's loop fills, {@code show events} reads. Source:
 * HAProxy manual, "Rings". <em>Difference:</em> HAProxy's servers are fed from the ring itself, which then moves at the pace of the
 * slowest.
 */
public final class LogRing implements LogSink {

    private final RingSpec spec;
    private final List<ConnectionSink> servers;
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
    private long keptBytes;
    /** The number of the oldest line that is kept; the first of all is 0. */
    private long first;
    private long tooLong;

    LogRing(RingSpec spec, List<ConnectionSink> servers) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.servers = List.copyOf(servers);
    }

    /** Lines of a ring, and the number of the line that comes behind them. */
    public record Lines(List<String> lines, long next) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    public RingSpec spec() {
        return spec;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (ConnectionSink server : servers) {
            server.write(bytes, offset, length);
        }
        // Without its line end.
        int kept = length - 1;
        synchronized (lines) {
            if (kept > spec.sizeBytes()) {
                tooLong++;
                return;
            }
            while (keptBytes + kept > spec.sizeBytes()) {
                keptBytes -= lines.removeFirst().length;
                first++;
            }
            byte[] line = new byte[kept];
            System.arraycopy(bytes, offset, line, 0, kept);
            lines.addLast(line);
            keptBytes += kept;
        }
    }

    @Override
    public void flush() {
        servers.forEach(ConnectionSink::flush);
    }

    /** The lines from a number on, as far as they are kept. Any thread. */
    public Lines from(long number) {
        synchronized (lines) {
            long at = first;
            List<String> found = new ArrayList<>();
            for (byte[] line : lines) {
                if (at++ >= number) {
                    found.add(new String(line, StandardCharsets.ISO_8859_1));
                }
            }
            return new Lines(found, at);
        }
    }

    @Override
    public long dropped() {
        synchronized (lines) {
            return tooLong + servers.stream().mapToLong(ConnectionSink::dropped).sum();
        }
    }

    @Override
    public boolean isBusy() {
        return servers.stream().anyMatch(ConnectionSink::isBusy);
    }

    @Override
    public void close(long millis) {
        servers.forEach(server -> server.close(millis));
    }
}
