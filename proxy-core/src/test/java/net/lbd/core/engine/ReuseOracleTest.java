package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which server connection carries which request, beside HAProxy: {@code http-reuse} in each of its four meanings, and its limits. HAProxy 2.6 heeds {@code max-reuse} over
 * HTTP/2 only, and {@code option httpclose} of a backend towards the server only: they are left out, and stand in docs/compatibility.md.
 */
class ReuseOracleTest {

    private static final String TEXT = """
            global
              nbthread 1
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            frontend fe
              bind 127.0.0.1:@1
              default_backend be
            backend be
              %s
              server s 127.0.0.1:@SERVER %s
            """;

    @TempDir
    private Path folder;

    private interface Connect {
        RawClient connect();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-reuse never|", "http-reuse safe|", "http-reuse aggressive|", "http-reuse always|", "|", "http-reuse always|pool-max-conn 0",
        "http-reuse always|pool-purge-delay 0", "option http-server-close|"})
    void theSameConnectionsCarryTheSameRequests(String lines) {
        HaproxyProcess.assumeInstalled();
        String[] parts = lines.split("\\|", -1);
        String text = TEXT.formatted(parts[0], parts[1]);
        List<String> theirs;
        try (ScriptedOrigin origin = origin(); HaproxyProcess haproxy = HaproxyProcess.start(text.replace("@SERVER", Integer.toString(origin.port())), folder)) {
            theirs = visit(() -> RawClient.connect(haproxy.port()));
        }
        try (ScriptedOrigin origin = origin(); EngineHarness harness = EngineHarness.start(text.replace("@SERVER", Integer.toString(origin.port())))) {
            assertThat(visit(harness::client)).as(lines).isEqualTo(theirs);
        }
    }

    /** Tells which connection it answers on. */
    private static ScriptedOrigin origin() {
        return ScriptedOrigin.start(connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                connection.send(ok("connection " + connection.index()));
            }
        });
    }

    /** One client after another, and two at a time. */
    private static List<String> visit(Connect to) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (RawClient client = to.connect()) {
                for (int k = 0; k < 3 && ask(client, seen); k++) {
                    seen.add("again");
                }
            }
        }
        try (RawClient one = to.connect(); RawClient two = to.connect()) {
            for (int k = 0; k < 2; k++) {
                ask(one, seen);
                ask(two, seen);
            }
        }
        return seen;
    }

    private static boolean ask(RawClient client, List<String> seen) {
        try {
            client.send(get("/"));
            seen.add(client.readResponse().bodyText());
            return true;
        } catch (java.io.UncheckedIOException | AssertionError e) {
            seen.add("closed");
            return false;
        }
    }
}
