package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.lbd.core.h2.FrameWriter;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.runtime.Worker;
import net.lbd.core.sample.ByteSink;

/**
 * The body of a request on a client's HTTP/2 stream: held until a server takes it, framed as HTTP/1 has it, its window granted
 * anew as it goes. At most the window that the client was granted is held, copied so that a byte does not hold a read buffer. Used
 * again for one stream after another; event-loop confined.
 *
 * <table><caption>Framing</caption>
 * <tr><td>{@link #expect}</td><td>as many bytes as Content-Length says: fewer or more are an error</td></tr>
 * <tr><td>{@link #expectChunks}</td><td>each DATA becomes a chunk</td></tr>
 * <tr><td>neither</td><td>bytes of a tunnel</td></tr>
 * </table>
 */
final class Http2RequestBody {

    static final byte[] NO_TRAILERS = {};

    private static final int NO_LENGTH = -1;
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};
    private static final int CHUNK_FRAMING_BYTES = 12;
    private static final int SMALLEST_BUFFER_BYTES = 512;

    private final FrameWriter frames;
    private final HttpStream stream;
    private final Worker worker;
    private final int window;
    private int id;
    /** What came and no server has taken yet. */
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int windowLeft;
    /** Used, and not granted anew yet. */
    private int consumed;
    private boolean ended;
    /** Of Content-Length, what has not come. */
    private long left;
    private boolean chunked;
    private byte[] trailers = NO_TRAILERS;

    Http2RequestBody(FrameWriter frames, HttpStream stream) {
        this.frames = frames;
        this.stream = stream;
        this.worker = stream.worker();
        this.window = worker.limits().http2Clients().initialWindow();
    }

    /** Makes ready for a new stream. */
    void begin(int newId) {
        id = newId;
        windowLeft = window;
        consumed = 0;
        ended = false;
        left = NO_LENGTH;
        chunked = false;
        trailers = NO_TRAILERS;
    }

    void expect(long bytes) {
        left = bytes;
    }

    void expectChunks() {
        chunked = true;
    }

    /** Whether it goes to the server as the body of a request, and not as bytes of a tunnel. */
    boolean isFramed() {
        return chunked || left != NO_LENGTH;
    }

    /** Puts into the head what the framing needs. */
    void prepare(HttpMessage request) {
        if (chunked) {
            request.add(TRANSFER_ENCODING, CHUNKED);
        }
    }

    /** Whether the client has sent its end. */
    boolean isEnded() {
        return ended;
    }

    /** Whether something waits for the server. */
    boolean isHeld() {
        return held.isReadable();
    }

    /** DATA uses the window, padding included; false: more than was granted. */
    boolean take(int flow) {
        windowLeft -= flow;
        consumed += flow;
        return windowLeft >= 0;
    }

    /** Bytes that nobody wants. */
    void ignore(int length, boolean end) {
        consumed -= length;
        ended = end;
    }

    /** Counts bytes against Content-Length; false if it does not hold. */
    boolean fits(int length, boolean end) {
        if (left == NO_LENGTH) {
            return true;
        }
        left -= length;
        return left >= 0 && (!end || left == 0);
    }

    /** @param forwarded whether the server takes it at once */
    void add(ByteBuf data, boolean end, boolean forwarded) {
        int length = data.readableBytes();
        // Used by the server, or held: granted anew once it goes.
        consumed -= length;
        ended = end;
        if (length > 0 && !held.isReadable() && forwarded) {
            forward(data, length);
        } else if (length > 0) {
            hold(data, length);
        }
    }

    private void hold(ByteBuf data, int length) {
        if (held == Unpooled.EMPTY_BUFFER) {
            held = worker.allocator().directBuffer(Math.max(length, SMALLEST_BUFFER_BYTES));
        }
        held.writeBytes(data, length);
    }

    /** The end has come behind a trailer section. */
    void end(byte[] trailerLines) {
        trailers = trailerLines;
        ended = true;
    }

    /** @see ClientSide#hasBody */
    boolean has(int atLeastBytes) {
        int length = held.readableBytes();
        return ended || atLeastBytes > 0 && length >= atLeastBytes || length >= worker.limits().headBytes() || windowLeft <= 0;
    }

    /** @see ClientSide#copyBody */
    void copy(ByteSink out) {
        for (int i = held.readerIndex(); i < held.writerIndex(); i++) {
            out.put(held.getByte(i));
        }
    }

    /**
     * The server takes what is held. Of that limits of bandwidth may let a part pass only: the client's window stays used meanwhile.
     *
     * @param goOn called when more may pass
     */
    void forwardHeld(Runnable goOn) {
        Throttle throttle = stream.requestThrottle();
        int length = throttle == Throttle.NONE ? held.readableBytes() : throttle.isWaiting() ? 0 : throttle.allow(held.readableBytes());
        throttle.spent(length);
        if (length > 0) {
            forward(held, length);
        }
        if (!held.isReadable()) {
            release();
        } else if (!throttle.isWaiting()) {
            throttle.waitForMore(goOn);
        }
    }

    private void forward(ByteBuf in, int length) {
        if (!isFramed()) {
            stream.client().tunnelActivity();
        }
        if (chunked) {
            ByteBuf chunk = worker.allocator().directBuffer(length + CHUNK_FRAMING_BYTES);
            putHex(chunk, length);
            stream.forwardBody(chunk.writeBytes(CRLF).writeBytes(in, length).writeBytes(CRLF));
        } else {
            stream.forwardBody(in.readRetainedSlice(length));
        }
        consumed += length;
        if (!ended && consumed >= window / 2) {
            frames.windowUpdate(id, consumed);
            windowLeft += consumed;
            consumed = 0;
        }
    }

    private static void putHex(ByteBuf out, int value) {
        for (int shift = 28 - Integer.numberOfLeadingZeros(value) / 4 * 4; shift >= 0; shift -= 4) {
            out.writeByte("0123456789abcdef".charAt(value >>> shift & 15));
        }
    }

    /** The server takes the end. */
    void forwardEnd() {
        if (chunked) {
            ByteBuf last = worker.allocator().directBuffer(LAST_CHUNK.length + trailers.length + CRLF.length);
            stream.forwardBody(last.writeBytes(LAST_CHUNK).writeBytes(trailers).writeBytes(CRLF));
        }
    }

    /** Forgets what is held. */
    void release() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }
}
