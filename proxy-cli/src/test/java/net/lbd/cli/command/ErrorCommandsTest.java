package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import net.lbd.cli.FakeDaemon;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.stats.BadMessage;
import org.junit.jupiter.api.Test;

/** {@code show errors} in HAProxy's form. */
class ErrorCommandsTest {

    private final FakeDaemon daemon = new FakeDaemon("""
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            frontend fe
              bind 127.0.0.1:18999
              default_backend be
            backend be
              server s1 127.0.0.1:18998
            """);
    private final CommandTable table = new CommandTable();

    private String run(String line) {
        return table.run(daemon, Level.OPERATOR, CommandLine.split(line).get(0));
    }

    private static BadMessage message(boolean response, long event, String text, int position) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new BadMessage(Instant.now(), response, "fe", response ? "be" : "", response ? "s1" : "", "127.0.0.1:51000", event,
                "a header name is empty or not a token", BadMessage.masked(bytes, 0, bytes.length), bytes.length, position);
    }

    @Test
    void nothingIsShownWhereNothingWasRefused() {
        assertThat(run("show errors")).matches("Total events captured on \\[../.../....:..:..:..\\....\\] : 0\n");
    }

    @Test
    void requestsAndResponsesAreShownWithTheirPlaces() {
        daemon.engine().runtime().orElseThrow().frontend("fe").orElseThrow().counters().badMessages.keep(message(false, 0,
                "GET / HTTP/1.1\r\nHost: a\r\nX\ty: bl\\a\u00e4\u0001\r\nLong: " + "x".repeat(150) + "\r\n\r\n", 26));
        daemon.engine().runtime().orElseThrow().backend("be").orElseThrow().counters().badMessages.keep(message(true, 1,
                "HTTP/1.0 200 OK\r\nheader/bizarre:blah\r\n", 23));

        String all = run("show errors");

        List<String> lines = all.lines().toList();
        assertThat(lines.get(1)).isEqualTo(" ");
        assertThat(lines.get(2)).matches("\\[../.../....:..:..:..\\....\\] frontend fe \\(#2\\): invalid request");
        assertThat(lines.subList(3, 12)).containsExactly(
                    "  backend <NONE> (#-1), server <NONE> (#-1), event #0, src 127.0.0.1:51000",
                    "  reason: a header name is empty or not a token",
                    "  len 198, error at position 26:",
                    "  ",
                    "  00000  GET / HTTP/1.1\\r\\n",
                    "  00016  Host: a\\r\\n",
                    "  00025  X\\ty: bl\\\\a\\xE4\\x01\\r\\n",
                    "  00038  Long: " + "x".repeat(64),
                    "  00108+ " + "x".repeat(70));
        assertThat(all).contains("backend be (#3): invalid response\n  frontend fe (#2), server s1 (#1), event #1, src 127.0.0.1:51000\n")
                .contains("  00017  header/bizarre:blah\\r\\n\n");
        assertThat(run("show errors fe response")).endsWith(" : 0\n");
        assertThat(run("show errors be response")).contains("invalid response").doesNotContain("invalid request");
        assertThat(run("show errors 2 request")).contains("invalid request").doesNotContain("invalid response");
        assertThat(run("show errors nope")).isEqualTo("No such proxy.\n");
        assertThat(run("show errors fe both")).contains("'request' or 'response' was expected");
    }

    @Test
    void credentialsAreNotShown() {
        String text = "GET / HTTP/1.1\r\nAUTHORIZATION : Basic c2VjcmV0\r\n folded-secret\r\nCookie:a=secret\r\nX: shown\r\n";
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        String masked = new String(BadMessage.masked(bytes, 0, bytes.length), StandardCharsets.ISO_8859_1);

        assertThat(masked).hasSameSizeAs(text).contains("AUTHORIZATION :*").contains("X: shown").doesNotContain("secret").doesNotContain("c2Vj");
        assertThat(List.of(masked.split("\r\n"))).hasSize(5);
    }
}
