package net.lbd.core.listen;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;

/**
 * Stands in a listening socket and takes what goes wrong with accepting: the socket rests for a moment and goes on as the limits have it.
 * Netty's own way rests for a second and then accepts whatever the limits say, with a stack in the log each time. Event-loop confined.
 */
final class AcceptFaults extends ChannelInboundHandlerAdapter {

    private final Listener listener;

    AcceptFaults(Listener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listener.acceptFailed(context.channel(), cause);
    }
}
