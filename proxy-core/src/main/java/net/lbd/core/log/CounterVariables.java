package net.lbd.core.log;

import static java.util.Map.entry;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.stream.StreamClock;
import net.lbd.core.stream.Termination;

/** Bytes, connections, queues, and how the stream ended. Rows of {@link LogVariables}. */
final class CounterVariables {

    private static final int HEX_DIGITS = 4;

    static final Map<String, LogVariables.Row> ROWS = Map.ofEntries(
            entry("B", (escaping, names) -> (stream, out) -> {
                if (stream.clock().end == StreamClock.NEVER) {
                    out.put((byte) '+');
                }
                out.putNumber(stream.bytesToClient());
            }),
            entry("U", (escaping, names) -> (stream, out) -> out.putNumber(stream.bytesFromClient())),
            entry("ac", (escaping, names) -> {
                IntSupplier connections = names.process().connections();
                return (stream, out) -> out.putNumber(connections.getAsInt());
            }),
            entry("fc", (escaping, names) -> (stream, out) ->
                    out.putNumber(stream.frontend().counters().current.get())),
            entry("bc", (escaping, names) -> (stream, out) ->
                    out.putNumber(stream.backend().counters().current.get())),
            entry("sc", (escaping, names) -> (stream, out) -> out.putNumber(stream.server().load())),
            entry("rc", (escaping, names) -> (stream, out) -> {
                if (stream.isRedispatched()) {
                    out.put((byte) '+');
                }
                out.putNumber(stream.retries());
            }),
            entry("sq", (escaping, names) -> (stream, out) -> out.putNumber(stream.serverQueuePosition())),
            entry("bq", (escaping, names) -> (stream, out) -> out.putNumber(stream.backendQueuePosition())),
            entry("rt", (escaping, names) -> {
                ProcessFacts process = names.process();
                return (stream, out) ->
                        putNumber(process.streamNumber().applyAsLong(stream), HEX_DIGITS, escaping, out);
            }),
            entry("lc", (escaping, names) -> {
                // A format is compiled for each frontend, so this counts the lines of one.
                AtomicLong lines = new AtomicLong();
                return (stream, out) -> putNumber(lines.getAndIncrement(), HEX_DIGITS, escaping, out);
            }),
            entry("ts", (escaping, names) -> (stream, out) -> {
                Termination end = stream.termination();
                out.put((byte) end.cause());
                out.put((byte) end.stage());
            }),
            entry("tsc", (escaping, names) -> (stream, out) -> {
                Termination end = stream.termination();
                out.put((byte) end.cause());
                out.put((byte) end.stage());
                out.put((byte) end.clientCookie());
                out.put((byte) end.serverCookie());
            }));

    private CounterVariables() { }

    /** A number, in hexadecimal if the flags say so. */
    static void putNumber(long value, int minHexDigits, Escaping escaping, ByteSink out) {
        if (escaping.hex()) {
            out.putHex(value, minHexDigits);
        } else {
            out.putNumber(value);
        }
    }
}
