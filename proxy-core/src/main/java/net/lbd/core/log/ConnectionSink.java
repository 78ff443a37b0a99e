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
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a syslog server over TCP or a Unix stream socket. A line ends with a line feed, as HAProxy has it
 * for {@code tcp@} ("legacy"; RFC 6587 §3.4.2). Lines that the server does not take yet, or that come while there is no
 * connection, wait, but no more than {@value #WAITING_BYTES} bytes; what is beyond is dropped and counted, whole lines
 * always. A connection that ends is opened anew, first after {@value #FIRST_DELAY_MILLIS} ms, then after twice as long
 * each time, at most {@value #LAST_DELAY_MILLIS} ms. Lines that were under way then are not sent again: nobody knows
 * which of them arrived. Confined to the writer's event loop, but for the counter.
 */
final class ConnectionSink implements LogSink {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSink.class);
    static final int WAITING_BYTES = 1 << 20;
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long LAST_DELAY_MILLIS = 10_000;
    /** Behind {@link #close}: for what was taken, and a connection that is being made. */
    private static final long CLOSE_MILLIS = 1500;
    private static final int BATCH_BYTES = 32 * 1024;
    /** Of the length before a line, at most. */
    private static final int LENGTH_BYTES = 8;

    private final EventLoop loop;
    private final Supplier<Channel> channels;
    private final Supplier<SocketAddress> address;
    private final String name;
    private final Manner manner;
    private final AtomicLong dropped = new AtomicLong();
    private Optional<Channel> channel = Optional.empty();
    /** Whole lines that no write has been made of yet. */
    private ByteBuf batch = Unpooled.EMPTY_BUFFER;
    private int batchLines;
    /** Bytes of writes that have not ended. */
    private int writingBytes;
    private long delayMillis = FIRST_DELAY_MILLIS;
    private long openedNanos;
    /** No more lines are taken; what was taken still leaves. */
    private boolean closing;
    private boolean closed;
    private boolean troubleTold;
    private volatile boolean busy;

    /**
     * How lines are sent.
     *
     * @param octetCount each follows its length, without a line feed (RFC 6587 §3.4.1)
     */
    record Manner(boolean octetCount, int connectMillis) {
        Manner counting(boolean octets) {
            return new Manner(octets, connectMillis);
        }
    }

    /**
     * @param channels makes a channel, not yet registered
     * @param address resolved away from the loop, as a name may take long
     */
    ConnectionSink(EventLoop loop, Supplier<Channel> channels, Supplier<SocketAddress> address, String name, Manner manner) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.channels = Objects.requireNonNull(channels, "channels");
        this.address = Objects.requireNonNull(address, "address");
        this.name = Objects.requireNonNull(name, "name");
        this.manner = Objects.requireNonNull(manner, "manner");
        loop.execute(this::open);
    }

    private void open() {
        if (closed) {
            return;
        }
        CompletableFuture.supplyAsync(address).whenComplete((resolved, failure) -> loop.execute(() -> {
            if (failure != null) {
                retry(failure.getCause() == null ? failure : failure.getCause());
            } else {
                connect(resolved);
            }
        }));
    }

    private void connect(SocketAddress to) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(channels::get)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, manner.connectMillis())
                .handler(new Peer());
        bootstrap.connect(to).addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                done.channel().close();
                retry(done.cause());
            } else if (closed) {
                done.channel().close();
            } else {
                channel = Optional.of(done.channel());
                openedNanos = System.nanoTime();
                if (troubleTold) {
                    troubleTold = false;
                    LOG.info("log target {} is back", name);
                }
                flush();
                if (closing) {
                    closeBehindWrites();
                }
            }
        });
    }

    private void retry(Throwable cause) {
        if (closing) {
            end();
            return;
        }
        if (!troubleTold) {
            troubleTold = true;
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            LOG.warn("log target {} does not take lines: {}; at most {} bytes wait for it, more are dropped", name, why, WAITING_BYTES);
        }
        loop.schedule(this::open, delayMillis, TimeUnit.MILLISECONDS);
        delayMillis = Math.min(LAST_DELAY_MILLIS, delayMillis * 2);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (closing || writingBytes + batch.readableBytes() + length + (manner.octetCount() ? LENGTH_BYTES : 0) > WAITING_BYTES) {
            dropped.incrementAndGet();
            return;
        }
        if (batch == Unpooled.EMPTY_BUFFER) {
            // Grows while there is no connection.
            batch = Unpooled.directBuffer(Math.max(BATCH_BYTES, length + LENGTH_BYTES));
        }
        if (manner.octetCount()) {
            int octets = length - 1;
            batch.writeCharSequence(octets + " ", StandardCharsets.US_ASCII);
            batch.writeBytes(bytes, offset, octets);
        } else {
            batch.writeBytes(bytes, offset, length);
        }
        batchLines++;
    }

    @Override
    public void flush() {
        if (channel.isEmpty() || batchLines == 0) {
            return;
        }
        int lines = batchLines;
        int bytes = batch.readableBytes();
        ByteBuf sent = batch;
        batch = Unpooled.EMPTY_BUFFER;
        batchLines = 0;
        writingBytes += bytes;
        channel.get().writeAndFlush(sent).addListener(done -> {
            writingBytes -= bytes;
            if (!done.isSuccess()) {
                dropped.addAndGet(lines);
            }
        });
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    @Override
    public boolean isBusy() {
        return busy;
    }

    /** What was taken still leaves, within {@value #CLOSE_MILLIS} ms whatever the caller says: nobody waits here. */
    @Override
    public void close(long millis) {
        if (closing) {
            return;
        }
        closing = true;
        busy = true;
        flush();
        if (channel.isPresent()) {
            closeBehindWrites();
        } else if (batchLines == 0 || troubleTold) {
            end();
        }
        if (!closed) {
            loop.schedule(this::end, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void closeBehindWrites() {
        channel.orElseThrow().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> end());
    }

    /** What has not left is lost. */
    private void end() {
        if (closed) {
            return;
        }
        closed = true;
        channel.ifPresent(Channel::close);
        channel = Optional.empty();
        dropped.addAndGet(batchLines);
        batch.release();
        batch = Unpooled.EMPTY_BUFFER;
        batchLines = 0;
        busy = false;
    }

    /** Hears of the end of the connection; what a server says is of no meaning. */
    private final class Peer extends ChannelInboundHandlerAdapter {
        private Throwable cause = new EOFException("the server ended the connection");

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            cause = failure;
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (channel.isEmpty() || channel.get() != context.channel()) {
                return;
            }
            channel = Optional.empty();
            // A server that accepts and ends at once must not be asked without a pause.
            if (System.nanoTime() - openedNanos > TimeUnit.MILLISECONDS.toNanos(LAST_DELAY_MILLIS)) {
                delayMillis = FIRST_DELAY_MILLIS;
            }
            retry(cause);
        }
    }
}
