package net.lbd.health.check;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * Sends a header of the PROXY protocol, version 1, before anything else, and takes itself out. The check is a
 * connection of our own, so both addresses are its own. Event-loop confined. Source: HAProxy, proxy-protocol.txt.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        String text = "PROXY UNKNOWN\r\n";
        if (ctx.channel().localAddress() instanceof InetSocketAddress from
                && ctx.channel().remoteAddress() instanceof InetSocketAddress to) {
            text = "PROXY " + (from.getAddress() instanceof Inet6Address ? "TCP6 " : "TCP4 ")
                    + from.getAddress().getHostAddress() + " " + to.getAddress().getHostAddress() + " " + from.getPort()
                    + " " + to.getPort() + "\r\n";
        }
        ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), text));
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }
}
