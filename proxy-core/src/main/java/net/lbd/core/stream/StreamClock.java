package net.lbd.core.stream;

/**
 * The moments of one stream, from which its log line takes the timers. Moments are
 * {@link System#nanoTime} values; {@link #NEVER} where a stage was not reached. Event-loop confined.
 *
 * <p>Order of the moments: accepted ≤ handshakeDone ≤ requestBegin ≤ requestHead ≤ assigned ≤ connected
 * ≤ responseHead ≤ end. For the second and later requests of a connection {@code accepted} is the end
 * of the previous response and no handshake takes time. Source: HAProxy manual, section "Timers".
 */
public final class StreamClock {

    /** A moment that did not come. */
    public static final long NEVER = Long.MIN_VALUE;

    /** When the connection was accepted, or the previous stream of it ended; milliseconds since 1970. */
    public long acceptedWallMillis;
    public long accepted = NEVER;
    public long handshakeDone = NEVER;
    /** First byte of the request. */
    public long requestBegin = NEVER;
    /** {@link #requestBegin} in milliseconds since 1970. */
    public long requestBeginWallMillis;
    /** The whole request head was read. */
    public long requestHead = NEVER;
    /** A server was assigned: the time in the queue is over. */
    public long assigned = NEVER;
    public long connected = NEVER;
    /** The whole response head was read; for TCP the first byte. */
    public long responseHead = NEVER;
    public long end = NEVER;

    /** Begins a stream at a connection's accept or at the end of its previous stream. */
    public void begin(long nowNanos, long nowWallMillis) {
        acceptedWallMillis = nowWallMillis;
        accepted = nowNanos;
        handshakeDone = nowNanos;
        requestBegin = NEVER;
        requestBeginWallMillis = nowWallMillis;
        requestHead = NEVER;
        assigned = NEVER;
        connected = NEVER;
        responseHead = NEVER;
        end = NEVER;
    }

    /** Whole milliseconds between two moments, or -1 if one of them did not come. */
    public static long millisBetween(long from, long to) {
        return from == NEVER || to == NEVER ? -1 : Math.max(0, (to - from) / 1_000_000);
    }
}
