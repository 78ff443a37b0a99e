package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Consumer;
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
}
