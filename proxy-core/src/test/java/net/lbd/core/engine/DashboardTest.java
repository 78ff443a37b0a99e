package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard under docs asks for what the exporter tells, and the metrics of Exchange. */
@Timeout(60)
class DashboardTest {

    private static final Path DASHBOARD = Path.of("..", "docs", "grafana-dashboard.json");
    private static final Pattern METRIC = Pattern.compile("\\b((?:haproxy|lbd|jvm|netty|process|system)_[a-z0-9_]+)(\\{[^}]*\\})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=~?\"");

    @TempDir
    private Path dir;

    private static String backend(ScriptedOrigin origin) {
        return "option httpchk GET /owa/healthcheck.htm\n" + EngineHarness.server("ex1", origin.port(), "check inter 50ms") + "\n"
                + EngineHarness.server("ex2", origin.port(), "disabled");
    }

    private static String metrics(EngineHarness proxy, String query) {
        try (RawClient client = proxy.client("metrics")) {
            client.send(get("/metrics" + query));
            return client.readResponse().bodyText();
        }
    }

    private EngineHarness start(ScriptedOrigin origin, TestCertificates certificates) {
        Path pem = certificates.server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("site.pem"));
        return EngineHarness.start("global\n  nbthread 1\n" + EngineHarness.DEFAULTS + "frontend fe\n  bind 127.0.0.1:@1 ssl crt " + pem
                + "\n  default_backend be\nfrontend metrics\n  bind 127.0.0.1:@2\n  http-request use-service prometheus-exporter\n  maxconn 100\nbackend be\n  "
                + backend(origin).replace("\n", "\n  ") + "\n");
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyExpressionAsksForWhatIsExported() throws IOException {
        Map<String, Object> dashboard = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(DASHBOARD));
        List<String> expressions = new ArrayList<>();
        Set<Object> ids = new HashSet<>();
        for (Map<String, Object> panel : (List<Map<String, Object>>) dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id"))).as("%s: its id is its own", panel.get("title")).isTrue();
            for (Map<String, Object> target : (List<Map<String, Object>>) panel.getOrDefault("targets", List.of())) {
                expressions.add(target.get("expr").toString());
            }
        }
        for (Map<String, Object> variable : (List<Map<String, Object>>) ((Map<String, Object>) dashboard.get("templating")).get("list")) {
            if (variable.get("query") instanceof Map<?, ?> query) {
                expressions.add(query.get("query").toString().replace("haproxy_(frontend|backend)_current_sessions", "x"));
            }
        }
        assertThat(expressions).hasSizeGreaterThan(30);

        TestCertificates certificates = TestCertificates.create();
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok("x"))); EngineHarness proxy = start(origin, certificates);
                RawClient client = proxy.tlsClient(ClientTls.trustAll())) {
            client.send(get("/owa/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("x");
            Await.until("the check has passed", () -> metrics(proxy, "?scope=exchange").contains("server=\"ex1\"} 1"));
            // The collector's pauses are told once there was one.
            System.gc();
            Map<String, Set<String>> exported = new HashMap<>();
            Await.until("a pause of the collector is told", () -> {
                exported.clear();
                exported.putAll(labels(metrics(proxy, "")));
                return exported.containsKey("jvm_gc_pause_seconds_sum");
            });
            for (String expression : expressions) {
                Matcher metric = METRIC.matcher(expression);
                boolean found = false;
                while (metric.find()) {
                    found = true;
                    assertThat(exported).as(expression).containsKey(metric.group(1));
                    Matcher label = LABEL.matcher(metric.group(2) == null ? "" : metric.group(2));
                    while (label.find()) {
                        if (!label.group(1).equals("instance")) {
                            assertThat(exported.get(metric.group(1))).as(expression).contains(label.group(1));
                        }
                    }
                }
                assertThat(found || expression.contains("__name__")).as(expression).isTrue();
            }
        }
    }

    /** The names of samples, and the labels that each has. */
    private static Map<String, Set<String>> labels(String text) {
        Map<String, Set<String>> all = new HashMap<>();
        for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
            Set<String> labels = all.computeIfAbsent(line.replaceAll("[ {].*", ""), n -> new HashSet<>());
            Matcher label = LABEL.matcher(line);
            while (label.find()) {
                labels.add(label.group(1));
            }
        }
        return all;
    }

    @Test
    void servicesOfExchangeAreToldAsTheirChecksFindThem() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok("x")));
                EngineHarness proxy = start(origin, TestCertificates.create())) {
            Await.until("the check has passed", () -> metrics(proxy, "?scope=exchange").contains("server=\"ex1\"} 1"));
            assertThat(metrics(proxy, "?scope=exchange").lines().filter(l -> !l.startsWith("#"))).containsExactly(
                    "lbd_exchange_service_up{service=\"OWA\",proxy=\"be\",server=\"ex1\"} 1",
                    "lbd_exchange_service_up{service=\"OWA\",proxy=\"be\",server=\"ex2\"} 0",
                    "lbd_exchange_service_servers{service=\"OWA\",proxy=\"be\"} 1",
                    "lbd_exchange_long_polls{proxy=\"be\"} 0");
        }
    }

    @Test
    void requestsThatHangAreCountedByTheirBackend() {
        Semaphore permit = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            permit.acquire();
            connection.send(ok("late"));
        }); EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s", origin.port())); RawClient client = proxy.client()) {
            client.send(get("/"));
            origin.awaitRequest(1);
            assertThat(proxy.engine().openFor(0)).containsExactly(Map.entry("be", 1));
            assertThat(proxy.engine().openFor(30_000)).isEmpty();
            permit.release();
            assertThat(client.readResponse().bodyText()).isEqualTo("late");
            proxy.awaitNoStreams();
            assertThat(proxy.engine().openFor(0)).isEmpty();
        }
    }
}
