package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code max-session-srv-conns}: how many idle connections of its own a client has. */
class OwnConnectionsTest {

    @ParameterizedTest
    @CsvSource({"2,1,1", "1,3,3", "0,3,3"})
    void oldestConnectionMakesRoom(int most, int connectionsToFirst, int connectionsToSecond) {
        try (ScriptedOrigin a = ScriptedOrigin.start(Messages.echoTarget()); ScriptedOrigin b = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("max-session-srv-conns " + most, "http-reuse never\nbalance roundrobin\n"
                        + EngineHarness.server("s1", a.port()) + "\n" + EngineHarness.server("s2", b.port()));
                RawClient client = proxy.client()) {
            for (int i = 0; i < 6; i++) {
                client.send(get("/" + i));
                assertThat(client.readResponse().bodyText()).isEqualTo("/" + i);
            }
            assertThat(a.connections()).hasSize(connectionsToFirst);
            assertThat(b.connections()).hasSize(connectionsToSecond);
        }
    }
}
