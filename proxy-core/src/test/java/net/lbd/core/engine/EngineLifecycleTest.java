package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.RepeatedTest;

class EngineLifecycleTest {

    @RepeatedTest(20)
    void theEndOfTheEngineEndsEveryConnectionAndThread() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget())) {
            EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()));
            try (RawClient asked = proxy.client(); RawClient idle = proxy.client()) {
                asked.send(get("/1"));
                assertThat(asked.readResponse().bodyText()).isEqualTo("/1");
                Await.until("both clients are there", () -> proxy.frontend("fe").counters().current.get() == 2);
                proxy.close();
                asked.expectClosed();
                idle.expectClosed();
                origin.awaitFinished(1);
            }
        }
    }
}
