package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AdmissionTest {

    @Test
    @Timeout(60)
    void aClientTooManyWaitsInTheBacklogUntilAnotherLeaves() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("maxconn 1", EngineHarness.server("s1", origin.port()))) {
            RawClient first = proxy.client();
            first.send(get("/0"));
            first.readResponse();
            for (int i = 1; i <= 5; i++) {
                RawClient next = proxy.client();
                next.send(get("/" + i));
                first.send(get("/again"));
                assertThat(first.readResponse().bodyText()).isEqualTo("/again");
                assertThat(next.received()).isEmpty();
                assertThat(origin.requests()).noneMatch(r -> r.target().equals("/9"));
                first.close();
                assertThat(next.readResponse().bodyText()).isEqualTo("/" + i);
                first = next;
            }
            first.close();
            proxy.awaitIdle();
            assertThat(proxy.frontend("fe").counters().max.get()).isEqualTo(1);
        }
    }

    /** Two workers pause and go on against each other: none may stay paused for ever. */
    @Test
    @Timeout(60)
    void clientsOfManyThreadsAllGetThroughAtTheLimit() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("maxconn 2",
                        EngineHarness.server("s1", origin.port())).replace("nbthread 1", "nbthread 2"))) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        try (RawClient client = proxy.client()) {
                            client.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                            assertThat(client.readResponse().bodyText()).isEqualTo("/x");
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            threads.shutdown();
            proxy.awaitIdle();
        }
    }

    @Test
    @Timeout(60)
    void anAddressThatMovesToAnotherFrontendIsCountedAgainstItsLimit() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget())) {
            String before = EngineHarness.httpText("maxconn 1", EngineHarness.server("s1", origin.port()));
            String after = before.replace("frontend fe", "frontend other").replace("maxconn 1", "maxconn 2");
            try (EngineHarness proxy = EngineHarness.start(before); RawClient first = proxy.client()) {
                first.send(get("/first"));
                first.readResponse();
                proxy.reload(after);
                try (RawClient second = proxy.client("other"); RawClient third = proxy.client("other")) {
                    second.send(get("/second"));
                    assertThat(second.readResponse().bodyText()).isEqualTo("/second");
                    third.send(get("/third"));
                    assertThat(third.readResponse().bodyText()).isEqualTo("/third");
                    try (RawClient fourth = proxy.client("other")) {
                        fourth.send(get("/fourth"));
                        first.send(get("/again"));
                        assertThat(first.readResponse().bodyText()).isEqualTo("/again");
                        assertThat(fourth.received()).isEmpty();
                        third.close();
                        assertThat(fourth.readResponse().bodyText()).isEqualTo("/fourth");
                    }
                }
                first.close();
                proxy.awaitIdle();
                proxy.reload(before);
                try (RawClient again = proxy.client()) {
                    again.send(get("/back"));
                    assertThat(again.readResponse().bodyText()).isEqualTo("/back");
                }
            }
        }
    }

    @Test
    void twoFormsOfOneAddressAreNotBothListenedOn() {
        String text = EngineHarness.httpText("", EngineHarness.server("s1", 1));
        try (EngineHarness proxy = EngineHarness.start(text)) {
            ApplyResult result = proxy.apply(text + "frontend two\n  bind localhost:@1\n  default_backend be\n");
            assertThat(result.applied()).isFalse();
            assertThat(result.problems()).anySatisfy(p -> assertThat(p.message()).contains("frontend 'fe' has the address"));
        }
    }
}
