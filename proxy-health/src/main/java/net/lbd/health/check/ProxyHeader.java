package net.lbd.health.check;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/**
 * Sends a header of the PROXY protocol before anything else, and takes itself out. The check is a connection of our own:
 * version 1 names both of its ends, version 2 says LOCAL, as HAProxy does. Event-loop confined. Source: HAProxy,
 * proxy-protocol.txt.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {

    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000");

    private final int version;

    ProxyHeader(int version) {
        this.version = version;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(version == 2 ? Unpooled.wrappedBuffer(LOCAL) : ByteBufUtil.writeAscii(ctx.alloc(), line(ctx)));
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    private static String line(ChannelHandlerContext ctx) {
        String text = "PROXY UNKNOWN\r\n";
        if (ctx.channel().localAddress() instanceof InetSocketAddress from
                && ctx.channel().remoteAddress() instanceof InetSocketAddress to) {
            text = "PROXY " + (from.getAddress() instanceof Inet6Address ? "TCP6 " : "TCP4 ")
                    + from.getAddress().getHostAddress() + " " + to.getAddress().getHostAddress() + " " + from.getPort()
                    + " " + to.getPort() + "\r\n";
        }
        return text;
    }
}
