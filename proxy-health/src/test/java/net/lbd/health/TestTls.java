package net.lbd.health;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import javax.net.ssl.SSLContext;
import net.lbd.health.check.TlsClient;

/** A certificate for the loopback and clients that do or do not trust it. */
public final class TestTls {

    public static final X509Bundle CERTIFICATE = certificate();

    private TestTls() { }

    public static SSLContext server() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(CERTIFICATE.toKeyManagerFactory().getKeyManagers(), null, null);
        return context;
    }

    /** {@code verify none}. */
    public static TlsClient trustingAll() throws Exception {
        return client(SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build());
    }

    /** Knows only public authorities. */
    public static TlsClient trustingNone() throws Exception {
        return client(SslContextBuilder.forClient().build());
    }

    private static TlsClient client(SslContext context) {
        return (allocator, host, port) -> context.newHandler(allocator, host, port);
    }

    private static X509Bundle certificate() {
        try {
            return new CertificateBuilder().subject("CN=localhost").addSanDnsName("localhost")
                    .setIsCertificateAuthority(true).ecp256().buildSelfSigned();
        } catch (Exception broken) {
            throw new ExceptionInInitializerError(broken);
        }
    }
}
