package net.lbd.core.stream;

import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.lbd.core.h2.EndedStreams;

/**
 * The streams of one client's connection: those that are open, those that wait to be used again, which numbers were used, and how the
 * last ones ended. Event-loop confined. Source: RFC 9113 §5.1.
 */
final class Http2Streams {

    /** Kept for use again while nothing goes on. */
    private static final int KEPT_WHEN_IDLE = 4;

    private final int limit;
    private final IntObjectHashMap<Http2Exchange> open = new IntObjectHashMap<>(8);
    private final ArrayDeque<Http2Exchange> spare = new ArrayDeque<>();
    private final EndedStreams ended = new EndedStreams();
    private int last;
    private int total;
    private int lastServed = Integer.MAX_VALUE;

    /** @param limit how many may be open at a time */
    Http2Streams(int limit) {
        this.limit = limit;
    }

    int size() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int limit() {
        return limit;
    }

    /** The one that is open under this number; null if there is none, since the hot path asks. */
    Http2Exchange find(int stream) {
        return open.get(stream);
    }

    /** Those that are open, also while some of them end. */
    List<Http2Exchange> all() {
        return new ArrayList<>(open.values());
    }

    /** One of those that are open. */
    Http2Exchange any() {
        return open.values().iterator().next();
    }

    /** The highest number that the client has used. */
    int last() {
        return last;
    }

    /** How many there were. */
    int total() {
        return total;
    }

    /** Whether the number was not used yet. */
    boolean isUnused(int stream) {
        return stream > last;
    }

    /** Whether a stream may begin: by its number, and by how many there are. */
    boolean mayOpen(int stream) {
        return stream > last && stream % 2 == 1 && stream <= lastServed && open.size() < limit;
    }

    /** One above the limit: its number is used up. */
    void refuse(int stream) {
        last = stream;
        ended.add(stream, true);
    }

    void open(int stream, Http2Exchange exchange) {
        last = stream;
        total++;
        open.put(stream, exchange);
    }

    /** One to use again; null if there is none. */
    Http2Exchange pollSpare() {
        return spare.pollLast();
    }

    /** Gives one that has not been used, or ends one without its having been open. */
    void addSpare(Http2Exchange exchange) {
        spare.add(exchange);
    }

    Http2Exchange peekSpare() {
        return spare.peekLast();
    }

    /** Takes an ended one out. @param byUs whether frames of the client may still be on their way. Returns false if it was not open */
    boolean close(Http2Exchange exchange, boolean byUs) {
        if (open.remove(exchange.id()) == null) {
            return false;
        }
        ended.add(exchange.id(), byUs);
        exchange.clear();
        if (spare.size() < limit) {
            spare.add(exchange);
        } else {
            exchange.discard();
        }
        return true;
    }

    EndedStreams.End endOf(int stream) {
        return ended.of(stream);
    }

    /** From here on higher numbers are not served. */
    void serveNoMore() {
        lastServed = Math.min(lastServed, last);
    }

    /** Whether the client has been told, or has said itself, that this one is not served. */
    boolean isBeyondService(int stream) {
        return stream > lastServed;
    }

    /** Gives up most of those that are kept for use again. */
    void trim() {
        while (spare.size() > KEPT_WHEN_IDLE) {
            spare.pollFirst().discard();
        }
    }

    void discardSpare() {
        spare.forEach(Http2Exchange::discard);
        spare.clear();
    }
}
