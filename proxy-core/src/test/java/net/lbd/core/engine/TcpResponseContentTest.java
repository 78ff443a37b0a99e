package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tcp-response content} rules on connections that are passed through, alone and beside HAProxy. */
class TcpResponseContentTest {

    private static final String TEXT = """
            global
              nbthread 1
            defaults
              mode tcp
              timeout connect 5s
              timeout client 10s
              timeout server 10s
            frontend fe
              bind 127.0.0.1:@1
              default_backend be
            backend be
              tcp-response inspect-delay %s
              %s
              server s 127.0.0.1:%d
            """;

    @TempDir
    private Path folder;

    private static Script says(String what) {
        return connection -> {
            // A connection that says nothing is a look whether HAProxy is there.
            if (connection.hasMore()) {
                connection.readAvailable();
                try {
                    connection.send(bytes(what));
                } catch (UncheckedIOException refused) {
                    // What is refused whatever it says is closed before it is said.
                }
            }
        };
    }

    /** {@code ~16~} is the byte 16 in hexadecimal. */
    private static byte[] bytes(String text) {
        StringBuilder out = new StringBuilder();
        String[] parts = text.split("~");
        for (int i = 0; i < parts.length; i++) {
            out.append(i % 2 == 0 ? parts[i] : String.valueOf((char) Integer.parseInt(parts[i], 16)));
        }
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(String delay, String rules, ScriptedOrigin origin) {
        return TEXT.formatted(delay, rules.replace(";", "\n  "), origin.port());
    }

    /** All that a client gets. */
    private static String all(RawClient client) {
        client.send("x");
        client.shutdownOutput();
        return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "tcp-response content reject if { res.payload(0,2) -m str no } ! no way",
        "tcp-response content reject if { res.payload(0,2) -m str no } ! yes",
        "tcp-response content reject if { res.payload(0,2) -m str no } ! n",
        "tcp-response content reject if { res.payload(0,0) -m sub evil } ! all is evil",
        "tcp-response content accept if { res.len gt 3 };tcp-response content reject ! abcd",
        "tcp-response content accept if { res.len gt 3 };tcp-response content reject ! abc",
        "tcp-response content close if { res.payload(0,3) -m str bye } ! bye now",
        "tcp-response content reject if { res.len eq 0 } ! anything",
        "tcp-response content reject if { res.payload_lv(0,1) -m str abc } ! ~3~abc",
        "tcp-response content reject if { res.payload_lv(0,1) -m str abc } ! ~3~abd",
        "tcp-response content reject if { res.ssl_hello_type 2 } ! ~16~~3~~3~~0~~6~~2~~0~~0~~2~~3~~3~",
        "tcp-response content set-var(txn.a) res.payload(0,1);tcp-response content reject if { var(txn.a) -m str q } ! quit",
        "tcp-response content set-var(txn.a) int(1);tcp-response content unset-var(txn.a);"
            + "tcp-response content reject if { var(txn.a) -m found } ! kept",
        "tcp-response content set-log-level silent;tcp-response content accept ! fine"})
    void clientGetsWhatHaproxyGivesIt(String rules, String says) {
        HaproxyProcess.assumeInstalled();
        String theirs;
        try (ScriptedOrigin origin = ScriptedOrigin.start(says(says));
                HaproxyProcess haproxy = HaproxyProcess.start(text("5s", rules, origin), folder);
                RawClient client = RawClient.connect(haproxy.port())) {
            theirs = all(client);
        }
        try (ScriptedOrigin origin = ScriptedOrigin.start(says(says)); EngineHarness proxy = EngineHarness.start(text("5s", rules, origin));
                RawClient client = proxy.client()) {
            assertThat(all(client)).isEqualTo(theirs);
        }
    }

    private static final String NO = "tcp-response content reject if { res.payload(0,3) -m str no! }";

    @Test
    void whatComesInPiecesIsWaitedForAndHeldBack() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo()); EngineHarness proxy = EngineHarness.start(text("60s", NO, origin))) {
            try (RawClient client = proxy.client()) {
                client.sendByteByByte("no!");
                assertThat(client.readToEnd()).isEmpty();
            }
            try (RawClient client = proxy.client()) {
                client.sendByteByByte("not so");
                client.expect("not so");
                client.send("more").expect("more");
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void silenceIsJudgedWhenTheDelayIsOver() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo()); EngineHarness proxy = EngineHarness.start(
                text("300ms", "tcp-response content reject if { res.len eq 2 }", origin)); RawClient client = proxy.client()) {
            long before = System.nanoTime();
            client.send("n");
            client.expect("n");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void noMoreThanABufferIsHeldBack() {
        String much = "a".repeat(40_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo()); EngineHarness proxy = EngineHarness.start(
                text("60s", "tcp-response content reject if { res.payload(0,0) -m sub b }", origin)); RawClient client = proxy.client()) {
            client.send(much);
            client.expect(much);
        }
    }

    @Test
    void silentDropAndAClientThatLeavesLeaveNothingBehind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo()); EngineHarness proxy = EngineHarness.start(
                text("60s", "tcp-response content silent-drop if { res.payload(0,3) -m str no! }", origin))) {
            RawClient client = proxy.client();
            client.send("no!");
            RawClient other = proxy.client();
            other.send("n");
            origin.awaitConnection(2);
            other.reset();
            proxy.awaitIdle();
            client.close();
        }
    }
}
