package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * What of a request's body has gone to a server, for as long as the request may have to be sent again: up to a limit of bytes,
 * copied, so that it does not hold read buffers. Event-loop confined. Source: HAProxy manual, "retry-on": requests that do not
 * fit into a buffer are not retried.
 */
final class SentBody {

    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private int room;
    private boolean keeping;

    /** Begins to keep, with nothing; below 0 bytes of room nothing is. */
    void begin(int limitBytes) {
        release();
        room = limitBytes;
        keeping = limitBytes >= 0;
    }

    /** Bytes go to the server; the buffer stays the caller's. */
    void add(ByteBuf bytes, ByteBufAllocator allocator) {
        if (!keeping) {
            return;
        }
        int length = bytes.readableBytes();
        if (length > room) {
            release();
            return;
        }
        if (kept == Unpooled.EMPTY_BUFFER) {
            kept = allocator.directBuffer(length);
        }
        kept.writeBytes(bytes, bytes.readerIndex(), length);
        room -= length;
    }

    /** Whether all that was sent is here. */
    boolean isWhole() {
        return keeping;
    }

    /** What was sent, for another time; the caller's to release. */
    ByteBuf again() {
        return kept.retainedSlice();
    }

    /** Gives the memory back; nothing is kept any more. */
    void release() {
        keeping = false;
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
    }
}
