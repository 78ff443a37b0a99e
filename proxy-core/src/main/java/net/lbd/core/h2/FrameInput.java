package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.Objects;

/** The frames in the bytes of a connection; a piece of one waits for the rest. Event-loop confined; one for each connection. */
public final class FrameInput {

    private final ByteBufAllocator allocator;
    private final FieldDecoder decoder;
    private final DefaultHttp2FrameReader reader;
    private final FrameListener listener;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    /**
     * @param listener is told of the frames, and of their fields by the decoder that it is the sink of
     * @param frameBytes the longest frame
     */
    public FrameInput(FrameListener listener, FieldDecoder decoder, int frameBytes, ByteBufAllocator allocator) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
        this.allocator = Objects.requireNonNull(allocator, "allocator");
        this.reader = new DefaultHttp2FrameReader(decoder);
        try {
            reader.maxFrameSize(frameBytes);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("frames of " + frameBytes + " bytes", e);
        }
    }

    /** What the peer's table of header compression may hold. */
    public void setHeaderTableBytes(int bytes) {
        try {
            decoder.maxHeaderTableSize(bytes);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("a header table of " + bytes + " bytes", e);
        }
    }

    /** What waited and these bytes behind it; the buffer is handed over, and comes back by {@link #keep}. */
    public ByteBuf join(ByteBuf bytes) {
        if (rest == Unpooled.EMPTY_BUFFER) {
            return bytes;
        }
        ByteBuf first = rest;
        rest = Unpooled.EMPTY_BUFFER;
        ByteBuf both = allocator.directBuffer(first.readableBytes() + bytes.readableBytes());
        both.writeBytes(first).writeBytes(bytes);
        first.release();
        bytes.release();
        return both;
    }

    /** Tells of all whole frames. After an error that ends a stream only it may be called again for those behind. */
    public void read(ChannelHandlerContext context, ByteBuf in) throws Http2Exception {
        reader.readFrame(context, in, listener);
    }

    /** Takes back what is left; without a use for it any more it is thrown away. */
    public void keep(ByteBuf in, boolean useful) {
        if (useful && in.isReadable()) {
            rest = in;
        } else {
            in.release();
        }
    }

    /** Forgets what waits. */
    public void clear() {
        ByteBuf left = rest;
        rest = Unpooled.EMPTY_BUFFER;
        left.release();
    }

    public void close() {
        clear();
        reader.close();
    }
}
