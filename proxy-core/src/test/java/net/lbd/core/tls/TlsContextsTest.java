package net.lbd.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collections;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.model.Verify;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes in memory: what the settings ask for is what is spoken. */
class TlsContextsTest {

    @TempDir
    private static Path folder;
    private static Path site;
    private static Path ca;
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final TestCertificates.Identity SITE = AUTHORITY.server(KeyKind.RSA, "mail.example.com");

    @BeforeAll
    static void files() {
        site = SITE.writePem(folder.resolve("site.pem"));
        ca = AUTHORITY.writeCa(folder.resolve("ca.pem"));
    }

    private static <T> Settings with(Settings base, Setting<T> setting, T value) {
        return Settings.builder().putAll(base).put(setting, value, SourceLocation.BUILT_IN).build();
    }

    private static Settings bind() {
        return with(with(Settings.EMPTY, BindSettings.SSL, true), BindSettings.CRT, StringList.of(site.toString()));
    }

    private static Settings server() {
        return with(with(Settings.EMPTY, ServerSettings.SSL, true), ServerSettings.VERIFY, Verify.NONE);
    }

    // ---- versions and suites

    @ParameterizedTest
    @EnumSource(TlsVersion.class)
    void speaksTheVersionThatIsForced(TlsVersion version) throws Exception {
        Settings bind = with(with(bind(), BindSettings.SSL_MIN_VER, version), BindSettings.SSL_MAX_VER, version);
        Settings server = with(with(server(), ServerSettings.SSL_MIN_VER, version), ServerSettings.SSL_MAX_VER, version);

        assertThat(shakeHands(bind, server).getProtocol()).isEqualTo(version.javaName());
    }

    @Test
    void versionsThatDoNotMeetDoNotSpeak() {
        Settings bind = with(bind(), BindSettings.SSL_MIN_VER, TlsVersion.TLS_1_3);
        Settings server = with(server(), ServerSettings.SSL_MAX_VER, TlsVersion.TLS_1_2);

        assertThatThrownBy(() -> shakeHands(bind, server)).hasStackTraceContaining("SSL");
    }

    @ParameterizedTest
    @CsvSource({
        "ECDHE-RSA-AES256-GCM-SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-RSA-CHACHA20-POLY1305, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "kRSA+AESGCM:!AES128,         TLS_RSA_WITH_AES_256_GCM_SHA384",
    })
    void speaksTheCiphersThatAreAskedFor(String ciphers, String suite) throws Exception {
        Settings narrow = with(with(bind(), BindSettings.CIPHERS, ciphers), BindSettings.SSL_MAX_VER, TlsVersion.TLS_1_2);
        Settings open = with(server(), ServerSettings.CIPHERS, "ALL");
        assertThat(shakeHands(narrow, open).getCipherSuite()).isEqualTo(suite);

        Settings narrowServer = with(server(), ServerSettings.CIPHERS, ciphers);
        Settings openBind = with(with(bind(), BindSettings.CIPHERS, "ALL"), BindSettings.SSL_MAX_VER, TlsVersion.TLS_1_2);
        assertThat(shakeHands(openBind, narrowServer).getCipherSuite()).isEqualTo(suite);
    }

    /** Without forward secrecy a stolen key opens what was recorded before. */
    @ParameterizedTest
    @CsvSource({"kRSA", "SHA1", "AES128-GCM-SHA256"})
    void weakCiphersAreNotSpokenByDefault(String ciphers) {
        Settings weak = with(with(server(), ServerSettings.CIPHERS, ciphers), ServerSettings.SSL_MAX_VER, TlsVersion.TLS_1_2);

        assertThatThrownBy(() -> shakeHands(bind(), weak)).hasStackTraceContaining("SSL");
    }

    @Test
    void ciphersOfNothingAreRefused() {
        Settings bind = with(bind(), BindSettings.CIPHERS, "DHE-RSA-AES128-SHA");

        assertThatThrownBy(() -> TlsContexts.forBind(bind, TlsSources.alone())).isInstanceOf(TlsException.class)
                .hasMessage("'ciphers DHE-RSA-AES128-SHA' leaves no suite that lbd knows");
        assertThatThrownBy(() -> TlsFiles.checkBind(bind, TlsSources.alone())).hasMessageContaining("leaves no suite");
    }

    @ParameterizedTest
    @CsvSource({"secp384r1, 24", "X448:P-521, 25"})
    void speaksTheCurveThatIsAskedFor(String curves, int group) throws Exception {
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new TrustingManager()}, null);
        SSLEngine engine = client.createSSLEngine();
        engine.setUseClientMode(true);
        Wire wire = new Wire(TlsContexts.forBind(with(bind(), BindSettings.CURVES, curves), TlsSources.alone()).newHandler(ByteBufAllocator.DEFAULT),
                new SslHandler(engine));

        wire.run(false);

        assertThat(wire.askedForGroup).isEqualTo(group);
    }

    @Test
    void curvesOfNothingAreRefused() throws TlsException {
        assertThatThrownBy(() -> TlsFiles.checkBind(with(bind(), BindSettings.CURVES, "X448"), TlsSources.alone()))
                .hasMessage("'curves X448' leaves no curve that lbd knows; use P-256, P-384, P-521, X25519");
        assertThat(TlsFiles.checkBind(with(bind(), BindSettings.CURVES, "X448:P-256"), TlsSources.alone()))
                .containsExactly("'curves': there is no curve X448; it is left out");
    }

    // ---- what is not carried out as written

    @Test
    void whatIsLeftOutIsTold() throws TlsException {
        assertThat(TlsFiles.checkBind(bind(), TlsSources.alone())).isEmpty();
        assertThat(TlsFiles.checkBind(with(bind(), BindSettings.CIPHERSUITES,
                "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"), TlsSources.alone())).isEmpty();
        assertThat(TlsFiles.checkBind(with(bind(), BindSettings.CIPHERSUITES, "TLS_AES_256_GCM_SHA384"), TlsSources.alone())).containsExactly(
                "'ciphersuites TLS_AES_256_GCM_SHA384' has no effect: lbd always offers TLS_AES_128_GCM_SHA256,"
                        + " TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256");
        assertThat(TlsFiles.checkServer(with(server(), ServerSettings.CIPHERS, "AES128-SHA:DHE-RSA-AES128-SHA"), TlsSources.alone()))
                .containsExactly("'ciphers': there is no suite for DHE-RSA-AES128-SHA; it is left out");
    }

    // ---- resumption

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void clientsGetTicketsUnlessTheBindSaysNo(String version, boolean refused) throws Exception {
        BindTls tls = TlsContexts.forBind(with(bind(), BindSettings.NO_TLS_TICKETS, refused), TlsSources.alone());
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, new TrustManager[] {new TrustingManager()}, null);
        SSLEngine engine = client.createSSLEngine("mail.example.com", 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        Wire wire = new Wire(tls.newHandler(ByteBufAllocator.DEFAULT), new SslHandler(engine));

        wire.run(true);

        assertThat(wire.ticket).isEqualTo(!refused);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void sessionsWithServersAreResumedUnlessTheServerLineSaysNo(String version, boolean refused) throws Exception {
        TestCertificates.Identity identity = TestCertificates.create().server(KeyKind.RSA, "mail.example.com");
        int certificate = identity.certificate().getEncoded().length;
        SSLContext context = identity.serverContext();
        ServerTls tls = TlsContexts.forServer(with(server(), ServerSettings.NO_SSL_REUSE, refused), TlsSources.alone());

        int[] sent = new int[3];
        for (int i = 0; i < sent.length; i++) {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setEnabledProtocols(new String[] {version});
            Wire wire = new Wire(new SslHandler(engine),
                    tls.newHandler(ByteBufAllocator.DEFAULT, "mail.example.com", "10.0.0.1", 443));
            wire.run(true);
            sent[i] = wire.handshakeBytes;
        }

        // A server sends its certificate in full handshakes only.
        assertThat(sent[0]).isGreaterThan(certificate);
        for (int later : new int[] {sent[1], sent[2]}) {
            assertThat(later < sent[0] - certificate).as("resumed").isEqualTo(!refused);
        }
    }

    /** Names may come from clients ({@code sni req.hdr(host)}), and servers of TLS 1.3 give several sessions for one. */
    @Test
    void sessionsOfServersAreBounded() throws Exception {
        SSLContext context = AUTHORITY.server(KeyKind.ECDSA, "mail.example.com").serverContext();
        SslContext client = TlsContexts.clientContext(server(), TlsSources.alone());
        for (int i = 0; i < TlsContexts.SESSIONS_OF_A_SERVER + 60; i++) {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            new Wire(new SslHandler(engine), client.newHandler(ByteBufAllocator.DEFAULT, "name" + i, 443)).run(true);
        }
        assertThat(Collections.list(client.sessionContext().getIds())).hasSizeBetween(1, TlsContexts.SESSIONS_OF_A_SERVER);
    }

    /** The reason that {@code no-tls-tickets} of a server line gives for having no effect. */
    @Test
    void serversAreNotAskedForTicketsBeforeTls13() throws Exception {
        Wire wire = new Wire(TlsContexts.forBind(bind(), TlsSources.alone()).newHandler(ByteBufAllocator.DEFAULT),
                TlsContexts.forServer(with(server(), ServerSettings.SSL_MAX_VER, TlsVersion.TLS_1_2), TlsSources.alone())
                        .newHandler(ByteBufAllocator.DEFAULT, "mail.example.com", "10.0.0.1", 443));

        wire.run(true);

        assertThat(wire.ticket).isFalse();
    }

    private static final int RSA_DISABLED_SINCE = 24;

    /** What Windows Server 2012 R2 has with an RSA certificate, without the suites that BoringSSL lacks; Exchange 2013 and 2016 run on it. */
    @ParameterizedTest
    @CsvSource({"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384:TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_RSA_WITH_AES_256_GCM_SHA384:TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_256_GCM_SHA384"})
    void oldServersAreReachedAndChooseForThemselves(String offered, String chosen) throws Exception {
        assumeTrue(Runtime.version().feature() < RSA_DISABLED_SINCE || !offered.contains("TLS_RSA_"),
                "the JDK, which plays the server here, has switched key exchange by RSA off since 24; ours is BoringSSL on every Java");
        SSLEngine engine = SITE.serverContext().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        engine.setEnabledCipherSuites(offered.split(":"));
        SSLParameters own = engine.getSSLParameters();
        own.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(own);

        SSLSession session = new Wire(new SslHandler(engine), TlsContexts.forServer(server(), TlsSources.alone())
                .newHandler(ByteBufAllocator.DEFAULT, "mail.example.com", "10.0.0.1", 443)).run(false);

        assertThat(session.getCipherSuite()).isEqualTo(chosen);
    }

    // ---- trust

    @Test
    void serverIsCheckedAgainstItsAuthorities() throws Exception {
        Settings checked = with(with(server(), ServerSettings.VERIFY, Verify.REQUIRED), ServerSettings.CA_FILE, ca.toString());
        assertThat(shakeHands(bind(), checked).getProtocol()).isEqualTo("TLSv1.3");

        Path other = TestCertificates.create().writeCa(folder.resolve("other.pem"));
        assertThatThrownBy(() -> shakeHands(bind(), with(checked, ServerSettings.CA_FILE, other.toString())))
                .hasStackTraceContaining("SSL");
    }

    @Test
    void clientMustShowACertificateWhereTheBindWantsOne() throws Exception {
        Settings bind = with(with(bind(), BindSettings.VERIFY, Verify.REQUIRED), BindSettings.CA_FILE, ca.toString());
        Settings server = with(server(), ServerSettings.SSL_MAX_VER, TlsVersion.TLS_1_2);

        assertThatThrownBy(() -> shakeHands(bind, server)).hasStackTraceContaining("SSL");
        assertThatThrownBy(() -> TlsFiles.checkBind(with(bind(), BindSettings.VERIFY, Verify.REQUIRED), TlsSources.alone()))
                .hasMessage("'verify' needs the authorities to trust: add 'ca-file FILE'");
    }

    @Test
    void authoritiesThatAreNoneAreRefused() {
        Settings server = with(with(server(), ServerSettings.VERIFY, Verify.REQUIRED), ServerSettings.CA_FILE, "@other");

        assertThatThrownBy(() -> TlsFiles.checkServer(server, TlsSources.alone())).hasMessageContaining("@system-ca");
        assertThatThrownBy(() -> TlsFiles.checkServer(with(server, ServerSettings.CA_FILE, "/dev/null"), TlsSources.alone()))
                .hasMessage("/dev/null holds no certificate");
    }

    // ---- a handshake without a network

    private static SSLSession shakeHands(Settings bind, Settings server) throws Exception {
        return new Wire(TlsContexts.forBind(bind, TlsSources.alone()).newHandler(ByteBufAllocator.DEFAULT),
                TlsContexts.forServer(server, TlsSources.alone()).newHandler(ByteBufAllocator.DEFAULT, "mail.example.com", "10.0.0.1", 443)).run(false);
    }

    /** Carries bytes between the two ends of a connection. */
    private static final class Wire {

        private final EmbeddedChannel front;
        private final EmbeddedChannel client;
        private final SslHandler clientTls;
        /** New Session Ticket was seen: in the clear before TLS 1.3, behind the handshake in TLS 1.3. */
        private boolean ticket;
        private boolean encrypted;
        /** What the server sent until the client's handshake was done, bytes. */
        private int handshakeBytes;
        /** The curve that the server wants instead of those that the client began with. */
        private int askedForGroup;

        Wire(ChannelHandler front, SslHandler client) {
            this.clientTls = client;
            this.front = new EmbeddedChannel(front);
            this.client = new EmbeddedChannel(client);
        }

        /**
         * What the client's end came to; throws what it failed with.
         *
         * @param data the server then says a byte: BoringSSL sends the tickets of TLS 1.3 no sooner
         */
        SSLSession run(boolean data) throws Exception {
            try {
                exchange();
                assertThat(clientTls.handshakeFuture().isSuccess()).as("handshake").isTrue();
                if (data) {
                    front.writeOutbound(front.alloc().buffer().writeByte('x'));
                    exchange();
                    ByteBuf said = client.readInbound();
                    assertThat(said.readByte()).isEqualTo((byte) 'x');
                    said.release();
                }
                return clientTls.engine().getSession();
            } finally {
                front.finishAndReleaseAll();
                client.finishAndReleaseAll();
            }
        }

        private void exchange() {
            while (move(client, front, false) | move(front, client, true)) {
                front.checkException();
                client.checkException();
            }
        }

        private boolean move(EmbeddedChannel from, EmbeddedChannel to, boolean fromServer) {
            from.runPendingTasks();
            boolean moved = false;
            int records = 0;
            for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
                moved = true;
                boolean done = clientTls.handshakeFuture().isDone();
                if (fromServer) {
                    look(bytes);
                    handshakeBytes += done ? 0 : bytes.readableBytes();
                    records += done && clientTls.engine().getSession().getProtocol().equals("TLSv1.3") ? count(bytes) : 0;
                }
                to.writeInbound(bytes);
            }
            ticket |= records > 1;
            return moved;
        }

        /** New Session Ticket is handshake message 4; behind Change Cipher Spec (20) all is encrypted. RFC 5077 §3.3. */
        private void look(ByteBuf bytes) {
            int at = bytes.readerIndex();
            while (!encrypted && at + 5 < bytes.writerIndex()) {
                int type = bytes.getUnsignedByte(at);
                int end = at + 5 + bytes.getUnsignedShort(at + 3);
                encrypted = type != 22;
                for (int message = at + 5; type == 22 && message + 4 <= end;
                        message += 4 + bytes.getUnsignedMedium(message + 1)) {
                    ticket |= bytes.getUnsignedByte(message) == 4;
                    if (bytes.getUnsignedByte(message) == 2 && askedForGroup == 0) {
                        // In a Hello Retry Request key_share (51) is one group. RFC 8446 §4.2.8.
                        int extension = ByteBufUtil.indexOf(
                                Unpooled.wrappedBuffer(new byte[] {0, 51, 0, 2}), bytes.slice(message, end - message));
                        askedForGroup = extension < 0 ? 0 : bytes.getUnsignedShort(message + extension + 4);
                    }
                }
                at = end;
            }
        }

        private static int count(ByteBuf bytes) {
            int records = 0;
            for (int at = bytes.readerIndex(); at + 5 <= bytes.writerIndex(); at += 5 + bytes.getUnsignedShort(at + 3)) {
                records++;
            }
            return records;
        }
    }

    private static final class TrustingManager extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) { }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) { }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) { }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) { }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) { }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) { }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
