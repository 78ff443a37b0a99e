package net.lbd.core.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import net.lbd.config.model.StickDataType;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.connect.SilentDrop;
import net.lbd.core.rule.RuleList;
import net.lbd.core.stats.TlsCounters;
import net.lbd.core.session.OfferedTls;
import net.lbd.core.session.Session;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;
import net.lbd.core.session.TlsFaults;
import net.lbd.core.tls.HandshakeFacts;
import net.lbd.core.tls.HandshakeFault;
import net.lbd.health.wire.ProxyHeaders;

/**
 * Applies the {@code tcp-request connection} rules, waits until a client's connection is ready to carry
 * traffic, which is behind a PROXY header where one is wanted, and over TLS the end of the handshake, applies the {@code tcp-request session} rules, and
 * then takes itself out of the way. A handshake that fails, or takes longer than a
 * request may, ends the connection. Event-loop confined.
 */
final class SessionStart extends ChannelInboundHandlerAdapter 
        implements ProxyHeaderHandler.Outcome, StartTlsDialog.Outcome {

    private static final long HANDSHAKE_MILLIS = 10_000;

    private final Session session;
    private final ClientConnection connection;
    private final boolean tls;
    private final BindRuntime bind;
    private boolean inDialog;
    /** Waiting for a PROXY header or the end of a TLS handshake. */
    private boolean handshaking;
    private Optional<ProxyHeaderHandler> proxyHeader = Optional.empty();
    private final long acceptedNanos = System.nanoTime();
    private final long acceptedWallMillis = System.currentTimeMillis();
    private final TimerWheel.Timer handshakeTimer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            handshakeEnded(proxyHeader.map(ProxyHeaderHandler::timedOut)
                    .orElse(inDialog ? HandshakeEnd.STARTTLS_TIMEOUT : HandshakeEnd.TIMEOUT));
            session.channel().close();
        }
    };

    SessionStart(Session session, ClientConnection connection, BindRuntime bind) {
        this.session = session;
        this.connection = connection;
        this.bind = bind;
        this.tls = bind.tls().isPresent();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (rejected(ctx.channel(), session.frontend().rules().tcpConnection(), session.frontend().counters().deniedConnections)) {
            return;
        }
        session.listener().count(RateLimit.Event.SESSION);
        Optional<NetscalerHeader> netscaler = bind.netscaler().or(() ->
                session.isNetscalerHeaderExpected() ? Optional.of(NetscalerHeader.OF_RULES) : Optional.empty());
        if (!tls && !session.isProxyHeaderExpected() && netscaler.isEmpty()) {
            start();
            return;
        }
        handshaking = true;
        session.worker().timers().arm(handshakeTimer, handshakeLimitMillis());
        if (netscaler.isPresent() || session.isProxyHeaderExpected()) {
            // Bytes are read in a later turn: the handler is there before them, in front of TLS.
            proxyHeader = Optional.of(new ProxyHeaderHandler(netscaler.<ClientHeader>map(n -> n).orElse(ProxyHeaderParser.FORM), this));
            ctx.pipeline().addFirst(proxyHeader.get());
        } else if (bind.startTls().isPresent()) {
            beginDialog();
        }
    }

    /** The one limit counts for header and handshake together. */
    @Override
    public void proxyHeader(ProxyHeaderParser.Header header) {
        ProxyHeaderHandler first = proxyHeader.orElseThrow();
        proxyHeader = Optional.empty();
        if (first.isOf(ProxyHeaderParser.FORM)) {
            session.setProxyHeader(header.told());
            header.told().text(ProxyHeaders.NETNS).map(bind.namespaces()::get).ifPresent(session::setNamespace);
        }
        header.ends().ifPresent(ends -> session.setAddresses(ends.source(), ends.destination()));
        if (!first.isOf(ProxyHeaderParser.FORM) && session.isProxyHeaderExpected()) {
            // Whoever stands before the NetScaler tells of the client, too: that one is further away.
            proxyHeader = Optional.of(new ProxyHeaderHandler(ProxyHeaderParser.FORM, this));
            ChannelPipeline pipeline = session.channel().pipeline();
            pipeline.addAfter(pipeline.context(first).name(), null, proxyHeader.get());
            return;
        }
        if (!tls) {
            handshaking = false;
            session.worker().timers().remove(handshakeTimer);
            start();
        } else if (bind.startTls().isPresent()) {
            beginDialog();
        }
    }

    /** The mail client may take its time, but not all of it: RFC 5321 knows minutes, and {@code timeout client} is the limit. */
    private void beginDialog() {
        inDialog = true;
        long limit = session.frontend().policy().clientTimeoutMillis();
        session.worker().timers().arm(handshakeTimer, limit > 0 ? limit : handshakeLimitMillis());
        ChannelPipeline pipeline = session.channel().pipeline();
        pipeline.addBefore(pipeline.context(this).name(), null, new StartTlsDialog(bind.startTls().get(), this));
    }

    @Override
    public void startTls(ChannelHandlerContext dialog) {
        inDialog = false;
        session.worker().timers().arm(handshakeTimer, handshakeLimitMillis());
        ChannelPipeline pipeline = session.channel().pipeline();
        pipeline.addAfter(dialog.name(), null, new StartTlsFilter(bind.startTls().orElseThrow()));
        pipeline.replace(dialog.handler(), null, bind.tls().orElseThrow().newHandler(session.worker().allocator()));
    }

    @Override
    public void noStartTls(HandshakeEnd reason) {
        handshakeEnded(reason);
        if (reason != HandshakeEnd.STARTTLS_CLOSED) {
            session.channel().close();
        }
    }

    @Override
    public void noProxyHeader(HandshakeEnd reason) {
        handshakeEnded(reason);
        session.channel().close();
    }

    private long handshakeLimitMillis() {
        long configured = session.frontend().policy().handshakeTimeoutMillis();
        return configured > 0 ? configured : HANDSHAKE_MILLIS;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                handshaking = false;
                session.worker().timers().remove(handshakeTimer);
                SslHandler handler = ctx.pipeline().get(SslHandler.class);
                session.setTls(HandshakeFacts.of(handler));
                session.setTlsFaults(HandshakeFacts.faults(handler));
                TlsCounters counters = session.frontend().counters().tls;
                counters.handshakes.increment();
                if (session.tls().resumed()) {
                    counters.resumed.increment();
                }
                start();
            } else {
                handshakeFailed(ctx, done.cause());
                ctx.close();
            }
        } else if (event instanceof OfferedTls offered) {
            session.setOfferedTls(offered);
        } else if (!(event instanceof SniCompletionEvent)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void handshakeFailed(ChannelHandlerContext ctx, Throwable cause) {
        SslHandler handler = ctx.pipeline().get(SslHandler.class);
        TlsFaults faults = HandshakeFault.of(cause).withCertificates(handler == null ? TlsFaults.NONE : HandshakeFacts.faults(handler));
        session.setTlsFaults(faults);
        handshakeEnded(cause instanceof ClosedChannelException ? HandshakeEnd.CLOSED
                : faults.certificate() != 0 ? HandshakeEnd.CERTIFICATE : faults.authority() != 0 ? HandshakeEnd.AUTHORITY : HandshakeEnd.FAILED);
    }

    /** It did not succeed; told once, whatever follows from that. */
    private void handshakeEnded(HandshakeEnd end) {
        session.worker().timers().remove(handshakeTimer);
        if (handshaking) {
            handshaking = false;
            session.frontend().counters().requestErrors.increment();
            end.failure(session.tlsFaults()).ifPresent(why -> session.frontend().counters().tls.failures(why).increment());
            session.setError(end.error());
            session.frontend().log().handshakeEnded(failedStream(), acceptedWallMillis, end);
        }
    }

    /** The stream that the connection would have had, for the words of a log line. */
    private Stream failedStream() {
        Stream stream = connection.stream();
        stream.clock().begin(acceptedNanos, acceptedWallMillis);
        return stream;
    }

    private void start() {
        if (rejected(session.channel(), session.frontend().rules().tcpSession(), session.frontend().counters().deniedSessions)) {
            return;
        }
        session.tracking().count(StickDataType.SESS_CNT, StickDataType.SESS_RATE, 1);
        session.channel().pipeline().remove(this);
        connection.begin(acceptedNanos, acceptedWallMillis);
    }

    /** Whether a rule has ended the connection; that leaves no line in the log, as in HAProxy. */
    private boolean rejected(Channel channel, RuleList rules, LongAdder denied) {
        if (rules.isEmpty()) {
            return false;
        }
        Verdict verdict = rules.evaluate(connection.stream());
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP) {
            return false;
        }
        denied.increment();
        if (verdict == Verdict.SILENT_DROP) {
            SilentDrop.close(channel);
        } else {
            channel.close();
        }
        return true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handshakeEnded(HandshakeEnd.CLOSED);
        ctx.fireChannelInactive();
    }
}
