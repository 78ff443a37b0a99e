package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedTrustManager;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.Verify;

/**
 * Makes the TLS of binds and servers from their settings: BoringSSL where its library loads, else the
 * JDK's engine. Stateless; called when a configuration is built, never by an event loop.
 */
public final class TlsContexts {

    private static final String JDK_TICKETS = "jdk.tls.server.enableSessionTicketExtension";

    /** A peer that does not take our close_notify is closed all the same after this time. */
    private static final long CLOSE_NOTIFY_MILLIS = 3000;

    private TlsContexts() { }

    /** Whether BoringSSL is used. */
    public static boolean isNative() {
        return OpenSsl.isAvailable();
    }

    private static SslProvider provider() {
        return isNative() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    // ---- binds

    /** The TLS of a {@code bind … ssl} line. */
    public static BindTls forBind(Settings settings) throws TlsException {
        List<BindCertificates.Line> lines = new ArrayList<>();
        List<PemFile> pems = new ArrayList<>();
        for (TlsFiles.Named named : TlsFiles.certificates(settings)) {
            lines.add(new BindCertificates.Line(named.pem().path(), pem -> entry(pem, named.settings(), named.filters())));
            pems.add(named.pem());
        }
        return new BindCertificates(lines, pems, settings.get(BindSettings.STRICT_SNI));
    }

    private static SniTable.Entry<ServedCertificate> entry(PemFile pem, Settings settings, List<String> filters) throws TlsException {
        X509Certificate leaf = pem.certificates().get(0);
        List<String> names = filters.isEmpty() ? names(leaf) : filters.stream().filter(f -> !f.startsWith("!")).toList();
        List<String> excluded = filters.stream().filter(f -> f.startsWith("!")).map(f -> f.substring(1).toLowerCase(Locale.ROOT)).toList();
        Optional<byte[]> staple = pem.ocsp();
        SslContext context = serverContext(pem, settings);
        return new SniTable.Entry<>(new ServedCertificate(context, pem, !settings.get(BindSettings.NO_TLS_TICKETS), staple),
                leaf.getPublicKey().getAlgorithm().equals("EC"), names, excluded);
    }

    private static SslContext serverContext(PemFile pem, Settings settings) throws TlsException {
        SslContextBuilder builder = SslContextBuilder
                .forServer(pem.key().orElseThrow(), pem.certificates().toArray(new X509Certificate[0]))
                .sslProvider(provider())
                .protocols(TlsFiles.versions(settings, BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER))
                .applicationProtocolConfig(alpn(settings.get(BindSettings.ALPN).values()));
        ciphers(builder, TlsFiles.suites(settings, BindSettings.CIPHERS, BindSettings.SSL_MIN_VER));
        clientAuth(builder, settings);
        if (pem.ocsp().isPresent()) {
            if (!isNative()) {
                throw new TlsException("an OCSP answer cannot be stapled without BoringSSL, which cannot be loaded on this machine");
            }
            builder.enableOcsp(true);
        }
        List<String> curves = TlsFiles.curves(settings);
        if (!curves.isEmpty() && isNative()) {
            builder.option(OpenSslContextOption.GROUPS, curves.toArray(new String[0]));
        } else if (!curves.isEmpty()) {
            throw new TlsException("'curves' needs BoringSSL, which cannot be loaded on this machine");
        }
        try {
            return settings.get(BindSettings.NO_TLS_TICKETS) && !isNative() ? withoutTickets(builder) : builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("cannot use " + pem.path() + ": " + e.getMessage(), e);
        }
    }

    /** The JDK looks at the property whenever a context is made; configurations are applied one at a time. */
    private static SslContext withoutTickets(SslContextBuilder builder) throws SSLException {
        String before = System.getProperty(JDK_TICKETS, "true");
        System.setProperty(JDK_TICKETS, "false");
        try {
            return builder.build();
        } finally {
            System.setProperty(JDK_TICKETS, before);
        }
    }

    private static void clientAuth(SslContextBuilder builder, Settings settings) throws TlsException {
        Optional<X509ExtendedTrustManager> trusted = TlsFiles.trustedClients(settings);
        if (trusted.isPresent()) {
            builder.trustManager(trusted.get()).clientAuth(
                    settings.get(BindSettings.VERIFY) == Verify.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
    }

    /** The DNS names that a certificate speaks for, in lower case: its common names and those of its SAN, as HAProxy takes them. */
    static List<String> names(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream().filter(a -> Integer.valueOf(2).equals(a.get(0)))
                        .forEach(a -> names.add(a.get(1).toString().toLowerCase(Locale.ROOT)));
            }
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    names.add(rdn.getValue().toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException | InvalidNameException e) {
            // A certificate whose names cannot be read can still be the default one.
            return List.of();
        }
        return names.stream().filter(n -> n.matches("(\\*\\.)?[a-z0-9._-]+")).toList();
    }

    // ---- servers

    /** The TLS of a {@code server … ssl} line. */
    public static ServerTls forServer(Settings settings) throws TlsException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider())
                .endpointIdentificationAlgorithm("")
                .protocols(TlsFiles.versions(settings, ServerSettings.SSL_MIN_VER, ServerSettings.SSL_MAX_VER));
        List<String> offered = settings.get(ServerSettings.ALPN).values();
        if (!offered.isEmpty()) {
            builder.applicationProtocolConfig(alpn(offered));
        }
        ciphers(builder, TlsFiles.suites(settings, ServerSettings.CIPHERS, ServerSettings.SSL_MIN_VER));
        Optional<X509ExtendedTrustManager> trusted = TlsFiles.trustedServers(settings);
        if (trusted.isPresent()) {
            builder.trustManager(trusted.get());
        } else {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        TlsFiles.ownIdentity(settings).ifPresent(pem ->
                builder.keyManager(pem.key().orElseThrow(), pem.certificates()));
        SslContext context;
        try {
            context = builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("cannot set up TLS to the server: " + e.getMessage(), e);
        }
        if (settings.get(ServerSettings.NO_SSL_REUSE)) {
            neverResume(context.sessionContext());
        }
        Optional<String> verifyHost = settings.find(ServerSettings.VERIFYHOST);
        boolean verifies = settings.get(ServerSettings.VERIFY) != Verify.NONE;
        return (allocator, sni, peerHost, peerPort) ->
                client(context, allocator, sni, new Identity(verifies, verifyHost), peerHost, peerPort);
    }

    private static void neverResume(SSLSessionContext sessions) {
        if (sessions instanceof OpenSslSessionContext openSsl) {
            openSsl.setSessionCacheEnabled(false);
        } else {
            // The JDK cannot do without a cache; one second is the shortest life that it knows.
            sessions.setSessionTimeout(1);
        }
    }

    /** How a server's certificate is judged: by its chain, and by a name if there is one to judge by. */
    private record Identity(boolean verified, Optional<String> host) { }

    private static SslHandler client(SslContext context, ByteBufAllocator allocator, String sni,
            Identity expected, String peerHost, int peerPort) {
        String identity = expected.host.orElse(sni.isEmpty() ? peerHost : sni);
        SslHandler handler = context.newHandler(allocator, identity, peerPort);
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        helloName(sni).ifPresent(name -> parameters.setServerNames(List.of(name)));
        if (expected.verified && (expected.host.isPresent() || !sni.isEmpty())) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    /** The name as a TLS hello carries it; empty for an address, and for what is no host name. */
    private static Optional<SNIServerName> helloName(String sni) {
        if (sni.isEmpty() || NetUtil.isValidIpV4Address(sni)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(sni));
        } catch (IllegalArgumentException e) {
            // Often the name is taken from the Host header, in which a client may write what it likes.
            return Optional.empty();
        }
    }

    // ---- both

    /** A name that the engine does not know would be left out in silence: there must be none. */
    private static void ciphers(SslContextBuilder builder, List<String> tls12) {
        List<String> all = new ArrayList<>(TlsFiles.TLS13);
        all.addAll(tls12);
        builder.ciphers(all, SupportedCipherSuiteFilter.INSTANCE);
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return protocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, protocols);
    }
}
