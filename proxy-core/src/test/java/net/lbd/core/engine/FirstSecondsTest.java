package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Before any check has passed, servers count as up, as in HAProxy: a start or a new server costs nobody a 503. */
class FirstSecondsTest {

    /** A check that is never answered, so that no result can come in between. */
    private static String unchecked(int port, Ports.Blackhole checks) {
        return EngineHarness.httpText("", EngineHarness.server("s1", port, "check inter 60s port " + checks.port()));
    }

    @Test
    void requestsAreServedBeforeTheFirstCheckHasPassed() {
        try (Ports.Blackhole checks = new Ports.Blackhole();
                ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(unchecked(origin.port(), checks));
                RawClient client = proxy.client()) {
            client.send(get("/at-once"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/at-once");
            assertThat(proxy.backend("be").servers().get(0).state().checkStatus()).isEmpty();
        }
    }

    @Test
    void aServerThatAReloadBringsIsServedFromAtOnce() {
        try (Ports.Blackhole checks = new Ports.Blackhole();
                ScriptedOrigin one = ScriptedOrigin.start(Messages.echoTarget());
                ScriptedOrigin two = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(unchecked(one.port(), checks));
                RawClient client = proxy.client()) {
            proxy.reload(unchecked(two.port(), checks).replace("server s1", "server s2"));
            client.send(get("/new"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/new");
            assertThat(two.requests()).hasSize(1);
        }
    }

    /** One failed check is enough for a server that no check has ever found up. */
    @Test
    void aServerThatFailsItsFirstCheckGoesDownAtOnce() {
        try (EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("",
                        EngineHarness.server("s1", Ports.free(), "check inter 60s fall 3")))) {
            Await.until("the server is down", Duration.ofSeconds(10), () -> !proxy.backend("be").servers().get(0).state().isUp(),
                    () -> proxy.backend("be").servers().get(0).state().checkStatus());
        }
    }
}
