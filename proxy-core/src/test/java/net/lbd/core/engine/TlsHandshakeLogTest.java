package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Consumer;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Ports;
import net.lbd.testkit.SyslogSink;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says of TLS handshakes that do not succeed, in the words of HAProxy 2.6. */
class TlsHandshakeLogTest {

    @TempDir
    static Path dir;

    @BeforeAll
    static void makeCertificates() {
        TestCertificates authority = TestCertificates.create();
        authority.server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("a.pem"));
        authority.server(TestCertificates.KeyKind.ECDSA, "b").writePem(dir.resolve("b.pem"));
    }

    private static String logged(String bind, String options, Consumer<RawClient> handshake) {
        try (SyslogSink log = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "log 127.0.0.1:" + log.port() + " local0\noption httplog\ntimeout http-request 300ms\n" + options,
                        EngineHarness.server("s1", Ports.free())).replace(":@1", ":@1 ssl " + bind + " "))) {
            try (RawClient client = proxy.client()) {
                handshake.accept(client);
            }
            try (RawClient last = proxy.client()) {
                last.send("no TLS at all\r\n").readToEnd();
            }
            log.await("the line of the last", text -> text.contains("SSL handshake failure"));
            proxy.awaitIdle();
            assertThat(proxy.frontend("fe").counters().requestErrors.sum()).isEqualTo(2);
            return log.messages().get(0).strip();
        }
    }

    private static String one() {
        return "crt " + dir.resolve("a.pem");
    }

    private static String two() {
        return one() + " crt " + dir.resolve("b.pem");
    }

    @Test
    void aClientThatClosesIsToldApart() {
        for (String bind : new String[] {one(), two()}) {
            assertThat(logged(bind, "", client -> client.shutdownOutput().readToEnd())).endsWith(": Connection closed during SSL handshake");
            assertThat(logged(bind, "", client -> client.send("\26\3\1").shutdownOutput().readToEnd()))
                    .endsWith(": Connection closed during SSL handshake");
        }
    }

    @Test
    void aClientThatTakesTooLongIsToldApart() {
        for (String bind : new String[] {one(), two()}) {
            assertThat(logged(bind, "", RawClient::readToEnd)).endsWith(": Timeout during SSL handshake");
        }
    }

    @Test
    void dontlognullLeavesThoseOutThatBroughtNothing() {
        assertThat(logged(one(), "option dontlognull", client -> client.shutdownOutput().readToEnd())).endsWith(": SSL handshake failure");
        assertThat(logged(two(), "option dontlognull", RawClient::readToEnd)).endsWith(": SSL handshake failure");
    }

    @Test
    void errorLogFormatSaysItInOtherWords() {
        try (SyslogSink log = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "log 127.0.0.1:" + log.port() + " local0\noption httplog\n"
                                + "error-log-format \"failed %ci on %f at [%t] %[src_port] %ID\"\nunique-id-format %ci",
                        EngineHarness.server("s1", Ports.free())).replace(":@1", ":@1 ssl " + one() + " "));
                RawClient client = proxy.client()) {
            client.send("no TLS at all\r\n").readToEnd();

            assertThat(log.await("the line", text -> text.contains("failed")))
                    .containsPattern("failed 127.0.0.1 on fe at \\[[0-9]{2}/[A-Za-z]{3}/20[0-9]{2}:[0-9:.]+] [0-9]+ 127.0.0.1");
        }
    }

    /** What HAProxy 2.6 with OpenSSL 3 logs in these cases. */
    @Test
    void faultsAreToldByTheNumbersOfOpenSsl() {
        assertThat(fault(one(), port -> plain(port, "GET / HTTP/1.0\r\n\r\n")))
                .endsWith("34/000000000A00009C/0/0/0/ error:0A00009C:SSL routines::http request");
        assertThat(fault(one(), port -> plain(port, "no TLS at all\r\n")))
                .endsWith("34/000000000A00010B/0/0/0/ error:0A00010B:SSL routines::wrong version number");
        assertThat(fault(one() + " ssl-min-ver TLSv1.3", port -> shake(port, ClientTls.trustAll().protocols("TLSv1.2"))))
                .endsWith("34/000000000A000102/0/0/0/ error:0A000102:SSL routines::unsupported protocol");
        assertThat(fault(one() + " strict-sni", port -> shake(port, ClientTls.trustAll())))
                .endsWith("34/000000000A0000EA/0/0/0/ error:0A0000EA:SSL routines::callback failed");
        assertThat(fault(one() + " ssl-max-ver TLSv1.2 verify required ca-file " + dir.resolve("a.pem"), port -> shake(port, ClientTls.trustAll())))
                .endsWith("34/000000000A0000C7/0/0/0/ error:0A0000C7:SSL routines::peer did not return a certificate");
        assertThat(fault(one(), port -> plain(port, ""))).endsWith("24/0000000000000000/0/0/0/ -");
    }

    private static void plain(int port, String text) {
        try (RawClient client = RawClient.connect(port)) {
            client.send(text).shutdownOutput().readToEnd();
        }
    }

    private static void shake(int port, ClientTls tls) {
        assertThatThrownBy(() -> {
            try (RawClient client = RawClient.connectTls(port, tls)) {
                client.send("x").readToEnd();
            }
        }).hasRootCauseInstanceOf(java.io.IOException.class);
    }

    private static String fault(String bind, java.util.function.IntConsumer how) {
        try (SyslogSink log = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "log 127.0.0.1:" + log.port() + " local0\noption httpslog\n"
                                + "error-log-format \"failed %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed]/ %[ssl_fc_err_str]\"",
                        EngineHarness.server("s1", Ports.free())).replace(":@1", ":@1 ssl " + bind + " "))) {
            how.accept(((java.net.InetSocketAddress) proxy.engine().listeners().get(0).boundAddress()).getPort());
            return log.await("the line", text -> text.contains("failed")).strip();
        }
    }

    @Test
    void httpsLogHasTlsBehindTheLineOfHttp() {
        try (SyslogSink log = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "log 127.0.0.1:" + log.port() + " local0\noption httpslog\nhttp-request return status 200",
                        EngineHarness.server("s1", Ports.free())).replace(":@1", ":@1 ssl " + one() + " "));
                RawClient client = proxy.tlsClient(ClientTls.trustAll().sni("mail.example").protocols("TLSv1.2"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            assertThat(log.await("the line", text -> text.contains("GET")))
                    .containsPattern("\"GET / HTTP/1.1\" 0/0000000000000000/0/0/0 mail.example/TLSv1.2/ECDHE-");
        }
    }
}
