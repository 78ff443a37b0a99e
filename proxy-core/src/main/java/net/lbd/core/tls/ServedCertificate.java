package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import net.lbd.core.session.CertificateFacts;
import net.lbd.core.session.TlsFaults;

/** A certificate of a bind, ready to be shown: the context that shows it, and what goes with it. Immutable; thread-safe. */
final class ServedCertificate {

    /** A peer that does not take our close_notify is closed all the same after this time. */
    private static final long CLOSE_NOTIFY_MILLIS = 3000;

    private final SslContext context;
    private final PemFile pem;
    private final CertificateFacts facts;
    private final boolean tickets;
    private final int maxRecordBytes;
    private final Optional<ClientJudge> judge;
    private final Optional<byte[]> staple;
    /** When {@link #staple} ends, in milliseconds since 1970: clients take an old one for a fault, and none for none. */
    private final long stapleEndMillis;

    /**
     * @param tickets whether clients get session tickets
     * @param judge what checks clients' certificates, if anything does
     * @param maxRecordBytes the most that goes into one record; 0: as the protocol has it
     */
    ServedCertificate(SslContext context, PemFile pem, boolean tickets, int maxRecordBytes,
            Optional<ClientJudge> judge) {
        this.context = Objects.requireNonNull(context, "context");
        this.pem = Objects.requireNonNull(pem, "pem");
        this.facts = new CertificateFacts(pem.certificates());
        this.tickets = tickets;
        this.maxRecordBytes = maxRecordBytes;
        this.judge = Objects.requireNonNull(judge, "judge");
        this.staple = pem.ocsp();
        this.stapleEndMillis = OcspAnswer.endMillis(pem);
    }

    SslContext context() {
        return context;
    }

    PemFile pem() {
        return pem;
    }

    /** The handler of one client, before its handshake. */
    SslHandler newHandler(ByteBufAllocator allocator) {
        CertifiedHandler handler = new CertifiedHandler(context.newEngine(allocator), facts, judge);
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            if (!tickets) {
                // Netty's contexts have no switch for it.
                SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
            }
            if (staple.isPresent() && System.currentTimeMillis() < stapleEndMillis) {
                engine.setOcspResponse(staple.get());
            }
        }
        if (maxRecordBytes > 0) {
            handler.setWrapDataSize(maxRecordBytes);
        }
        // The session's own timer bounds the handshake: no task in the loop's queue for each connection.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    /** Knows which certificate it shows, which the engine tells of full handshakes only. */
    static final class CertifiedHandler extends SslHandler {

        private final CertificateFacts own;

        private final Optional<ClientJudge> judge;

        CertifiedHandler(SSLEngine engine, CertificateFacts own, Optional<ClientJudge> judge) {
            super(engine);
            this.own = own;
            this.judge = judge;
        }

        /** What was wrong with the client's certificate. */
        TlsFaults faults() {
            return judge.isPresent() ? judge.get().faults(engine()) : TlsFaults.NONE;
        }

        CertificateFacts own() {
            return own;
        }
    }
}
