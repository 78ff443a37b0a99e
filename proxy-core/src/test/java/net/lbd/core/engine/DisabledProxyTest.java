package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.report.ProxyEntry;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** {@code disabled} proxies, and the numbers of proxies and sockets; the expected values are those of HAProxy 2.6. */
class DisabledProxyTest {

    private static String text(String off, ScriptedOrigin origin) {
        return EngineHarness.DEFAULTS + """
                frontend fe
                  bind 127.0.0.1:@1
                  bind 127.0.0.1:@2 id 77
                  bind 127.0.0.1:@3
                  http-request return status 200 content-type text/plain lf-string "%%[fe_id] %%[so_id] %%[nbsrv(off)]" if { path /facts }
                  use_backend off if { path /off }
                  default_backend be
                listen li
                  id 50
                  OFF
                  bind 127.0.0.1:@1
                  server s1 127.0.0.1:1 check
                backend be
                  http-response set-header X-Numbers "%%[be_id] %%[fe_id] %%[bc_err] %%[bc_err_str]"
                  server s1 127.0.0.1:%1$d
                backend later
                  server s1 127.0.0.1:%1$d
                backend off
                  id 5
                  OFF
                  server s1 127.0.0.1:%1$d
                """.formatted(origin.port()).replace("OFF", off);
    }

    @Test
    void aDisabledProxyTakesNothingAndIsNotShown() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("x")));
                EngineHarness proxy = EngineHarness.start(text("disabled", origin));
                RawClient client = proxy.client()) {
            assertThat(proxy.engine().listeners()).hasSize(3).allMatch(l -> l.bind().frontend().name().equals("fe"));
            client.send(get("/facts") + get("/off") + get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("2 1 0");
            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(client.readResponse().header("X-Numbers")).contains("4 2 0 Success");
            assertThat(proxy.backend("off").servers().get(0).state().admin()).isEqualTo(Admin.MAINT);
            assertThat(ProxyEntry.list(proxy.engine().runtime().orElseThrow())).extracting(e -> e.id() + " " + e.name())
                    .containsExactly("2 fe", "4 be", "6 later");

            proxy.reload(text("enabled", origin).replace("50\n  enabled\n  bind 127.0.0.1:@1", "50\n  enabled\n  bind 127.0.0.1:@4"));
            client.send(get("/off"));
            assertThat(client.readResponse().bodyText()).isEqualTo("x");
            assertThat(ProxyEntry.list(proxy.engine().runtime().orElseThrow())).extracting(e -> e.id() + " " + e.name())
                    .containsExactly("2 fe", "50 li", "4 be", "6 later", "5 off");
        }
    }

    @Test
    void aConfigurationOfDisabledProxiesDoesNotStart() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("x")))) {
            assertThatThrownBy(() -> EngineHarness.start(text("disabled", origin).replace("defaults\n", "defaults\n  disabled\n")))
                    .hasMessageContaining("no listener");
        }
    }

    @Test
    void aFileOfDirectorsOnlyHasNumbersToo() {
        try (EngineHarness proxy = EngineHarness.start("""
                global
                  set-var proc.greeting str(hello)
                director web 192.0.2.1:443 TCP
                  server s1 198.51.100.7
                """)) {
            assertThat(ProxyEntry.list(proxy.engine().runtime().orElseThrow())).extracting(e -> e.id() + " " + e.name())
                    .containsExactly("2 web");
        }
    }
}
