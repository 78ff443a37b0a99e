package net.lbd.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RealServersTest {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource(RealServers.Kind.class)
    void realServerPlaysExchange(RealServers.Kind kind) throws Exception {
        assumeTrue(kind.isInstalled(), kind.howToInstall());
        try (RealServer server = RealServers.start(kind, "EX9", dir.resolve("ex9"), FarmCertificates.in(dir))) {
            assertThat(get(server, "/owa/x").bodyText()).contains("server: EX9\n");
            assertThat(get(server, "/ECP/HealthCheck.htm").bodyText()).isEqualTo("200 OK<br/>EX9");
            server.setHealthy(false);
            assertThat(get(server, "/ECP/HealthCheck.htm").status()).isEqualTo(503);
            server.setHealthy(true);
            assertThat(get(server, "/ECP/HealthCheck.htm").header("X-FEServer")).contains("EX9");
            assertThat(get(server, "/oab/large.bin").header("Content-Length"))
                    .contains(Integer.toString(RealServer.LARGE_BYTES));
            server.stop();
            assertThat(Ports.isListening(server.address().getPort())).isFalse();
            server.start();
            assertThat(get(server, "/owa/").status()).isEqualTo(200);
            server.kill();
            assertThat(Ports.isListening(server.address().getPort())).isFalse();
        }
    }

    private static ReceivedMessage get(RealServer server, String target) {
        try (RawClient client = RawClient.connectTls(server.address(), ClientTls.trustAll())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: mail.example.com\r\n\r\n");
            return client.readResponse();
        }
    }
}
