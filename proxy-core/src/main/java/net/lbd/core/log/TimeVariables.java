package net.lbd.core.log;

import static java.util.Map.entry;

import java.time.ZoneId;
import java.util.Map;
import java.util.function.ToLongFunction;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.DateCache;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.StreamClock;

/**
 * Dates and timers. Timers are differences of whole milliseconds since the accept, so that they add up
 * as the manual says: {@code Tq} is {@code Th + Ti + TR}, {@code Tt} is all of them. A stage that was not
 * reached is -1; a total that is written before the end has a plus. Rows of {@link LogVariables}.
 * Source: HAProxy manual, section "Timing events".
 *
 * <table><caption>What lies between which moments</caption>
 * <tr><td>Th</td><td>accepted, handshakeDone</td></tr>
 * <tr><td>Ti</td><td>handshakeDone, requestBegin</td></tr>
 * <tr><td>TR</td><td>requestBegin, requestHead</td></tr>
 * <tr><td>Tw</td><td>requestHead (TCP: handshakeDone), assigned</td></tr>
 * <tr><td>Tc</td><td>assigned, connected</td></tr>
 * <tr><td>Tr</td><td>connected, responseHead</td></tr>
 * <tr><td>Td</td><td>responseHead (TCP: connected), end</td></tr>
 * <tr><td>Ta</td><td>requestBegin, end</td></tr>
 * <tr><td>Tt</td><td>accepted, end</td></tr>
 * <tr><td>Tu</td><td>Tt without Ti</td></tr>
 * </table>
 */
final class TimeVariables {

    private static final int HEX_DIGITS = 4;

    static final Map<String, LogVariables.Row> ROWS = Map.ofEntries(
            entry("t", local(stream -> stream.clock().acceptedWallMillis, Form.MILLIS)),
            entry("tr", local(stream -> stream.clock().requestBeginWallMillis, Form.MILLIS)),
            entry("Tl", local(stream -> stream.clock().acceptedWallMillis, Form.OFFSET)),
            entry("trl", local(stream -> stream.clock().requestBeginWallMillis, Form.OFFSET)),
            entry("T", utc(stream -> stream.clock().acceptedWallMillis)),
            entry("trg", utc(stream -> stream.clock().requestBeginWallMillis)),
            entry("Ts", (escaping, names) -> (stream, out) -> CounterVariables.putNumber(
                    stream.clock().acceptedWallMillis / 1000, HEX_DIGITS, escaping, out)),
            entry("ms", (escaping, names) -> (stream, out) -> {
                int millis = (int) (stream.clock().acceptedWallMillis % 1000);
                if (escaping.hex()) {
                    out.putHex(millis, 2);
                } else {
                    out.putThreeDigits(millis);
                }
            }),
            entry("Th", timer((stream, clock) -> between(clock, clock.accepted, clock.handshakeDone))),
            entry("Ti", timer((stream, clock) -> idle(clock))),
            entry("TR", timer((stream, clock) -> between(clock, requestBegin(clock), clock.requestHead))),
            entry("Tq", timer((stream, clock) -> between(clock, clock.accepted, clock.requestHead))),
            entry("Tw", timer((stream, clock) -> between(
                    clock, stream.isHttp() ? clock.requestHead : clock.handshakeDone, clock.assigned))),
            entry("Tc", timer((stream, clock) -> between(clock, clock.assigned, clock.connected))),
            entry("Tr", timer((stream, clock) -> between(clock, clock.connected, clock.responseHead))),
            entry("Td", timer((stream, clock) -> between(
                    clock, stream.isHttp() ? clock.responseHead : clock.connected, end(stream, clock)))),
            entry("Ta", total((stream, clock) -> between(clock, requestBegin(clock), end(stream, clock)))),
            entry("Tt", total((stream, clock) -> between(clock, clock.accepted, end(stream, clock)))),
            entry("Tu", total((stream, clock) ->
                    between(clock, clock.accepted, end(stream, clock)) - idle(clock))));

    /** What follows a local date. */
    private enum Form { MILLIS, OFFSET }

    @FunctionalInterface
    private interface Timer {
        long millis(Stream stream, StreamClock clock);
    }

    private TimeVariables() { }

    private static LogVariables.Row timer(Timer timer) {
        return (escaping, names) -> (stream, out) -> out.putNumber(timer.millis(stream, stream.clock()));
    }

    private static LogVariables.Row total(Timer timer) {
        return (escaping, names) -> (stream, out) -> {
            if (stream.clock().end == StreamClock.NEVER) {
                out.put((byte) '+');
            }
            out.putNumber(Math.max(0, timer.millis(stream, stream.clock())));
        };
    }

    private static LogVariables.Row local(ToLongFunction<Stream> wallMillis, Form form) {
        return (escaping, names) -> {
            ZoneId zone = names.process().zone();
            return (stream, out) -> {
                long millis = wallMillis.applyAsLong(stream);
                DateCache dates = stream.worker().scratch().dates();
                long second = millis / 1000;
                int offset = dates.offsetSeconds(zone, second);
                dates.putDate(out, second, offset);
                if (form == Form.MILLIS) {
                    out.put((byte) '.');
                    out.putThreeDigits((int) (millis % 1000));
                } else {
                    out.put((byte) ' ');
                    DateCache.putOffset(out, offset);
                }
            };
        };
    }

    private static LogVariables.Row utc(ToLongFunction<Stream> wallMillis) {
        return (escaping, names) -> (stream, out) -> {
            stream.worker().scratch().dates().putDate(out, wallMillis.applyAsLong(stream) / 1000, 0);
            out.put((byte) ' ');
            DateCache.putOffset(out, 0);
        };
    }

    /** A client that sent nothing is taken to have begun at once. */
    private static long requestBegin(StreamClock clock) {
        return clock.requestBegin == StreamClock.NEVER ? clock.handshakeDone : clock.requestBegin;
    }

    private static long idle(StreamClock clock) {
        return between(clock, clock.handshakeDone, requestBegin(clock));
    }

    /** The end, or for a line that is written before it ({@code option logasap}) the last moment that came. */
    private static long end(Stream stream, StreamClock clock) {
        if (clock.end != StreamClock.NEVER) {
            return clock.end;
        }
        if (clock.responseHead != StreamClock.NEVER) {
            return clock.responseHead;
        }
        return clock.connected != StreamClock.NEVER ? clock.connected : requestBegin(clock);
    }

    private static long between(StreamClock clock, long from, long to) {
        if (from == StreamClock.NEVER || to == StreamClock.NEVER) {
            return -1;
        }
        return Math.max(0, (to - clock.accepted) / 1_000_000 - (from - clock.accepted) / 1_000_000);
    }
}
