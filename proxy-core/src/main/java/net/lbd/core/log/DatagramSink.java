package net.lbd.core.log;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Datagrams to a syslog daemon, one for each line, over UDP or a Unix socket. The socket is connected,
 * which saves the kernel a look-up for each line and lets epoll send a batch of UDP datagrams with one
 * {@code sendmmsg}. When the daemon of a Unix socket restarts, its socket is another one: a send then
 * fails and the sink connects anew, at once and then every second. Lines that come while there is no
 * connection wait, but no more than {@value #WAITING_LINES}. Confined to the writer's event loop, but for
 * the counter.
 */
final class DatagramSink implements LogSink {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramSink.class);
    private static final long RECONNECT_MILLIS = 1000;
    /** What may wait for the socket; beyond it lines are dropped. */
    private static final int PENDING_BYTES = 1 << 20;
    private static final int WAITING_LINES = 1000;
    private static final int BATCH_BYTES = 32 * 1024;

    private final EventLoop loop;
    private final Function<SocketAddress, Channel> channels;
    private final Supplier<SocketAddress> address;
    private final boolean reconnectOnError;
    private final String name;
    private final AtomicLong dropped = new AtomicLong();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private Optional<Channel> channel = Optional.empty();
    /** Where the lines of a batch are copied to; each datagram is a slice of it. */
    private ByteBuf batch = Unpooled.EMPTY_BUFFER;
    private boolean connecting;
    private boolean closed;
    private boolean troubleTold;

    /**
     * @param channels makes a channel for the address, not yet registered
     * @param address resolved away from the loop, as a name may take long
     * @param reconnectOnError a failed send means that the other end is another socket now
     */
    DatagramSink(EventLoop loop, Function<SocketAddress, Channel> channels, Supplier<SocketAddress> address,
            boolean reconnectOnError, String name) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.channels = Objects.requireNonNull(channels, "channels");
        this.address = Objects.requireNonNull(address, "address");
        this.reconnectOnError = reconnectOnError;
        this.name = Objects.requireNonNull(name, "name");
        loop.execute(this::open);
    }

    private void open() {
        if (connecting || closed || channel.isPresent()) {
            return;
        }
        connecting = true;
        CompletableFuture.supplyAsync(address).whenComplete((resolved, failure) -> loop.execute(() -> {
            if (failure != null) {
                connectFailed(failure);
            } else {
                connect(resolved);
            }
        }));
    }

    private void connect(SocketAddress to) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> channels.apply(to))
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(PENDING_BYTES / 2, PENDING_BYTES))
                .handler(new Errors());
        bootstrap.connect(to).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                connecting = false;
                channel = Optional.of(done.channel());
                if (troubleTold) {
                    troubleTold = false;
                    LOG.info("log target {} is back", name);
                }
                sendWaiting();
                if (closed) {
                    close(0);
                }
            } else {
                done.channel().close();
                connectFailed(done.cause());
            }
        });
    }

    private void connectFailed(Throwable cause) {
        connecting = false;
        tell(cause);
        loop.schedule(this::open, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tell(Throwable cause) {
        if (!troubleTold) {
            troubleTold = true;
            LOG.warn("log target {} does not take lines: {}; they are dropped until it does", name, cause.toString());
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (channel.isEmpty() && !closed && waiting.size() < WAITING_LINES) {
            waiting.add(Arrays.copyOfRange(bytes, offset, offset + length));
            return;
        }
        if (channel.isEmpty() || !channel.get().isWritable()) {
            dropped.incrementAndGet();
            return;
        }
        Channel to = channel.get();
        if (batch.writableBytes() < length) {
            batch.release();
            batch = to.alloc().directBuffer(Math.max(BATCH_BYTES, length));
        }
        int start = batch.writerIndex();
        batch.writeBytes(bytes, offset, length);
        // The void promise spares an object for each line; failures reach Errors.
        to.write(batch.retainedSlice(start, length), to.voidPromise());
    }

    private void sendWaiting() {
        for (byte[] line = waiting.poll(); line != null; line = waiting.poll()) {
            write(line, 0, line.length);
        }
        flush();
    }

    @Override
    public void flush() {
        batch.release();
        batch = Unpooled.EMPTY_BUFFER;
        channel.ifPresent(Channel::flush);
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void close(long millis) {
        closed = true;
        channel.ifPresent(open -> {
            open.flush();
            open.close();
        });
        channel = Optional.empty();
    }

    /** Hears of sends that failed. */
    private final class Errors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            dropped.incrementAndGet();
            if (reconnectOnError && channel.isPresent() && channel.get() == context.channel()) {
                channel = Optional.empty();
                context.close();
                open();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (channel.isPresent() && channel.get() == context.channel()) {
                channel = Optional.empty();
                open();
            }
        }
    }
}
