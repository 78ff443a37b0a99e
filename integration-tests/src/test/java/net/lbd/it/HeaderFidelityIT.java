package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old Outlook versions depend on the spelling of header names (pain P4): nothing may be changed on the way. */
class HeaderFidelityIT {

    private static final String HEALTHY =
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n200 OK";
    private static final String ANSWER = "HTTP/1.1 200 Very Well\r\nx-ODD: spaced\r\nSet-Cookie: b=2\r\n"
            + "WWW-Authenticate: Basic realm=\"x\"\r\nset-cookie: a=1\r\nContent-Length: 2\r\nX-RequestId: {1}\r\n\r\nok";

    @TempDir
    private Path dir;

    @Test
    void caseAndOrderOfHeadersAreKeptInBothDirections() throws Exception {
        FarmCertificates certificates = FarmCertificates.in(dir);
        List<Integer> ports = Ports.free(2);
        Script exchange = Script.answering(r -> r.target().contains("HealthCheck") ? HEALTHY : ANSWER);
        try (ScriptedOrigin origin = ScriptedOrigin.startTls(certificates.serverContext(), exchange);
                Daemon lbd = Daemon.start(dir.resolve("lbd"), GuideText.bridging()
                        .binds(ports.get(0), ports.get(1))
                        .servers(origin.port(), origin.port())
                        .certificates(certificates)
                        .log("127.0.0.1:" + Ports.free()).text(), ports.get(1));
                RawClient client = RawClient.connectTls(ports.get(1), certificates.client())) {
            List<String> lines = List.of("user-AGENT: Outlook", "HOST: mail.2013.haproxylab.net", "X-b: 2", "x-B: 1",
                    "Cookie: a=1", "X-RequestType: Ping", "cookie: b=2");
            client.send("GET /mapi/emsmdb/?q=%2F HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n");
            ReceivedMessage response = client.readResponse();

            assertThat(response.toString()).isEqualTo(ANSWER);
            ReceivedMessage seen = origin.requests().stream()
                    .filter(r -> r.target().equals("/mapi/emsmdb/?q=%2F")).findFirst().orElseThrow();
            assertThat(seen.headerLines().subList(0, lines.size())).isEqualTo(lines);
            assertThat(seen.headers("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(lbd.isAlive()).isTrue();
            // Before the daemon, whose end would cut a check in the middle and so fail the origin's script.
            origin.close();
        }
    }
}
