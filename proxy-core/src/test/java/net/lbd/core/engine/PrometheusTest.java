package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.lbd.core.report.PrometheusText;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code use-service prometheus-exporter}, compared with what HAProxy 2.6's exporter shows. */
@Timeout(60)
class PrometheusTest {

    /** Of HAProxy's families, those whose columns nothing fills here: see docs/compatibility.md. */
    private static final Set<String> ABSENT = Set.of("pool_failures_total", "max_ssl_connections", "current_ssl_connections",
            "ssl_connections_total", "frontend_ssl_key_rate", "frontend_ssl_reuse", "backend_ssl_key_rate", "ssl_cache_lookups_total",
            "ssl_cache_misses_total", "http_comp_bytes_in_total", "http_comp_bytes_out_total", "limit_http_comp", "zlib_memory",
            "idle_time_percent", "active_peers", "connected_peers", "dropped_logs_total", "failed_resolutions",
            "process_bytes_out_rate", "pool_used_bytes", "http_comp_bytes_bypassed_total", "http_comp_responses_total",
            "http_cache_lookups_total", "http_cache_hits_total", "failed_header_rewriting_total", "internal_errors_total",
            "backend_check_up_down_total", "backend_check_last_change_seconds", "backend_downtime_seconds_total", "queue_limit",
            "need_connections_current", "idle_connections_limit", "limit_sessions", "current_throttle",
            "check_failures_total", "check_up_down_total", "server_downtime_seconds_total", "check_status", "check_code", "check_duration_seconds",
            "frontend_request_errors_total", "max_connections");

    private ScriptedOrigin origin;
    private EngineHarness proxy;

    @BeforeEach
    void start() {
        origin = ScriptedOrigin.start(Messages.echoTarget());
        proxy = EngineHarness.http("http-request use-service prometheus-exporter if { path /metrics }",
                EngineHarness.server("s1", origin.port()) + "\n  " + EngineHarness.server("s2", origin.port(), "disabled"));
    }

    @AfterEach
    void stop() {
        proxy.close();
        origin.close();
    }

    private String ask(String target) {
        try (RawClient client = proxy.client()) {
            client.send(get(target));
            return client.readResponse().bodyText();
        }
    }

    private static Set<String> families(String text) {
        return text.lines().filter(l -> l.startsWith("# TYPE ")).map(l -> l.substring("# TYPE ".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> haproxys() throws IOException {
        try (InputStream in = PrometheusText.class.getResourceAsStream("prometheus-2.6-types.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void familiesHaveNamesAndTypesOfHaproxy() throws IOException {
        Set<String> mine = families(ask("/metrics"));
        List<String> haproxys = haproxys();

        assertThat(haproxys).hasSize(187);
        assertThat(mine.stream().filter(f -> f.startsWith("haproxy_"))).as("nothing of our own under HAProxy's names").isSubsetOf(haproxys);
        assertThat(haproxys.stream().filter(f -> !mine.contains(f)))
                .as("what is left out").allMatch(f -> ABSENT.stream().anyMatch(f::contains));
        assertThat(mine).contains("jvm_memory_used_bytes gauge", "jvm_threads_live_threads gauge", "process_uptime_seconds gauge")
                .anyMatch(f -> f.startsWith("netty_allocator_memory_used"));
    }

    @Test
    void samplesHaveLabelsOfHaproxy() {
        ask("/traffic");

        List<String> lines = ask("/metrics").lines().toList();

        assertThat(lines).contains(
                "haproxy_frontend_http_requests_total{proxy=\"fe\"} 2",
                "haproxy_backend_http_responses_total{proxy=\"be\",code=\"2xx\"} 1",
                "haproxy_server_status{proxy=\"be\",server=\"s1\",state=\"UP\"} 1",
                "haproxy_server_status{proxy=\"be\",server=\"s2\",state=\"MAINT\"} 1",
                "haproxy_server_status{proxy=\"be\",server=\"s2\",state=\"UP\"} 0",
                "haproxy_backend_agg_server_status{proxy=\"be\",state=\"MAINT\"} 1",
                "haproxy_backend_agg_server_status{proxy=\"be\",state=\"UP\"} 1",
                "haproxy_frontend_status{proxy=\"fe\",state=\"UP\"} 1",
                "haproxy_backend_status{proxy=\"be\",state=\"DOWN\"} 0",
                "haproxy_server_sessions_total{proxy=\"be\",server=\"s1\"} 1",
                "haproxy_frontend_intercepted_requests_total{proxy=\"fe\"} 1");
        assertThat(lines).anyMatch(l -> l.matches("haproxy_server_total_time_average_seconds\\{proxy=\"be\",server=\"s1\"} [0-9]+\\.[0-9]{6}"))
                .anyMatch(l -> l.startsWith("haproxy_process_build_info{version=\""));
        assertThat(lines).as("the format").allMatch(l -> l.matches("# (HELP|TYPE) [a-z_A-Z0-9]+ .*|[a-z_A-Z0-9]+(\\{.*})? ([-+0-9.eE]+|\\+Inf)"));
        assertThat(lines.stream().filter(l -> l.startsWith("# TYPE")).toList()).doesNotHaveDuplicates();
    }

    @Test
    void theQueryChooses() {
        assertThat(families(ask("/metrics?scope=frontend"))).isNotEmpty().allMatch(f -> f.startsWith("haproxy_frontend_"));
        assertThat(families(ask("/metrics?scope=backend&scope=server"))).anyMatch(f -> f.startsWith("haproxy_server_"))
                .anyMatch(f -> f.startsWith("haproxy_backend_")).noneMatch(f -> f.startsWith("haproxy_frontend_"));
        assertThat(families(ask("/metrics?scope=jvm"))).isNotEmpty().noneMatch(f -> f.startsWith("haproxy_"));
        assertThat(ask("/metrics?scope=")).isEmpty();
        assertThat(ask("/metrics?scope=server&no-maint")).contains("server=\"s1\"").doesNotContain("server=\"s2\"");
        assertThat(ask("/metrics?scope=nonsense")).contains("400 Bad Request");
    }

    @Test
    void theConnectionGoesOnAndTheHeadSaysWhatItIs() {
        try (RawClient client = proxy.client()) {
            client.send(get("/metrics?scope=global"));
            var first = client.readResponse();
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.head()).containsIgnoringCase("content-type: text/plain; version=0.0.4").containsIgnoringCase("cache-control: no-cache");
            client.send(get("/again"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/again");
        }
    }

    @Test
    void aClientThatLeavesMeanwhileHarmsNobody() {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = proxy.client()) {
                client.send(get("/metrics"));
            }
        }
        // The last of them may not even have been accepted yet.
        Await.until("nobody is left but who asks", () -> ask("/metrics?scope=global").contains("haproxy_process_current_connections 1\n"));
        proxy.awaitIdle();
    }
}
