package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Supplier;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.RealServer;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 5.1.1 of the 2013 guide (raw TCP, leastconn), as printed and in today's spelling. */
class GuideRawTcpIT {

    enum Variant {
        AS_PRINTED(GuideText::rawTcpAsPrinted),
        TODAY(GuideText::rawTcp);

        private final Supplier<GuideText> text;

        Variant(Supplier<GuideText> text) {
            this.text = text;
        }
    }

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource
    void tlsPassesThroughAndTheLeastUsedServerIsChosen(Variant variant) throws Exception {
        FarmCertificates certificates = FarmCertificates.in(dir);
        int port = Ports.free();
        Curl curl = new Curl(dir, certificates.ca(), port, port);
        try (RealServer first = Servers.start("EX1", dir.resolve("ex1"), certificates);
                RealServer second = Servers.start("EX2", dir.resolve("ex2"), certificates);
                SyslogSink log = SyslogSink.udp();
                Daemon lbd = Daemon.start(dir.resolve("lbd"), variant.text.get()
                        .binds(port)
                        .servers(first.address().getPort(), second.address().getPort())
                        .log("127.0.0.1:" + log.port()).text(), port)) {

            // the server's own certificate is what curl verifies
            assertThat(curl.get("https://" + FarmCertificates.SERVER_NAME + "/owa/").header("X-FEServer").orElse(""))
                    .matches("EX[12]");
            assertThat(log.await("the connection", m -> m.contains(" bk_exchange_2013/"))).containsPattern(
                    "^<134>.*: 127\\.0\\.0\\.1:\\d+ \\[.*\\] ft_exchange_2013 "
                    + "bk_exchange_2013/2013exchange[12] \\d+/\\d+/\\d+ \\d+ -- \\d+/\\d+/\\d+/\\d+/\\d+ \\d+/\\d+");

            ClientTls tls = certificates.client().verifying(FarmCertificates.SERVER_NAME);
            try (RawClient a = RawClient.connectTls(port, tls); RawClient b = RawClient.connectTls(port, tls)) {
                String serverOfA = askOn(a);
                String serverOfB = askOn(b);
                assertThat(serverOfA).isNotEqualTo(serverOfB);
                assertThat(askOn(a)).isEqualTo(serverOfA);
            }
            assertThat(curl.get("https://" + FarmCertificates.SERVER_NAME + "/oab/large.bin").body())
                    .hasSize(RealServer.LARGE_BYTES);
            assertThat(lbd.isAlive()).isTrue();
        }
    }

    private static String askOn(RawClient client) {
        client.send("GET /owa/ HTTP/1.1\r\nHost: " + FarmCertificates.SERVER_NAME + "\r\n\r\n");
        return client.readResponse().header("X-FEServer").orElseThrow();
    }
}
