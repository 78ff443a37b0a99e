package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * What Netty's frame reader tells, without what nobody here asks for: priorities weigh nothing (RFC 9113 §5.3.2), and the fields of a
 * block have gone to the {@link FieldDecoder.Sink}. Event-loop confined.
 */
public abstract class FrameListener implements Http2FrameListener {

    /** The fields of a block are complete. */
    protected abstract void headers(int stream, boolean end);

    /** The buffer stays the caller's. @param padding bytes that count against windows all the same */
    protected abstract void data(int stream, ByteBuf data, int padding, boolean end);

    protected abstract void reset(int stream, long code);

    protected abstract void settings(Http2Settings settings);

    protected abstract void settingsAck();

    protected abstract void ping(long data);

    protected abstract void pingAck(long data);

    protected abstract void priority(int stream);

    protected abstract void windowUpdate(int stream, int bytes);

    protected abstract void goAway(int lastStream);

    protected abstract void pushPromise();

    protected abstract void unknownFrame();

    @Override
    public final int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
        data(stream, data, padding, end);
        return 0;
    }

    @Override
    public final void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean end) {
        headers(stream, end);
    }

    @Override
    public final void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers, int dependency,
            short weight, boolean exclusive, int padding, boolean end) {
        headers(stream, end);
    }

    @Override
    public final void onPriorityRead(ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive) {
        priority(stream);
    }

    @Override
    public final void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
        reset(stream, code);
    }

    @Override
    public final void onSettingsAckRead(ChannelHandlerContext context) {
        settingsAck();
    }

    @Override
    public final void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
        settings(settings);
    }

    @Override
    public final void onPingRead(ChannelHandlerContext context, long data) {
        ping(data);
    }

    @Override
    public final void onPingAckRead(ChannelHandlerContext context, long data) {
        pingAck(data);
    }

    @Override
    public final void onPushPromiseRead(ChannelHandlerContext context, int stream, int promised, Http2Headers headers, int padding) {
        pushPromise();
    }

    @Override
    public final void onGoAwayRead(ChannelHandlerContext context, int lastStream, long code, ByteBuf debug) {
        goAway(lastStream);
    }

    @Override
    public final void onWindowUpdateRead(ChannelHandlerContext context, int stream, int bytes) {
        windowUpdate(stream, bytes);
    }

    @Override
    public final void onUnknownFrame(ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload) {
        unknownFrame();
    }
}
