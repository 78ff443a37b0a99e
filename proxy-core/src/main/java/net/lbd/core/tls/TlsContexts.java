package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;
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
        List<PemFile> pems = TlsFiles.certificates(settings);
        List<SslContext> contexts = new ArrayList<>();
        try {
            for (PemFile pem : pems) {
                contexts.add(serverContext(pem, settings));
            }
        } catch (TlsException e) {
            contexts.forEach(ReferenceCountUtil::release);
            throw e;
        }
        boolean tickets = !settings.get(BindSettings.NO_TLS_TICKETS);
        if (contexts.size() == 1 && !settings.get(BindSettings.STRICT_SNI)) {
            SslContext only = contexts.get(0);
            return allocator -> handler(only, allocator, tickets);
        }
        Mapping<String, Optional<SslContext>> byName = mapping(pems, contexts,
                settings.get(BindSettings.STRICT_SNI) ? Optional.empty() : Optional.of(contexts.get(0)));
        return allocator -> new ByName(byName, tickets);
    }

    /** Takes the certificate of the name that the client asks for; without one the handshake fails. */
    private static final class ByName extends SniHandler {

        private final boolean tickets;

        ByName(Mapping<String, Optional<SslContext>> byName, boolean tickets) {
            super((String name, Promise<SslContext> chosen) -> {
                // A client that asks for no name gets the default, which strict-sni does not have.
                Optional<SslContext> found = byName.map(name == null ? "" : name);
                return found.isPresent()
                        ? chosen.setSuccess(found.get())
                        : chosen.setFailure(new SSLHandshakeException("no certificate for the name '" + name + "'"));
            });
            this.tickets = tickets;
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            return handler(context, allocator, tickets);
        }
    }

    private static SslContext serverContext(PemFile pem, Settings settings) throws TlsException {
        SslContextBuilder builder = SslContextBuilder
                .forServer(pem.key().orElseThrow(), pem.certificates().toArray(new X509Certificate[0]))
                .sslProvider(provider())
                .protocols(TlsFiles.versions(settings, BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER))
                .applicationProtocolConfig(alpn(settings.get(BindSettings.ALPN).values()));
        ciphers(builder, TlsFiles.suites(settings, BindSettings.CIPHERS, BindSettings.SSL_MIN_VER));
        clientAuth(builder, settings);
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
        Optional<TrustManagerFactory> trusted = TlsFiles.trustedClients(settings);
        if (trusted.isPresent()) {
            builder.trustManager(trusted.get()).clientAuth(
                    settings.get(BindSettings.VERIFY) == Verify.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        }
    }

    private static SslHandler handler(SslContext context, ByteBufAllocator allocator, boolean tickets) {
        SslHandler handler = context.newHandler(allocator);
        if (!tickets && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            // Netty's contexts have no switch for it.
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        // The session's own timer bounds the handshake: no task in the loop's queue for each connection.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    private static Mapping<String, Optional<SslContext>> mapping(
            List<PemFile> pems, List<SslContext> contexts, Optional<SslContext> otherwise) {
        DomainWildcardMappingBuilder<Optional<SslContext>> builder = new DomainWildcardMappingBuilder<>(otherwise);
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < pems.size(); i++) {
            for (String name : names(pems.get(i).certificates().get(0))) {
                // The first certificate of a name stays, as in HAProxy.
                if (!taken.contains(name)) {
                    taken.add(name);
                    builder.add(name, Optional.of(contexts.get(i)));
                }
            }
        }
        return builder.build();
    }

    /** The DNS names that a certificate speaks for, in lower case: those of its SAN, else its common name. */
    static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream().filter(a -> Integer.valueOf(2).equals(a.get(0)))
                        .forEach(a -> names.add(a.get(1).toString().toLowerCase(Locale.ROOT)));
            }
            if (names.isEmpty()) {
                for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                    if (rdn.getType().equalsIgnoreCase("CN")) {
                        names.add(rdn.getValue().toString().toLowerCase(Locale.ROOT));
                    }
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
        TlsFiles.trustedServers(settings).ifPresentOrElse(
                builder::trustManager, () -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
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
