package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.model.Verify;

/**
 * Makes the TLS of binds and servers from their settings: BoringSSL where its library loads, else the
 * JDK's engine. Stateless; called when a configuration is built, never by an event loop.
 */
public final class TlsContexts {

    /** Forward secrecy and authenticated encryption only: the default of the field's hardening guides. */
    private static final List<String> DEFAULT_TLS12 = List.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305");
    private static final List<String> TLS13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

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
        List<Path> files = certificateFiles(settings.get(BindSettings.CRT));
        if (files.isEmpty()) {
            throw new TlsException("'ssl' needs a certificate: add 'crt FILE'");
        }
        List<SslContext> contexts = new ArrayList<>();
        List<PemFile> pems = new ArrayList<>();
        try {
            for (Path file : files) {
                PemFile pem = PemFile.readWithKey(file);
                pems.add(pem);
                contexts.add(serverContext(pem, settings));
            }
        } catch (TlsException e) {
            contexts.forEach(ReferenceCountUtil::release);
            throw e;
        }
        if (contexts.size() == 1 && !settings.get(BindSettings.STRICT_SNI)) {
            SslContext only = contexts.get(0);
            return allocator -> handler(only, allocator);
        }
        Mapping<String, Optional<SslContext>> byName = mapping(pems, contexts,
                settings.get(BindSettings.STRICT_SNI) ? Optional.empty() : Optional.of(contexts.get(0)));
        return allocator -> new ByName(byName);
    }

    /** Takes the certificate of the name that the client asks for; without one the handshake fails. */
    private static final class ByName extends SniHandler {

        ByName(Mapping<String, Optional<SslContext>> byName) {
            super((String name, Promise<SslContext> chosen) -> {
                // A client that asks for no name gets the default, which strict-sni does not have.
                Optional<SslContext> found = byName.map(name == null ? "" : name);
                return found.isPresent()
                        ? chosen.setSuccess(found.get())
                        : chosen.setFailure(new SSLHandshakeException("no certificate for the name '" + name + "'"));
            });
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            return handler(context, allocator);
        }
    }

    /** A file stands for itself, a folder for its files in the order of their names. */
    private static List<Path> certificateFiles(StringList names) throws TlsException {
        List<Path> files = new ArrayList<>();
        for (String name : names.values()) {
            Path path = Path.of(name);
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(Files::isRegularFile)
                        .filter(p -> !p.toString().matches(".*\\.(key|issuer|ocsp|sctl)"))
                        .filter(p -> !p.getFileName().toString().startsWith("."))
                        .sorted().forEach(files::add);
            } catch (IOException e) {
                throw new TlsException("cannot list the folder " + path + ": " + e.getMessage(), e);
            }
        }
        return files;
    }

    private static SslContext serverContext(PemFile pem, Settings settings) throws TlsException {
        SslContextBuilder builder = SslContextBuilder
                .forServer(pem.key().orElseThrow(), pem.certificates().toArray(new X509Certificate[0]))
                .sslProvider(provider())
                .protocols(protocols(settings.get(BindSettings.SSL_MIN_VER), settings.get(BindSettings.SSL_MAX_VER)))
                .applicationProtocolConfig(alpn(settings.get(BindSettings.ALPN).values()));
        ciphers(builder, settings.find(BindSettings.CIPHERS), settings.find(BindSettings.CIPHERSUITES));
        clientAuth(builder, settings);
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("cannot use " + pem.path() + ": " + e.getMessage(), e);
        }
    }

    private static void clientAuth(SslContextBuilder builder, Settings settings) throws TlsException {
        Verify verify = settings.get(BindSettings.VERIFY);
        if (verify == Verify.NONE) {
            return;
        }
        builder.clientAuth(verify == Verify.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        String authorities = settings.find(BindSettings.CA_FILE)
                .orElseThrow(() -> new TlsException("'verify' needs the authorities to trust: add 'ca-file FILE'"));
        builder.trustManager(PemFile.readCertificates(Path.of(authorities)));
    }

    private static SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
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
                .protocols(protocols(settings.get(ServerSettings.SSL_MIN_VER), settings.get(ServerSettings.SSL_MAX_VER)));
        List<String> offered = settings.get(ServerSettings.ALPN).values();
        if (!offered.isEmpty()) {
            builder.applicationProtocolConfig(alpn(offered));
        }
        ciphers(builder, settings.find(ServerSettings.CIPHERS), settings.find(ServerSettings.CIPHERSUITES));
        trust(builder, settings);
        if (settings.find(ServerSettings.CRT).isPresent()) {
            PemFile pem = PemFile.readWithKey(Path.of(settings.get(ServerSettings.CRT)));
            builder.keyManager(pem.key().orElseThrow(), pem.certificates());
        }
        SslContext context;
        try {
            context = builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("cannot set up TLS to the server: " + e.getMessage(), e);
        }
        Optional<String> verifyHost = settings.find(ServerSettings.VERIFYHOST);
        boolean verifies = settings.get(ServerSettings.VERIFY) != Verify.NONE;
        return (allocator, sni, peerHost, peerPort) ->
                client(context, allocator, sni, new Identity(verifies, verifyHost), peerHost, peerPort);
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

    private static void trust(SslContextBuilder builder, Settings settings) throws TlsException {
        if (settings.get(ServerSettings.VERIFY) == Verify.NONE) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            return;
        }
        String file = settings.find(ServerSettings.CA_FILE).orElseThrow(() -> new TlsException(
                "'ssl' needs the authorities to trust: add 'ca-file FILE' or 'ca-file @system-ca', or 'verify none'"));
        if (!file.equals("@system-ca")) {
            builder.trustManager(PemFile.readCertificates(Path.of(file)));
            return;
        }
        try {
            builder.trustManager(SystemAuthorities.load());
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("cannot read the system's certification authorities: " + e.getMessage(), e);
        }
    }

    // ---- both

    private static List<String> protocols(TlsVersion min, TlsVersion max) throws TlsException {
        List<String> versions = Arrays.stream(TlsVersion.values())
                .filter(v -> v.compareTo(min) >= 0 && v.compareTo(max) <= 0).map(TlsVersion::javaName).toList();
        if (versions.isEmpty()) {
            throw new TlsException("ssl-min-ver " + min.keyword() + " is above ssl-max-ver " + max.keyword());
        }
        return versions;
    }

    private static void ciphers(SslContextBuilder builder, Optional<String> tls12, Optional<String> tls13) {
        List<String> all = new ArrayList<>(tls13.map(s -> List.of(s.split(":"))).orElse(TLS13));
        all.addAll(tls12.map(s -> List.of(s.split(":"))).orElse(DEFAULT_TLS12));
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
