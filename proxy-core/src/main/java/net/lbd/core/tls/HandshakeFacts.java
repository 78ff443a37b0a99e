package net.lbd.core.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import net.lbd.core.session.CertificateFacts;
import net.lbd.core.session.TlsCertificates;
import net.lbd.core.session.TlsFaults;
import net.lbd.core.session.TlsInfo;

/** What a client's handshake has brought, once it is done. Pure function; called on the connection's event loop. */
public final class HandshakeFacts {

    private HandshakeFacts() { }

    /** Describes the connection of a handler whose handshake has succeeded. */
    public static TlsInfo of(SslHandler handler) {
        SSLEngine engine = handler.engine();
        SSLSession session = engine.getSession();
        String alpn = handler.applicationProtocol();
        // A client may have gone in the same read: the native library has forgotten the connection then.
        boolean resumed = engine instanceof ReferenceCountedOpenSslEngine openSsl && openSsl.sslPointer() != 0
                && SSL.isSessionReused(openSsl.sslPointer());
        Optional<CertificateFacts> own = handler instanceof ServedCertificate.CertifiedHandler certified
                ? Optional.of(certified.own()) : Optional.empty();
        return new TlsInfo(session.getProtocol(), CipherSuites.openSslName(session.getCipherSuite()), requestedName(session),
                alpn == null ? "" : alpn, session.getId(), resumed, new TlsCertificates(client(engine, session), own, faults(handler).verifyResult()));
    }

    /** What was wrong with the client's certificate, also if it was let in. */
    public static TlsFaults faults(SslHandler handler) {
        return handler instanceof ServedCertificate.CertifiedHandler certified ? certified.faults() : TlsFaults.NONE;
    }

    private static String requestedName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }

    /** Only a bind that asks for certificates gets one: the others need not be asked. */
    private static Optional<CertificateFacts> client(SSLEngine engine, SSLSession session) {
        if (!engine.getNeedClientAuth() && !engine.getWantClientAuth()) {
            return Optional.empty();
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return chain.isEmpty() ? Optional.empty() : Optional.of(new CertificateFacts(chain));
        } catch (SSLPeerUnverifiedException showedNone) {
            return Optional.empty();
        }
    }
}
