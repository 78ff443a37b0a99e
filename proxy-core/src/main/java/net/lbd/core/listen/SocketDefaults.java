package net.lbd.core.listen;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;

/**
 * The options that every stream socket gets, to clients and servers alike. Reads begin at 16 KiB and
 * grow to 256 KiB while a bulk transfer fills them, as measured (facts/performance.md).
 */
public final class SocketDefaults {

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private SocketDefaults() { }

    public static void apply(Channel channel, ByteBufAllocator allocator) {
        ChannelConfig config = channel.config();
        config.setAllocator(allocator);
        config.setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(2048, 16 * 1024, 256 * 1024));
        config.setWriteBufferWaterMark(WATER_MARK);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (config instanceof SocketChannelConfig) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
        }
    }
}
