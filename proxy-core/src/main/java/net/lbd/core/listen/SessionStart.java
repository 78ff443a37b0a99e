package net.lbd.core.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import net.lbd.config.model.StickDataType;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.connect.SilentDrop;
import net.lbd.core.rule.RuleList;
import net.lbd.core.session.Session;
import net.lbd.core.session.TlsInfo;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * Applies the {@code tcp-request connection} rules, waits until a client's connection is ready to carry
 * traffic, which is behind a PROXY header where one is wanted, and over TLS the end of the handshake, applies the {@code tcp-request session} rules, and
 * then takes itself out of the way. A handshake that fails, or takes longer than a
 * request may, ends the connection. Event-loop confined.
 */
final class SessionStart extends ChannelInboundHandlerAdapter implements ProxyHeaderHandler.Outcome {

    private static final long HANDSHAKE_MILLIS = 10_000;

    private final Session session;
    private final ClientConnection connection;
    private final boolean tls;
    /** Waiting for a PROXY header or the end of a TLS handshake. */
    private boolean handshaking;
    private Optional<ProxyHeaderHandler> proxyHeader = Optional.empty();
    private final long acceptedNanos = System.nanoTime();
    private final long acceptedWallMillis = System.currentTimeMillis();
    private final TimerWheel.Timer handshakeTimer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            handshakeEnded(proxyHeader.map(waiting -> waiting.endedBy(HandshakeEnd.PROXY_TIMEOUT)).orElse(HandshakeEnd.TIMEOUT));
            session.channel().close();
        }
    };

    SessionStart(Session session, ClientConnection connection, boolean tls) {
        this.session = session;
        this.connection = connection;
        this.tls = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (rejected(ctx.channel(), session.frontend().rules().tcpConnection())) {
            return;
        }
        if (!tls && !session.isProxyHeaderExpected()) {
            start();
            return;
        }
        handshaking = true;
        session.worker().timers().arm(handshakeTimer, handshakeLimitMillis());
        if (session.isProxyHeaderExpected()) {
            // Bytes are read in a later turn: the handler is there before them, in front of TLS.
            proxyHeader = Optional.of(new ProxyHeaderHandler(this));
            ctx.pipeline().addFirst(proxyHeader.get());
        }
    }

    /** The one limit counts for header and handshake together. */
    @Override
    public void proxyHeader(ProxyHeaderParser.Header header) {
        proxyHeader = Optional.empty();
        session.setProxyHeader(header.told());
        header.ends().ifPresent(ends -> session.setAddresses(ends.source(), ends.destination()));
        if (!tls) {
            handshaking = false;
            session.worker().timers().remove(handshakeTimer);
            start();
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
                session.setTls(describe(ctx.pipeline().get(SslHandler.class)));
                start();
            } else {
                handshakeEnded(done.cause() instanceof ClosedChannelException ? HandshakeEnd.CLOSED : HandshakeEnd.FAILED);
                ctx.close();
            }
        } else if (!(event instanceof SniCompletionEvent)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** It did not succeed; told once, whatever follows from that. */
    private void handshakeEnded(HandshakeEnd end) {
        session.worker().timers().remove(handshakeTimer);
        if (handshaking) {
            handshaking = false;
            session.frontend().counters().requestErrors.increment();
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
        if (rejected(session.channel(), session.frontend().rules().tcpSession())) {
            return;
        }
        session.tracking().count(StickDataType.SESS_CNT, StickDataType.SESS_RATE, 1);
        session.channel().pipeline().remove(this);
        connection.begin(acceptedNanos, acceptedWallMillis);
    }

    /** Whether a rule has ended the connection; that leaves no line in the log, as in HAProxy. */
    private boolean rejected(Channel channel, RuleList rules) {
        if (rules.isEmpty()) {
            return false;
        }
        Verdict verdict = rules.evaluate(connection.stream());
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP) {
            return false;
        }
        session.frontend().counters().deniedConnections.increment();
        if (verdict == Verdict.SILENT_DROP) {
            SilentDrop.close(channel);
        } else {
            channel.close();
        }
        return true;
    }

    private static TlsInfo describe(SslHandler handler) {
        SSLSession tlsSession = handler.engine().getSession();
        String alpn = handler.applicationProtocol();
        return new TlsInfo(tlsSession.getProtocol(), tlsSession.getCipherSuite(), requestedName(tlsSession),
                alpn == null ? "" : alpn, tlsSession.getId(), false);
    }

    private static String requestedName(SSLSession tlsSession) {
        if (tlsSession instanceof ExtendedSSLSession extended) {
            List<SNIServerName> names = extended.getRequestedServerNames();
            for (SNIServerName name : names) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handshakeEnded(HandshakeEnd.CLOSED);
        ctx.fireChannelInactive();
    }
}
