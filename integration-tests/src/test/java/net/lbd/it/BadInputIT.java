package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken files at start, broken bytes from clients. */
class BadInputIT {

    private static final String BROKEN = """
            defaults
                mode http
                timeout client 10q
                timeot server 10s

            frontend web
                bind 127.0.0.1:1
                default_backend nowhere

            backend web
                server a 127.0.0.1:99999
            """;

    @TempDir
    private Path dir;

    @Test
    void brokenFileAtStartGivesEveryErrorAndExitCodeOne() {
        CommandResult start = Daemon.startToFail(dir, BROKEN);
        assertThat(start.exitCode()).isEqualTo(1);
        assertEveryError(start.output());
    }

    @Test
    void checkGivesEveryErrorAndExitCodeOne() {
        CommandResult check = Daemon.check(dir, BROKEN);
        assertThat(check.exitCode()).isEqualTo(1);
        assertEveryError(check.output());
    }

    private static void assertEveryError(String output) {
        assertThat(output)
                .containsPattern("lbd\\.cfg:3:\\d+").contains("10q")
                .containsPattern("lbd\\.cfg:4:\\d+").contains("timeot").contains("timeout")
                .containsPattern("lbd\\.cfg:8:\\d+").contains("nowhere")
                .containsPattern("lbd\\.cfg:11:\\d+").contains("99999")
                .doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void validFileIsFoundValid() {
        CommandResult check = Daemon.check(dir, valid(Ports.free(), Ports.free()));
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @Test
    void portThatIsTakenIsTold() {
        try (ExchangeFarm farm = ExchangeFarm.plain(1)) {
            int taken = farm.server(0).port();
            CommandResult start = Daemon.startToFail(dir, valid(taken, taken));
            assertThat(start.exitCode()).isEqualTo(1);
            assertThat(start.output()).contains("127.0.0.1:" + taken)
                    .doesNotContain("Exception").doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\u0016\u0003\u0001 not HTTP at all\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: no name\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    })
    void garbageGets400AndTheDaemonGoesOn(String garbage) {
        int port = Ports.free();
        try (ExchangeFarm farm = ExchangeFarm.plain(1);
                Daemon lbd = Daemon.start(dir, valid(port, farm.server(0).port()), port)) {
            try (RawClient client = RawClient.connect(port)) {
                client.send(garbage);
                assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
                client.readToEnd();
            }
            try (RawClient client = RawClient.connect(port)) {
                client.send("GET /owa/?s=3 HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().bodyText()).isEqualTo("abc");
            }
            assertThat(farm.server(0).requests()).as("requests at the server").isEqualTo(1);
            assertThat(lbd.isAlive()).isTrue();
        }
    }

    private static String valid(int port, int serverPort) {
        return """
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 10s
                    timeout server 10s

                frontend web
                    bind 127.0.0.1:%d
                    default_backend web

                backend web
                    server a 127.0.0.1:%d
                """.formatted(port, serverPort);
    }
}
