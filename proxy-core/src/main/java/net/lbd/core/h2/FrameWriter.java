package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import net.lbd.core.connect.FlushQueue;

/**
 * Writes frames: small ones together into one buffer, which leaves at the end of the loop's turn; long DATA without a copy. The end of a stream
 * may be told by a flag of its last frame as long as that has not left. Event-loop confined; one for each connection.
 * Source: RFC 9113 §4 and §6.
 */
public final class FrameWriter implements FlushQueue.Pending {

    private static final int HEADER = Http2CodecUtil.FRAME_HEADER_LENGTH;
    private static final int FLAGS_AT = 4;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int BUFFER_BYTES = 2048;
    /** What is copied: a slice would cost an object and a place in the list of what is sent. */
    private static final int COPY_LIMIT_BYTES = 4096;
    private static final int HAND_OVER_BYTES = 16 * 1024;
    private static final int LONGEST_FRAME = 1 << 16;

    private final ChannelOutboundInvoker channel;
    private final ByteBufAllocator allocator;
    private final FlushQueue flushes;
    private final FieldEncoder fields;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private boolean dirty;
    /** Where the last frame of {@link #lastStream} begins in the buffer; -1: it has left, or cannot carry the end. */
    private int lastFrame = -1;
    private int lastStream;
    private int peerFrameSize = Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE;

    /** @param channel the channel, or the handler from which the frames go on */
    public FrameWriter(ChannelOutboundInvoker channel, FieldEncoder fields, ByteBufAllocator allocator, FlushQueue flushes) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.fields = Objects.requireNonNull(fields, "fields");
        this.allocator = Objects.requireNonNull(allocator, "allocator");
        this.flushes = Objects.requireNonNull(flushes, "flushes");
    }

    /** The longest frame that the peer takes. */
    public int peerFrameSize() {
        return peerFrameSize;
    }

    /** Longer frames than 64 kB bring nothing: what is written is as long as a read of the other side. */
    public void setPeerFrameSize(int bytes) {
        peerFrameSize = Math.min(bytes, LONGEST_FRAME);
    }

    private ByteBuf begin(int length, int type, int flags, int stream) {
        if (buffer.readableBytes() >= HAND_OVER_BYTES) {
            handOver();
        }
        if (buffer == Unpooled.EMPTY_BUFFER) {
            buffer = allocator.directBuffer(BUFFER_BYTES);
        }
        if (!dirty) {
            dirty = true;
            flushes.add(this);
        }
        lastFrame = -1;
        return buffer.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    /** Bytes as they are: the preface of a client. */
    public void raw(ByteBuf bytes) {
        begin(0, 0, 0, 0);
        buffer.writerIndex(buffer.writerIndex() - HEADER);
        buffer.writeBytes(bytes);
        bytes.release();
    }

    /** @param pairs identifiers and values in turn */
    public void settings(int... pairs) {
        begin(pairs.length / 2 * 6, Http2FrameTypes.SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            buffer.writeShort(pairs[i]).writeInt(pairs[i + 1]);
        }
    }

    public void settingsAck() {
        begin(0, Http2FrameTypes.SETTINGS, ACK, 0);
    }

    public void ping(boolean ack, long data) {
        begin(8, Http2FrameTypes.PING, ack ? ACK : 0, 0).writeLong(data);
    }

    public void windowUpdate(int stream, int bytes) {
        begin(4, Http2FrameTypes.WINDOW_UPDATE, 0, stream).writeInt(bytes);
    }

    public void reset(int stream, long code) {
        begin(4, Http2FrameTypes.RST_STREAM, 0, stream).writeInt((int) code);
    }

    public void goAway(int lastProcessed, long code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        begin(8 + text.length, Http2FrameTypes.GO_AWAY, 0, 0).writeInt(lastProcessed).writeInt((int) code).writeBytes(text);
    }

    /**
     * Writes the fields that were collected by {@link #fields}.
     *
     * @return bytes of the compressed block
     */
    public int headers(int stream, boolean end) {
        begin(0, Http2FrameTypes.HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream);
        int start = buffer.writerIndex();
        fields.write(stream, buffer);
        int length = buffer.writerIndex() - start;
        if (length <= peerFrameSize) {
            buffer.setMedium(start - HEADER, length);
            remember(stream, start - HEADER);
        } else {
            split(stream, start, length, end);
        }
        return length;
    }

    /** Writes a trailer section, and with it the end. @param lines each ends with CR LF */
    public int trailers(int stream, byte[] lines) {
        TrailerLines.add(lines, fields);
        return headers(stream, true);
    }

    /** Collects the fields of the next header block. */
    public FieldEncoder fields() {
        return fields;
    }

    private void split(int stream, int start, int length, boolean end) {
        ByteBuf block = allocator.directBuffer(length).writeBytes(buffer, start, length);
        try {
            buffer.writerIndex(start);
            buffer.setMedium(start - HEADER, peerFrameSize);
            buffer.setByte(start - HEADER + FLAGS_AT, end ? END_STREAM : 0);
            buffer.writeBytes(block, peerFrameSize);
            while (block.isReadable()) {
                int part = Math.min(block.readableBytes(), peerFrameSize);
                // No hand-over in between would matter; the frames follow each other on the wire in any case.
                begin(part, Http2FrameTypes.CONTINUATION, block.readableBytes() == part ? END_HEADERS : 0, stream);
                buffer.writeBytes(block, part);
            }
        } finally {
            block.release();
        }
    }

    /** Takes bytes out of a buffer, which stays the caller's; no more than {@link #peerFrameSize}. */
    public void data(int stream, ByteBuf in, int length, boolean end) {
        begin(length, Http2FrameTypes.DATA, end ? END_STREAM : 0, stream);
        int frame = buffer.writerIndex() - HEADER;
        if (length <= COPY_LIMIT_BYTES) {
            buffer.writeBytes(in, length);
            remember(stream, frame);
        } else {
            handOver();
            channel.write(in.readRetainedSlice(length), channel.voidPromise());
        }
    }

    private void remember(int stream, int frame) {
        lastStream = stream;
        lastFrame = frame;
    }

    /** Ends a stream: by a flag of its last frame if that still is here, else by an empty frame. */
    public void end(int stream) {
        if (lastFrame >= 0 && lastStream == stream) {
            int flags = lastFrame + FLAGS_AT;
            buffer.setByte(flags, buffer.getByte(flags) | END_STREAM);
            lastFrame = -1;
        } else {
            begin(0, Http2FrameTypes.DATA, END_STREAM, stream);
        }
    }

    private void handOver() {
        if (buffer != Unpooled.EMPTY_BUFFER) {
            ByteBuf full = buffer;
            buffer = Unpooled.EMPTY_BUFFER;
            lastFrame = -1;
            channel.write(full, channel.voidPromise());
        }
    }

    /** Sends what was written. */
    @Override
    public void flush() {
        dirty = false;
        handOver();
        channel.flush();
    }

    /** Forgets what has not been handed over: the connection is gone. */
    public void release() {
        buffer.release();
        buffer = Unpooled.EMPTY_BUFFER;
        lastFrame = -1;
        fields.close();
    }
}
