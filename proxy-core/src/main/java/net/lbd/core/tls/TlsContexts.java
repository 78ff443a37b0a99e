package net.lbd.core.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
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
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedTrustManager;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.model.Verify;

/**
 * Makes the TLS of binds and servers from their settings: BoringSSL where its library loads, else the
 * JDK's engine. Stateless; called when a configuration is built, never by an event loop.
 */
public final class TlsContexts {

    /**
     * Sessions kept to resume with one server; the oldest goes first. Those of TLS 1.3 serve once and come in twos, so they pile up by connection; and
     * with {@code sni} from a header a client chooses how many names there are. Each holds a server's certificates.
     */
    static final int SESSIONS_OF_A_SERVER = 256;


    private static final String JDK_TICKETS = "jdk.tls.server.enableSessionTicketExtension";

    private TlsContexts() { }

    /** Whether BoringSSL is used. */
    public static boolean isNative() {
        return OpenSsl.isAvailable();
    }

    private static SslProvider provider() {
        return isNative() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    // ---- binds

    /** The TLS of a {@code bind … ssl} line, which follows its files from now on. */
    public static BindTls forBind(Settings settings, TlsSources sources) throws TlsException {
        BindCertificates bind = new BindCertificates(settings, TlsFiles.certificates(settings), sources);
        sources.add(bind);
        return bind;
    }

    static SniTable.Entry<ServedCertificate> entry(ServedLine line, TlsSources sources) throws TlsException {
        PemFile pem = TlsFiles.certificate(line, sources);
        X509Certificate leaf = pem.certificates().get(0);
        List<String> filters = line.filters();
        List<String> names = filters.isEmpty() ? names(leaf) : filters.stream().filter(f -> !f.startsWith("!")).toList();
        List<String> excluded = filters.stream().filter(f -> f.startsWith("!")).map(f -> f.substring(1).toLowerCase(Locale.ROOT)).toList();
        Optional<ClientJudge> judge;
        SslContext context;
        try {
            judge = TlsFiles.trustedClients(line.settings(), sources);
            context = serverContext(pem, line.settings(), judge, sources);
        } catch (TlsException e) {
            throw line.told(e);
        }
        return new SniTable.Entry<>(new ServedCertificate(context, pem, takesTickets(line.settings(), judge),
                sources.tuning().maxRecordBytes(), judge), leaf.getPublicKey().getAlgorithm().equals("EC"), names, excluded);
    }

    /** Who was let in although something was wrong must be looked at each time. */
    private static boolean takesTickets(Settings settings, Optional<ClientJudge> judge) {
        return !settings.get(BindSettings.NO_TLS_TICKETS) && judge.filter(ClientJudge::ignores).isEmpty();
    }

    private static SslContext serverContext(PemFile pem, Settings settings, Optional<ClientJudge> judge, TlsSources sources) throws TlsException {
        SslContextBuilder builder = SslContextBuilder
                .forServer(pem.key().orElseThrow(), pem.certificates().toArray(new X509Certificate[0]))
                .sslProvider(provider())
                .protocols(TlsFiles.versions(settings, BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER))
                .applicationProtocolConfig(alpn(settings.get(BindSettings.ALPN).values()));
        ciphers(builder, TlsFiles.suites(settings, BindSettings.CIPHERS, BindSettings.SSL_MIN_VER));
        judge.ifPresent(trusted -> builder.trustManager(trusted).clientAuth(
                settings.get(BindSettings.VERIFY) == Verify.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL));
        builder.sessionTimeout(sources.tuning().lifetimeSeconds());
        if (sources.tuning().cacheEntries() > 0) {
            builder.sessionCacheSize(sources.tuning().cacheEntries());
        }
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
        if (!isNative() && settings.isSet(BindSettings.TLS_TICKET_KEYS)) {
            throw new TlsException("'tls-ticket-keys' needs BoringSSL, which cannot be loaded on this machine");
        }
        try {
            if (!isNative()) {
                return !takesTickets(settings, judge) ? withoutTickets(builder) : builder.build();
            }
            SslContext context = builder.build();
            shareSessions(context, pem.certificates().get(0), settings, judge, sources);
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("cannot use " + pem.path() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Sessions can be resumed at other binds, and behind a reload: tickets have the same keys. Not where clients are judged otherwise,
     * however: whom one bind lets in without a certificate must not come in by resuming where one is wanted. And not where another
     * certificate is shown: a client that resumes takes the one that it saw for the server's, and puts its hash into a login
     * ({@code tls-server-end-point}, RFC 5929 §4), which the servers behind refuse once theirs is another. Decision 0062.
     */
    private static void shareSessions(SslContext context, X509Certificate shown, Settings settings, Optional<ClientJudge> judge,
            TlsSources sources) throws TlsException {
        OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
        sessions.setSessionIdContext(sessionsOf(shown, settings, sources));
        if (sources.tuning().cacheEntries() == 0 || judge.filter(ClientJudge::ignores).isPresent()) {
            sessions.setSessionCacheEnabled(false);
        }
        if (takesTickets(settings, judge)) {
            sources.ticketKeys(settings.find(BindSettings.TLS_TICKET_KEYS)).follow(context);
        }
    }

    /** A fingerprint of the certificate that clients see, and of all that decides which clients are let in. */
    private static byte[] sessionsOf(X509Certificate shown, Settings settings, TlsSources sources) throws TlsException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(shown.getEncoded());
            digest.update((byte) settings.get(BindSettings.VERIFY).ordinal());
            if (settings.get(BindSettings.VERIFY) != Verify.NONE) {
                for (Setting<String> setting : List.of(BindSettings.CA_FILE, BindSettings.CA_VERIFY_FILE)) {
                    if (settings.isSet(setting)) {
                        for (X509Certificate authority : sources.authorities(settings.get(setting))) {
                            digest.update(authority.getEncoded());
                        }
                    }
                }
                if (settings.isSet(BindSettings.CRL_FILE)) {
                    for (X509CRL list : sources.revoked(settings.get(BindSettings.CRL_FILE))) {
                        digest.update(list.getEncoded());
                    }
                }
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot use the certificate or its authorities: " + e.getMessage(), e);
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

    /** The TLS of a {@code server … ssl} line, which follows its files from now on. */
    public static ServerTls forServer(Settings settings, TlsSources sources) throws TlsException {
        ServerContext server = new ServerContext(settings, sources);
        sources.add(server);
        return server;
    }

    static SslContext clientContext(Settings settings, TlsSources sources) throws TlsException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider())
                .endpointIdentificationAlgorithm("")
                .sessionCacheSize(SESSIONS_OF_A_SERVER)
                .protocols(TlsFiles.versions(settings, ServerSettings.SSL_MIN_VER, ServerSettings.SSL_MAX_VER));
        List<String> offered = settings.get(ServerSettings.ALPN).values();
        if (!offered.isEmpty()) {
            builder.applicationProtocolConfig(alpn(offered));
        }
        ciphers(builder, TlsFiles.suites(settings, ServerSettings.CIPHERS, ServerSettings.SSL_MIN_VER));
        Optional<X509ExtendedTrustManager> trusted = TlsFiles.trustedServers(settings, sources);
        if (trusted.isPresent()) {
            builder.trustManager(trusted.get());
        } else {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        TlsFiles.ownIdentity(settings, sources).ifPresent(pem ->
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
        return context;
    }

    private static void neverResume(SSLSessionContext sessions) {
        if (sessions instanceof OpenSslSessionContext openSsl) {
            openSsl.setSessionCacheEnabled(false);
        } else {
            // The JDK cannot do without a cache; one second is the shortest life that it knows.
            sessions.setSessionTimeout(1);
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
