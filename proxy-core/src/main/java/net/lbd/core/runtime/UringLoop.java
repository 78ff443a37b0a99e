package net.lbd.core.runtime;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;

/**
 * How we use Netty's io_uring: each wish to read or to accept is one request to the kernel, which takes its
 * buffer from a ring when the data is there, so that an idle connection holds none.
 *
 * <p>Netty's other ways have lost events in our tests (4.2.18, docs/decisions/0006): without a ring it waits
 * for an edge-triggered poll first, and forgets an end or a reset that came together with data; requests that
 * answer many times lose a wish that falls between their cancellation and its receipt. Stateless.
 */
final class UringLoop {

    private static final short READ_BUFFERS = 1;
    private static final int READ_BYTES = 16 * 1024;
    private static final short MOST_BUFFERS = 256;
    private static final int BUFFERS_AT_FIRST = 32;

    static {
        // Read by the class IoUring when it is loaded, and by nothing else.
        System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
        System.setProperty("io.netty.iouring.recvMultiShotEnabled", "false");
    }

    private UringLoop() { }

    /** Whether the kernel has what we use, and lets us. */
    static boolean isUsable() {
        return IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported();
    }

    static IoHandlerFactory newFactory() {
        return IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setBufferRingConfig(
                IoUringBufferRingConfig.builder()
                        .bufferGroupId(READ_BUFFERS)
                        .bufferRingSize(MOST_BUFFERS)
                        .batchSize(BUFFERS_AT_FIRST)
                        .incremental(false)
                        .allocator(new IoUringFixedBufferRingAllocator(PooledByteBufAllocator.DEFAULT, READ_BYTES))
                        .build()));
    }

    /** A stream channel that is not registered yet reads from the ring. */
    static Channel withRing(Channel channel) {
        channel.config().setOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, READ_BUFFERS);
        return channel;
    }

    /** The same for the channels that a listener accepts. */
    static void prepare(ServerBootstrap listener) {
        listener.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, READ_BUFFERS);
    }
}
