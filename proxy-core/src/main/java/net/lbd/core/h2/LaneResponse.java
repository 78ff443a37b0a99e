package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import net.lbd.core.http.Http2ResponseReader;

/**
 * Turns what the server answers on a stream into an HTTP/1 message, to be judged like any other. Event-loop confined; one for each
 * {@link Lane}. Source: RFC 9113 §8, RFC 8441 §5.
 */
final class LaneResponse {

    static final byte[] NO_ACCEPT = {};
    private static final byte[] NO_LINES = {};
    private static final int CHUNK_END_BYTES = 5;

    private final Lane lane;
    private boolean ended = true;
    private boolean headSeen;
    private boolean toHead;
    private boolean toConnect;
    private byte[] accept = NO_ACCEPT;
    private boolean tunnel;
    private boolean chunked;
    private long left;

    LaneResponse(Lane lane) {
        this.lane = lane;
    }

    /**
     * A request was sent.
     *
     * @param head its method is HEAD: no body follows
     * @param connect its method is CONNECT: success makes a tunnel
     * @param acceptText what proves that WebSocket was agreed on; empty: it was not asked for
     */
    void begin(boolean head, boolean connect, byte[] acceptText) {
        ended = false;
        headSeen = false;
        toHead = head;
        toConnect = connect;
        accept = acceptText;
        tunnel = false;
        chunked = false;
        left = 0;
    }

    /** Whether nothing more is to come. */
    boolean isEnded() {
        return ended;
    }

    boolean isHeadSeen() {
        return headSeen;
    }

    private ByteBufAllocator allocator() {
        return lane.link().resources().allocator();
    }

    /** A header block has come. */
    void fields(Http2ResponseReader block, boolean end) {
        if (ended) {
            lane.breach("HEADERS behind the end");
        } else if (headSeen) {
            trailers(block, end);
        } else {
            head(block, end);
        }
    }

    private void trailers(Http2ResponseReader block, boolean end) {
        if (!end || block.isBad() || !tunnel && !chunked && left > 0) {
            lane.breach("a trailer section that is none");
            return;
        }
        ended = true;
        end(block.trailers());
    }

    private void head(Http2ResponseReader block, boolean end) {
        int status = block.isBad() ? 0 : block.status();
        if (status == 0 || status == 101 || status < 200 && end) {
            lane.breach("a response head that is none");
            return;
        }
        if (status < 200) {
            emit(block.head(false, false, false));
            return;
        }
        headSeen = true;
        if (status < 300 && (toConnect || accept.length > 0)) {
            switched(block, end);
            return;
        }
        boolean refused = toConnect || accept.length > 0;
        if (refused) {
            lane.refusedTunnel();
        }
        boolean bodyless = toHead || status == 204 || status == 304;
        left = bodyless ? 0 : block.contentLength();
        chunked = !bodyless && left < 0 && !end;
        if (end && left > 0) {
            lane.breach("a length that is not that of the body");
            return;
        }
        byte[] head = block.head(chunked, end && !bodyless && left < 0, refused);
        ended = end;
        emit(head);
        if (end) {
            lane.endIfDone();
        }
    }

    private void switched(Http2ResponseReader block, boolean end) {
        if (block.contentLength() >= 0) {
            lane.breach("a length of a tunnel");
            return;
        }
        tunnel = true;
        ended = end;
        emit(toConnect ? block.head(false, false, false) : block.switched(accept));
        if (end) {
            lane.endInput();
            lane.endIfDone();
        }
    }

    /** @param flow padding included */
    void data(ByteBuf data, int flow, boolean end) {
        int length = data.readableBytes();
        if (!lane.take(flow)) {
            lane.breach("more DATA than the stream's window");
            return;
        }
        if (ended || !headSeen || !tunnel && !chunked && (length > left || end && length < left)) {
            lane.breach("DATA that does not belong to the response");
            return;
        }
        // Before the last bytes are handed on: whoever gets them may ask something else at once.
        ended = end;
        if (length > 0 && chunked) {
            byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            lane.emit(allocator().directBuffer(size.length + length + 2).writeBytes(size).writeBytes(data, length)
                    .writeByte('\r').writeByte('\n'));
        } else if (length > 0) {
            left -= length;
            lane.emit(data.readRetainedSlice(length));
        }
        lane.taken(flow);
        if (end) {
            end(NO_LINES);
        }
    }

    private void end(byte[] lines) {
        if (tunnel) {
            lane.endInput();
        } else if (chunked) {
            chunked = false;
            lane.emit(allocator().directBuffer(lines.length + CHUNK_END_BYTES).writeByte('0').writeByte('\r').writeByte('\n')
                    .writeBytes(lines).writeByte('\r').writeByte('\n'));
        }
        lane.endIfDone();
    }

    private void emit(byte[] bytes) {
        lane.emit(allocator().directBuffer(bytes.length).writeBytes(bytes));
    }
}
