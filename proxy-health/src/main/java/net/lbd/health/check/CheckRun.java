package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One check on one channel; the handler at the end of its pipeline. Event-loop confined.
 *
 * <pre>
 * stage        time-out     ends with
 * CONNECTING   L4TOUT       connected: HANDSHAKING or TALKING; refused: L4CON
 * HANDSHAKING  L6TOUT       done: TALKING; failed: L6RSP
 * TALKING      the step's   the steps are through (L4OK or L6OK if there are none) or one failed; broken: SOCKERR
 * DONE         -            the result is out; the connection is being closed
 * </pre>
 */
final class CheckRun extends ChannelInboundHandlerAdapter implements CheckRunner.Running, Wire {

    private static final Logger LOG = LoggerFactory.getLogger(CheckRun.class);

    private enum Stage { CONNECTING, HANDSHAKING, TALKING, DONE }

    private final CheckRunner runner;
    private final EventLoop loop;
    private final Consumer<CheckResult> done;
    private final Iterator<Step> steps;
    private final long startedNanos;

    private Stage stage = Stage.CONNECTING;
    private Future<?> timer;
    private Channel channel;
    /** Empty until the server sends something: most checks by far are plain connects. */
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private boolean ended;
    private boolean steppingNow;
    private Step step;
    private Outcome.Next last;
    private int drainedBytes;

    CheckRun(CheckRunner runner, EventLoop loop, Consumer<CheckResult> done) {
        this.runner = runner;
        this.loop = loop;
        this.done = done;
        this.steps = runner.plan.newSteps().iterator();
        this.startedNanos = loop.ticker().nanoTime();
    }

    void resolve(Supplier<SocketAddress> supplier) {
        SocketAddress address;
        try {
            address = Objects.requireNonNull(supplier.get(), "address");
        } catch (RuntimeException bug) {
            LOG.debug("a server's address cannot be told", bug);
            fail(CheckStatus.SOCKERR, "the server's address cannot be told", bug.toString());
            return;
        }
        connect(address);
    }

    private void connect(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            fail(CheckStatus.SOCKERR, "server name '" + inet.getHostString() + "' is not resolved", "");
            return;
        }
        try {
            channel = runner.channels.newChannel();
        } catch (RuntimeException noSocket) {
            fail(CheckStatus.SOCKERR, SocketErrors.text(noSocket), "");
            return;
        }
        try {
            // Our own timer bounds the connect. Other options stay: each one is a system call for each check.
            channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
            if (runner.tls.isPresent()) {
                channel.pipeline().addLast(tlsHandler(runner.tls.get(), address));
            }
            channel.pipeline().addLast(this);
        } catch (RuntimeException noTls) {
            // Every check would repeat it: the result carries the cause to whoever reports results.
            LOG.debug("a health check of {} cannot set up TLS", address, noTls);
            channel.unsafe().closeForcibly();
            channel = null;
            fail(CheckStatus.SOCKERR, "TLS cannot be set up", String.valueOf(noTls.getMessage()));
            return;
        }
        startTimer(runner.deadlines.connect());
        loop.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                fail(CheckStatus.SOCKERR, SocketErrors.text(registered.cause()), "");
            } else if (stage != Stage.DONE) {
                channel.connect(address).addListener(connected -> {
                    if (!connected.isSuccess()) {
                        fail(CheckStatus.L4CON, SocketErrors.text(connected.cause()), "");
                    }
                });
            }
        });
    }

    private SslHandler tlsHandler(TlsClient tls, SocketAddress address) {
        SslHandler handler = address instanceof InetSocketAddress inet
                ? tls.newHandler(channel.alloc(), inet.getHostString(), inet.getPort())
                : tls.newHandler(channel.alloc(), "", 0);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (stage != Stage.CONNECTING) {
            return;
        }
        if (runner.tls.isPresent()) {
            stage = Stage.HANDSHAKING;
        } else {
            talk();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if ((stage == Stage.CONNECTING || stage == Stage.HANDSHAKING)
                && event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                talk();
            } else {
                handshakeFailed(handshake.cause());
            }
        }
    }

    private void handshakeFailed(Throwable cause) {
        fail(CheckStatus.L6RSP, "SSL handshake failure", rootMessage(cause));
    }

    /** The engines wrap what they have to say: OpenSSL's outermost message is "General OpenSslEngine problem". */
    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private void talk() {
        stage = Stage.TALKING;
        if (!steps.hasNext()) {
            last = new Outcome.Next(
                    runner.tls.isPresent() ? CheckStatus.L6OK : CheckStatus.L4OK, OptionalInt.empty(), "");
            pass();
            return;
        }
        runner.deadlines.talk().ifPresent(this::startTimer);
        step = steps.next();
        goOn();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            ByteBuf bytes = (ByteBuf) message;
            if (stage == Stage.DONE) {
                drainedBytes += bytes.readableBytes();
                if (drainedBytes > CheckRunner.DRAIN_LIMIT_BYTES) {
                    ctx.close();
                }
                return;
            }
            if (received == Unpooled.EMPTY_BUFFER) {
                received = ctx.alloc().buffer(Math.max(512, bytes.readableBytes()));
            }
            received.writeBytes(bytes);
        } finally {
            ReferenceCountUtil.release(message);
        }
        if (received.readableBytes() >= CheckRunner.INPUT_LIMIT_BYTES) {
            goOn();
            if (stage == Stage.TALKING && received.readableBytes() >= CheckRunner.INPUT_LIMIT_BYTES) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        goOn();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (stage == Stage.DONE) {
            stopTimer();
        } else if (stage == Stage.HANDSHAKING) {
            fail(CheckStatus.L6RSP, "SSL handshake failure", "the server closed the connection");
        } else {
            ended = true;
            goOn();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (stage == Stage.DONE) {
            // The verdict is out: how the server takes leave no longer matters, and the channel closes in any case.
            LOG.debug("after a health check, {}: {}", ctx.channel().remoteAddress(), cause.toString());
            ctx.close();
        } else if (stage == Stage.HANDSHAKING) {
            handshakeFailed(cause);
        } else {
            broken(cause);
        }
    }

    /** The connection broke in mid-check; what came before that may be enough for a verdict. */
    private void broken(Throwable cause) {
        goOn();
        if (stage == Stage.DONE) {
            return;
        }
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            fail(CheckStatus.L6RSP, "SSL connection error", rootMessage(cause));
        } else if (cause instanceof IOException) {
            fail(CheckStatus.SOCKERR, SocketErrors.text(cause), "");
        } else {
            LOG.error("a health check of {} failed by a bug", channel.remoteAddress(), cause);
            fail(CheckStatus.SOCKERR, "internal error", cause.toString());
        }
    }

    /** Lets the steps take what has come, until one waits or the verdict is reached. */
    private void goOn() {
        if (steppingNow) {
            // A step's own write can fail at once and lead back here.
            return;
        }
        steppingNow = true;
        try {
            while (stage == Stage.TALKING) {
                Outcome outcome = step.advance(this);
                if (stage != Stage.TALKING) {
                    break;
                }
                if (outcome instanceof Outcome.Next next) {
                    last = next;
                    if (!steps.hasNext()) {
                        pass();
                        break;
                    }
                    step = steps.next();
                } else if (outcome instanceof Outcome.Fail failure) {
                    finish(new CheckResult.Failed(
                            failure.status(), failure.code(), failure.info(), "", elapsed(), now()));
                } else if (ended) {
                    throw new IllegalStateException(step + " waits for more after the end");
                } else {
                    break;
                }
            }
        } finally {
            steppingNow = false;
        }
        if (stage == Stage.TALKING) {
            received.discardSomeReadBytes();
            if (!channel.config().isAutoRead() && received.readableBytes() < CheckRunner.INPUT_LIMIT_BYTES) {
                channel.config().setAutoRead(true);
            }
        }
    }

    @Override
    public ByteBuf received() {
        return received;
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void send(ByteBuf bytes) {
        channel.writeAndFlush(bytes).addListener(written -> {
            if (!written.isSuccess() && stage == Stage.TALKING) {
                broken(written.cause());
            }
        });
    }

    private void startTimer(Duration time) {
        stopTimer();
        timer = loop.schedule(this::timeOut, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void timeOut() {
        CheckStatus status = switch (stage) {
            case CONNECTING -> CheckStatus.L4TOUT;
            case HANDSHAKING -> CheckStatus.L6TOUT;
            case TALKING -> step.timeoutStatus();
            case DONE -> throw new IllegalStateException("a check's timer outlived it");
        };
        finish(new CheckResult.TimedOut(status, elapsed(), now()));
    }

    private void pass() {
        finish(new CheckResult.Passed(last.status(), last.code(), last.info(), elapsed(), now()));
    }

    private void fail(CheckStatus status, String info, String detail) {
        finish(new CheckResult.Failed(status, OptionalInt.empty(), info, detail, elapsed(), now()));
    }

    private void finish(CheckResult result) {
        if (stage == Stage.DONE) {
            return;
        }
        boolean answered = stage == Stage.TALKING && !(result instanceof CheckResult.TimedOut);
        release();
        if (channel != null && answered && channel.isActive() && channel instanceof DuplexChannel duplex) {
            closePolitely(duplex);
        } else if (channel != null) {
            channel.close();
        }
        done.accept(result);
    }

    private void release() {
        stage = Stage.DONE;
        stopTimer();
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }

    private void closePolitely(DuplexChannel duplex) {
        duplex.config().setAutoRead(true);
        SslHandler tls = duplex.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(sent -> duplex.shutdownOutput());
        }
        timer = loop.schedule(
                () -> duplex.close(), CheckRunner.CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel() {
        if (stage != Stage.DONE) {
            release();
        }
        stopTimer();
        if (channel != null) {
            channel.close();
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(loop.ticker().nanoTime() - startedNanos);
    }

    private Instant now() {
        return runner.clock.instant();
    }
}
