package net.lbd.core.engine;

import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.request;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of HTTP/2 meets the same behind HAProxy and behind the engine: answers, what the origin got, log lines. */
class Http2OracleTest {

    private static final String CONFIGURATION = """
            global
              log 127.0.0.1:@LOG local0
            defaults
              mode http
              log global
              log-format "%ST %tsc %HM %HU %HV %{+Q}r %[var(txn.url)] %[var(txn.path)] %[var(txn.base)] %[var(txn.ver)] %[fc_http_major] %hr"
              timeout connect 1s
              timeout client 3s
              timeout server 3s
            frontend fe
              bind 127.0.0.1:@1 proto h2
              capture request header Host len 30
              http-request set-var(txn.url) url
              http-request set-var(txn.path) path
              http-request set-var(txn.base) base
              http-request set-var(txn.ver) req.ver
              http-request set-header x-uri "%[capture.req.uri]"
              http-request set-path /new%[path] if { path /set-path }
              http-request set-query a=b if { path /set-query }
              http-request set-uri /uri if { path /set-uri }
              http-request set-uri http://other/uri if { path /set-absolute }
              http-request set-method PUT if { path /set-method }
              http-request replace-path /replace/(.*) /with/\\1
              http-request redirect location /to code 301 if { path /redirect }
              http-request redirect prefix https://b if { path /prefix }
              http-request deny if { path /deny }
              http-request deny deny_status 429 if { hdr(x-deny) -m found }
              http-request del-header x-gone
              http-response set-header x-set yes
              http-after-response set-header x-after yes
              acl host_b hdr(host) -i b
              use_backend nobody if host_b
              default_backend be
            backend be
              option forwardfor
              server s1 @SERVER
            backend nobody
              server s1 127.0.0.1:9
            """;

    private record Case(String body, String... fields) { }

    private static final List<Case> CASES = List.of(
            new Case("", get("/")), new Case("", get("/a/b?c=d&e", "x-one", "1", "x-gone", "2", "accept", "*/*")),
            new Case("", get("/set-path?q")), new Case("", get("/set-query?q")), new Case("", get("/set-uri?q")), new Case("", get("/set-absolute")),
            new Case("", get("/set-method")), new Case("", get("/replace/x?y")), new Case("", get("/redirect?x")), new Case("", get("/prefix?x")),
            new Case("", get("/deny")), new Case("", get("/", "x-deny", "1")), new Case("", get("/", "cookie", "a=b", "x", "1", "cookie", "c=d")),
            new Case("", ":method", "GET", ":scheme", "https", ":authority", "Some.Host:8443", ":path", "/s"),
            new Case("", ":method", "GET", ":scheme", "http", ":authority", "b", ":path", "/"),
            new Case("", request("OPTIONS", "*")), new Case("", request("DELETE", "/x")), new Case("", request("PROPFIND", "/x", "depth", "1")),
            new Case("abc", request("POST", "/p", "content-length", "3")), new Case("abc", request("POST", "/p")),
            new Case("abc", request("PUT", "/p", "expect", "nothing", "content-length", "3")),
            new Case("", request("HEAD", "/h")));

    @TempDir
    private Path folder;

    @Test
    void exchangesAreAsInHaproxy() throws Exception {
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        List<String> expected = haproxy();
        List<String> actual = engine();
        SoftAssertions.assertSoftly(all -> {
            for (int i = 0; i < CASES.size(); i++) {
                all.assertThat(actual.get(i)).as("%s", List.of(CASES.get(i).fields())).isEqualTo(expected.get(i));
            }
        });
    }

    private static ScriptedOrigin origin() {
        return ScriptedOrigin.start(Script.answering(r -> r.method().equals("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nX-Case: Yes\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Case: Yes\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    }

    private static String fill(ScriptedOrigin origin, SyslogSink log) {
        return CONFIGURATION.replace("@SERVER", "127.0.0.1:" + origin.port()).replace("@LOG", Integer.toString(log.port()));
    }

    private List<String> haproxy() throws Exception {
        try (ScriptedOrigin origin = origin(); SyslogSink log = SyslogSink.udp()) {
            int port = Ports.free();
            Path file = folder.resolve("haproxy.cfg");
            Files.writeString(file, fill(origin, log).replace("127.0.0.1:@1", "127.0.0.1:" + port));
            Process process = new ProcessBuilder(HaproxyOracle.PROGRAM.toString(), "-db", "-f", file.toString())
                    .redirectErrorStream(true).redirectOutput(folder.resolve("haproxy.log").toFile()).start();
            try {
                Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(port));
                return run(() -> RawClient.connect(port), origin, log);
            } finally {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> engine() {
        try (ScriptedOrigin origin = origin(); SyslogSink log = SyslogSink.udp(); EngineHarness harness = EngineHarness.start(fill(origin, log))) {
            List<String> outcome = run(harness::client, origin, log);
            harness.awaitIdle();
            return outcome;
        }
    }

    private interface Connect {
        RawClient connect();
    }

    private static List<String> run(Connect to, ScriptedOrigin origin, SyslogSink log) {
        List<String> outcomes = new ArrayList<>();
        for (Case c : CASES) {
            log.clear();
            int before = origin.requests().size();
            StringBuilder text = new StringBuilder();
            try (Http2Wire client = Http2Wire.client(to.connect())) {
                client.headers(1, c.body().isEmpty(), c.fields());
                if (!c.body().isEmpty()) {
                    client.data(1, true, c.body());
                }
                Http2Wire.Message answer = client.message(1);
                // The pages of errors are each program's own.
                boolean page = answer.status() >= 400;
                answer.fields().stream().filter(f -> !page || f.startsWith(":status") || f.startsWith("x-")).sorted()
                        .forEach(f -> text.append(f).append('\n'));
                text.append(page ? "" : answer.bodyText()).append(answer.resetCode()).append('\n');
            }
            for (ReceivedMessage request : origin.requests().subList(before, origin.requests().size())) {
                text.append(request.startLine()).append('\n');
                request.headerLines().stream().map(Http2OracleTest::lowerName).sorted().forEach(l -> text.append(l).append('\n'));
                text.append(request.bodyText()).append('\n');
            }
            String line = log.awaitContaining("HTTP/2.0");
            text.append(line.substring(line.indexOf("]: ") + 3));
            outcomes.add(text.toString());
        }
        return outcomes;
    }

    private static String lowerName(String line) {
        int colon = line.indexOf(':');
        return line.substring(0, colon).toLowerCase(java.util.Locale.ROOT) + line.substring(colon);
    }
}
