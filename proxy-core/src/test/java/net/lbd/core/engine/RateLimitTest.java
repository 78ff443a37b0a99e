package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import net.lbd.core.stats.RateCounter;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RateLimitTest {

    private static String text(ScriptedOrigin origin) {
        return EngineHarness.httpText("", EngineHarness.server("s1", origin.port()));
    }

    /**
     * One is taken and counts to the end of the next second at least; the other waits until the limit is lifted. That it would be taken by
     * itself later is {@code RateLimitClockTest}'s business, which has a clock of its own.
     */
    private static void secondWaitsUntilAReloadLiftsTheLimit(ScriptedOrigin origin, String limited, Function<EngineHarness, RateCounter> rate) {
        try (EngineHarness proxy = EngineHarness.start(limited + "frontend other\n  bind 127.0.0.1:@2\n  default_backend be\n");
                RawClient first = proxy.client()) {
            first.send(get("/first"));
            assertThat(first.readResponse().bodyText()).isEqualTo("/first");
            assertThat(rate.apply(proxy).max()).isEqualTo(1);
            try (RawClient waits = proxy.client()) {
                waits.send(get("/waits"));
                proxy.reload(text(origin));
                assertThat(waits.readResponse().bodyText()).isEqualTo("/waits");
            }
        }
    }

    @Test
    void sessionsOfAFrontendWait() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget())) {
            secondWaitsUntilAReloadLiftsTheLimit(origin, text(origin).replace("default_backend", "rate-limit sessions 1\n  default_backend"),
                    proxy -> proxy.frontend("fe").counters().sessionRate);
        }
    }

    @Test
    void connectionsOfTheProcessWait() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget())) {
            secondWaitsUntilAReloadLiftsTheLimit(origin, text(origin).replace("nbthread 1", "nbthread 1\n  maxconnrate 1"),
                    proxy -> proxy.engine().rates().connections().rate());
        }
    }

    @Test
    void sessionsOfTheProcessWait() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget())) {
            secondWaitsUntilAReloadLiftsTheLimit(origin, text(origin).replace("nbthread 1", "nbthread 1\n  maxsessrate 1"),
                    proxy -> proxy.engine().rates().sessions().rate());
        }
    }

    @Test
    void connectionsThatARuleRejectsAreNoSessions() {
        try (EngineHarness proxy = EngineHarness.http("tcp-request connection reject", EngineHarness.server("s1", 1))) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = proxy.client()) {
                    assertThat(client.readToEnd()).isEmpty();
                }
            }
            Await.until("three are denied", () -> proxy.frontend("fe").counters().deniedConnections.sum() == 3);
            assertThat(proxy.frontend("fe").counters().entryRate.max()).isPositive();
            assertThat(proxy.frontend("fe").counters().sessionRate.max()).isZero();
        }
    }

    /** The one session counts to the end of the next second: what is shown in between takes no time. */
    @Test
    void sessionsOverTlsWaitWhileOthersGoOn(@TempDir Path dir) {
        TestCertificates ca = TestCertificates.create();
        ca.server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("site.pem"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(text(origin).replace("nbthread 1", "nbthread 1\n  maxsslrate 1")
                        .replace("127.0.0.1:@1", "127.0.0.1:@1 ssl crt " + dir.resolve("site.pem"))
                        + "frontend other\n  bind 127.0.0.1:@2\n  default_backend be\n");
                RawClient handshakesNever = proxy.client()) {
            Await.until("the session counts before its handshake", () -> proxy.engine().rates().ssl().rate().max() == 1);
            try (RawClient waits = proxy.client(); RawClient plain = proxy.client("other"); RawClient plainToo = proxy.client("other")) {
                for (RawClient client : List.of(plain, plainToo)) {
                    client.send(get("/plain"));
                    assertThat(client.readResponse().bodyText()).isEqualTo("/plain");
                }
                assertThat(proxy.frontend("fe").counters().total.sum()).isEqualTo(1);
                Await.until("the other is taken, too", () -> proxy.frontend("fe").counters().total.sum() == 2);
                assertThat(proxy.engine().rates().ssl().rate().max()).isEqualTo(1);
            }
        }
    }

    @Test
    void theMaxconnOfABindLetsMoreWaitOnItsAddressOnly() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(text(origin).replace("127.0.0.1:@1", "127.0.0.1:@1 maxconn 1")
                        + "frontend other\n  bind 127.0.0.1:@2\n  default_backend be\n")) {
            RawClient first = proxy.client();
            first.send(get("/first"));
            first.readResponse();
            try (RawClient second = proxy.client(); RawClient elsewhere = proxy.client("other")) {
                second.send(get("/second"));
                elsewhere.send(get("/elsewhere"));
                assertThat(elsewhere.readResponse().bodyText()).isEqualTo("/elsewhere");
                assertThat(second.received()).isEmpty();
                first.close();
                assertThat(second.readResponse().bodyText()).isEqualTo("/second");
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void maxsslconnLetsMoreWaitOnAddressesWithTlsOnly(@TempDir Path dir) {
        TestCertificates ca = TestCertificates.create();
        ca.server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("site.pem"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(text(origin).replace("nbthread 1", "nbthread 1\n  maxsslconn 1")
                        .replace("127.0.0.1:@1", "127.0.0.1:@1 ssl crt " + dir.resolve("site.pem"))
                        + "frontend other\n  bind 127.0.0.1:@2\n  default_backend be\n")) {
            RawClient first = proxy.client();
            Await.until("the first is taken", () -> proxy.frontend("fe").counters().current.get() == 1);
            try (RawClient waits = proxy.client(); RawClient plain = proxy.client("other"); RawClient plainToo = proxy.client("other")) {
                for (RawClient client : List.of(plain, plainToo)) {
                    client.send(get("/plain"));
                    assertThat(client.readResponse().bodyText()).isEqualTo("/plain");
                }
                assertThat(proxy.frontend("fe").counters().total.sum()).isEqualTo(1);
                first.close();
                Await.until("the other is taken", () -> proxy.frontend("fe").counters().total.sum() == 2);
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void fetchesTellTheRates() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("http-request return status 200 content-type text/plain lf-string "
                        + "\"%[fe_sess_rate] %[fe_req_rate(fe)] %[be_sess_rate(be)] %[srv_sess_rate(be/s1)]\" if { path /rates }",
                        EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send(get("/a"));
            client.readResponse();
            client.send(get("/rates"));
            // A second that ends in between lets a share of what was before fade: a single event does not.
            assertThat(client.readResponse().bodyText()).matches("1 [12] 1 1");
        }
    }
}
