package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * What one stream has to send: DATA that its window, the connection's or the socket did not take yet, and the end behind it. Used
 * again for one stream after another. Event-loop confined; one for each stream of a {@link SendWindow}.
 */
public final class SendStream {

    /** Whose bytes these are. */
    public interface Owner {
        /** Some of what waited was sent. Not told of what leaves at once. */
        void progressed();

        /** The trailers have left: bytes of their block. */
        void trailersSent(int bytes);
    }

    private static final byte[] NO_TRAILERS = {};
    /** What is copied into the connection's buffer at once. */
    private static final int SMALL_BYTES = 4096;
    /** A trailer section of one empty line is none. */
    private static final int EMPTY_LINE_BYTES = 2;

    private final SendWindow connection;
    private final FrameWriter frames;
    private final Owner owner;
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>(4);
    private int id;
    private int pendingBytes;
    private long window;
    /** Nothing is added any more. */
    private boolean whole;
    private byte[] trailers = NO_TRAILERS;
    private boolean endSent;
    /** Whether it stands in the connection's queue. */
    private boolean waiting;

    public SendStream(SendWindow connection, Owner owner) {
        this.connection = Objects.requireNonNull(connection, "connection");
        this.frames = connection.frames();
        this.owner = Objects.requireNonNull(owner, "owner");
    }

    /** Makes ready for a new stream. */
    public void begin(int newId) {
        id = newId;
        window = connection.initialOfStreams();
        whole = false;
        trailers = NO_TRAILERS;
        endSent = false;
    }

    /** Bytes that wait to be sent. */
    public int pendingBytes() {
        return pendingBytes;
    }

    /** Whether nothing more is to be sent but what waits. */
    public boolean isWhole() {
        return whole;
    }

    /** Whether END_STREAM was sent. */
    public boolean isEndSent() {
        return endSent;
    }

    /** A header block that was written has carried the end. */
    public void endedByHead() {
        whole = true;
        endSent = true;
    }

    /** Trailers to go behind the last byte: lines that end with CR LF. */
    public void setTrailers(byte[] lines) {
        trailers = lines;
    }

    public boolean hasTrailers() {
        return trailers.length > EMPTY_LINE_BYTES;
    }

    /** Sends a few bytes at once if that is possible and nothing waits before them; the buffer stays the caller's. Else they wait. */
    public void sendOrAdd(ByteBuf in, int length) {
        if (pendingBytes == 0 && length <= SMALL_BYTES && length <= connection.room(window)) {
            send(in, length, false);
        } else {
            add(in.readRetainedSlice(length));
        }
    }

    /** Has bytes wait; the buffer is handed over. */
    public void add(ByteBuf bytes) {
        pending.add(bytes);
        pendingBytes += bytes.readableBytes();
    }

    /** Nothing will be added: the end goes with the last byte. What waits is sent by {@link #drain}. */
    public void complete() {
        whole = true;
    }

    /** Sends what waits as far as windows and socket allow, and the end if nothing is left. */
    public void drain() {
        while (pendingBytes > 0) {
            if (!sendFrame()) {
                return;
            }
        }
        sendEnd();
    }

    /** One frame; false if there is no room: then the stream waits, if it is not for its own window. */
    private boolean sendFrame() {
        int room = connection.room(window);
        if (room <= 0 && window > 0 && connection.isOpen()) {
            // Mostly the socket takes it all.
            frames.flush();
            room = connection.room(window);
        }
        if (room <= 0) {
            if (window > 0) {
                await();
            }
            return false;
        }
        ByteBuf next = pending.element();
        int length = Math.min(room, next.readableBytes());
        send(next, length, length == pendingBytes && whole && !hasTrailers());
        pendingBytes -= length;
        if (!next.isReadable()) {
            pending.remove().release();
        }
        return true;
    }

    private void send(ByteBuf in, int length, boolean end) {
        frames.data(id, in, length, end);
        window -= length;
        endSent |= end;
        connection.sent(length);
    }

    private void sendEnd() {
        if (!whole || endSent || pendingBytes > 0) {
            return;
        }
        endSent = true;
        if (hasTrailers()) {
            owner.trailersSent(frames.trailers(id, trailers));
        } else {
            frames.end(id);
        }
    }

    private void await() {
        if (!waiting) {
            waiting = true;
            connection.await(this);
        }
    }

    /** One frame of the connection's room. */
    void takeTurn() {
        waiting = false;
        if (pendingBytes == 0 || !sendFrame()) {
            return;
        }
        if (pendingBytes > 0 && window > 0) {
            await();
        }
        sendEnd();
        owner.progressed();
    }

    /** The peer takes more, or less: a window may be negative (RFC 9113 §6.9.2). False: more than a window can be (2^31-1). */
    public boolean grant(long bytes) {
        window += bytes;
        return window <= Integer.MAX_VALUE;
    }

    /** Its own window has opened: sends what that allows. */
    public void resume() {
        if (pendingBytes > 0 && window > 0 && !waiting) {
            int before = pendingBytes;
            drain();
            if (pendingBytes < before) {
                owner.progressed();
            }
        }
    }

    /** Forgets what waits. */
    public void clear() {
        if (waiting) {
            waiting = false;
            connection.forget(this);
        }
        for (ByteBuf bytes = pending.poll(); bytes != null; bytes = pending.poll()) {
            bytes.release();
        }
        pendingBytes = 0;
    }
}
