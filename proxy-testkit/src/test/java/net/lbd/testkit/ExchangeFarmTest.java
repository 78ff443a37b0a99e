package net.lbd.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeFarmTest {

    private final ExchangeFarm farm = ExchangeFarm.plain(2);

    @AfterEach
    void close() {
        farm.close();
    }

    @ParameterizedTest
    @EnumSource(ExchangeService.class)
    void everyServiceAnswersAndTellsItsHealth(ExchangeService service) {
        assertThat(get(service.path()).bodyText()).contains("server: EX1\nservice: " + service + "\n");
        assertThat(get(service.healthPath().toUpperCase(java.util.Locale.ROOT)).bodyText()).isEqualTo("200 OK<br/>EX1");
        farm.server(0).setHealthy(service, false);
        assertThat(get(service.healthPath()).status()).isEqualTo(503);
        farm.server(0).setHealthy(service, true);
        assertThat(get(service.healthPath()).status()).isEqualTo(200);
    }

    @Test
    void answerNamesWhatTheServerSaw() {
        try (RawClient client = RawClient.connect(farm.server(1).port())) {
            client.send("POST /ews/x?y=1 HTTP/1.1\r\nHost: mail\r\nX-Forwarded-For: 10.0.0.1\r\n"
                    + "X-Forwarded-For: 10.0.0.2\r\nContent-Length: 3\r\n\r\nabc");
            ReceivedMessage response = client.readResponse();
            assertThat(response.header("X-FEServer")).contains("EX2");
            assertThat(response.bodyText()).isEqualTo("server: EX2\nservice: EWS\nrequest: POST /ews/x?y=1\n"
                    + "host: mail\nx-forwarded-for: 10.0.0.1\nx-forwarded-for: 10.0.0.2\n"
                    + "body: 3 bytes, sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
        }
    }

    @Test
    void queryChoosesSizeAndStatus() {
        assertThat(get("/owa/?s=60").bodyText()).isEqualTo("abcdefghijklmnopqrstuvwxyz".repeat(3).substring(0, 60));
        assertThat(get("/owa/?s=300000").body()).hasSize(300_000);
        assertThat(get("/owa/?s=0").body()).isEmpty();
        assertThat(get("/owa/?status=404").status()).isEqualTo(404);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (RawClient client = RawClient.connect(farm.server(0).port())) {
            client.send("GET /owa/?wait=50&n=1 HTTP/1.1\r\n\r\nGET /owa/?n=2 HTTP/1.1\r\n\r\n");
            assertThat(client.readResponse().bodyText()).contains("n=1");
            assertThat(client.readResponse().bodyText()).contains("n=2");
        }
        assertThat(farm.server(0).requests()).isEqualTo(2);
    }

    @Test
    void killedServerResetsItsConnectionsAndComesBackOnItsPort() {
        ExchangeServer server = farm.server(0);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /owa/?wait=60000 HTTP/1.1\r\n\r\n");
            Await.until("the request at the server", () -> server.requests() == 1);
            server.kill();
            client.expectReset();
        }
        assertThat(Ports.isListening(server.port())).isFalse();
        server.start();
        assertThat(get("/owa/").status()).isEqualTo(200);
    }

    @Test
    void tlsFarmShowsACertificateOfItsAuthority(@TempDir Path dir) throws Exception {
        try (ExchangeFarm secure = ExchangeFarm.tls(dir, 1)) {
            FarmCertificates files = FarmCertificates.in(dir);
            Process curl = new ProcessBuilder("openssl", "verify", "-CAfile", files.ca().toString(),
                    files.serverChain().toString(), files.site().toString()).redirectErrorStream(true).start();
            assertThat(new String(curl.getInputStream().readAllBytes())).contains("server.crt: OK", "site.pem: OK");
            try (RawClient client = RawClient.connectTls(secure.server(0).port(), ClientTls.trustAll())) {
                client.send("GET /owa/ HTTP/1.0\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(200);
                client.expectEof();
            }
        }
    }

    @Test
    void certificatesAreMadeOnceAndKeysAreForTheOwnerOnly(@TempDir Path dir) throws Exception {
        FarmCertificates files = FarmCertificates.in(dir);
        String first = Files.readString(files.ca());
        FarmCertificates.in(dir);
        assertThat(Files.readString(files.ca())).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(files.serverKey()).stream().map(Enum::name).collect(Collectors.toSet()))
                .isEqualTo(Set.of("OWNER_READ", "OWNER_WRITE"));
    }

    @Test
    void takenPortIsTold() {
        int taken = farm.server(0).port();
        assertThatThrownBy(() -> ScriptedOrigin.startAt(taken, java.util.Optional.empty(), Script.silent()))
                .hasMessageContaining("cannot listen on port " + taken);
    }

    private ReceivedMessage get(String target) {
        try (RawClient client = RawClient.connect(farm.server(0).port())) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: mail\r\n\r\n");
            return client.readResponse();
        }
    }
}
