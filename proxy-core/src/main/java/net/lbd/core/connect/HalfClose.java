package net.lbd.core.connect;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends our direction of a connection in order, and leaves the other as it is. Pure function. */
public final class HalfClose {

    private HalfClose() { }

    /**
     * Sends the end behind everything that was written. With TLS a close_notify comes before it: without
     * one the peer must take what it got for cut.
     */
    public static void output(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            channel.flush();
            tls.closeOutbound().addListener(f -> shutdown(channel));
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> shutdown(channel));
        }
    }

    private static void shutdown(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
        }
    }
}
