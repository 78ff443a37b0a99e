package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.TestBackends;
import net.lbd.core.TestProxy;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.stream.Stream;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same key goes to the same server as in HAProxy 2.6: servers of unequal weights, one of them down. */
class HashOracleTest {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");
    private static final int KEYS = 10_000;
    private static final int AT_A_TIME = 50;

    private static final List<String> CASES = List.of(
            "balance hash req.hdr(x-key)",
            "balance hash req.hdr(x-key)\n hash-type map-based djb2",
            "balance hash req.hdr(x-key)\n hash-type map-based crc32 avalanche",
            "balance hash req.hdr(x-key)\n hash-type consistent",
            "balance hash req.hdr(x-key)\n hash-type consistent djb2",
            "balance hash req.hdr(x-key)\n hash-type consistent crc32 avalanche",
            "balance hash req.hdr(x-number),add(0)",
            "balance hash req.hdr(x-key)\n hash-type map-based djb2 avalanche",
            "balance hash req.hdr(x-key)\n hash-type map-based crc32",
            "balance hash req.hdr(x-key)\n hash-type consistent sdbm",
            "balance hash req.hdr(x-key)\n hash-type consistent sdbm avalanche",
            "balance hash req.hdr(x-key)\n hash-type consistent djb2 avalanche",
            "balance hash req.hdr(x-key)\n hash-type consistent crc32",
            "balance uri path-only",
            "balance uri",
            "balance uri whole len 9\n hash-type consistent sdbm",
            "balance uri depth 2\n hash-type map-based sdbm avalanche",
            "balance url_param uid",
            "balance url_param uid\n hash-type consistent",
            "balance hdr(x-key)",
            "balance hdr(x-host) use_domain_only",
            "balance source",
            "balance source\n hash-type consistent");

    @TempDir
    private Path folder;

    @Test
    void sameKeyGoesToTheSameServer() throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        Map<String, List<String>> theirs = haproxy();
        for (int i = 0; i < CASES.size(); i++) {
            assertThat(ours(i)).as(CASES.get(i)).isEqualTo(theirs.get(CASES.get(i)));
        }
    }

    // ---- the requests: whatever an algorithm looks at says something else in each

    private static List<String> requests() {
        Random random = new Random(20261125);
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String key = Long.toString(random.nextLong(1L << random.nextInt(1, 62)), 36);
            String path = "/" + key.replaceAll("[05af]", "/");
            requests.add("GET " + path + "?z=1&uid=" + key + "&y=2 HTTP/1.1\r\nHost: a\r\nX-Key: " + key
                    + (i % 3 == 0 ? "\r\nX-Key: other" : "") + "\r\nX-Number: " + random.nextInt() + "\r\nX-Host: www." + key
                    + (i % 2 == 0 ? ".com:8080" : ".de") + "\r\nX-Source: " + address(random, i % 4 == 0) + "\r\n");
        }
        return requests;
    }

    private static String address(Random random, boolean six) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < (six ? 8 : 4); i++) {
            parts.add(six ? Integer.toHexString(random.nextInt(1, 65536)) : Integer.toString(random.nextInt(256)));
        }
        return String.join(six ? ":" : ".", parts);
    }

    private static String backend(int i, List<Integer> echo) {
        return "backend b" + i + "\n " + CASES.get(i) + "\n" + """
                 server s1 127.0.0.1:%1$d weight 3
                 server s2 127.0.0.1:%2$d weight 5 id 9
                 server s3 127.0.0.1:%3$d weight 7 disabled
                 server s4 127.0.0.1:%4$d weight 10 id 77
                 server s5 127.0.0.1:%5$d weight 1
                """.formatted(echo.subList(0, 5).toArray());
    }

    private static String configuration(int port, List<Integer> echo) {
        StringBuilder text = new StringBuilder("""
                defaults
                 mode http
                 timeout connect 5s
                 timeout client 30s
                 timeout server 30s
                frontend f
                 bind 127.0.0.1:%d
                 http-request set-src req.hdr(x-source)
                 use_backend %%[req.hdr(x-backend)]
                """.formatted(port));
        for (int i = 0; i < CASES.size(); i++) {
            text.append(backend(i, echo));
        }
        return text.toString();
    }

    // ---- HAProxy

    private Map<String, List<String>> haproxy() throws Exception {
        List<Integer> ports = Ports.free(6);
        int port = ports.get(5);
        Path file = folder.resolve("haproxy.cfg");
        StringBuilder text = new StringBuilder(configuration(port, ports)).append("listen echo\n");
        ports.subList(0, 5).forEach(echo -> text.append(" bind 127.0.0.1:").append(echo).append('\n'));
        text.append(" http-request return status 200 hdr x-server %[dst_port]\n");
        Files.writeString(file, text);
        Process process = new ProcessBuilder(PROGRAM.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("haproxy.log").toFile()).start();
        try {
            Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(port));
            if (!process.isAlive()) {
                throw new AssertionError("haproxy ended: " + Files.readString(folder.resolve("haproxy.log")));
            }
            Map<String, List<String>> answers = new LinkedHashMap<>();
            for (int i = 0; i < CASES.size(); i++) {
                answers.put(CASES.get(i), ask(ports, "X-Backend: b" + i + "\r\n\r\n"));
            }
            return answers;
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Sends every request over one connection, some at a time; the servers that answered. */
    private static List<String> ask(List<Integer> ports, String end) throws IOException {
        List<String> servers = new ArrayList<>();
        try (Socket socket = new Socket("127.0.0.1", ports.get(5))) {
            socket.setSoTimeout(30_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            List<String> requests = requests();
            for (int i = 0; i < requests.size(); i += AT_A_TIME) {
                StringBuilder batch = new StringBuilder();
                List<String> some = requests.subList(i, Math.min(requests.size(), i + AT_A_TIME));
                some.forEach(request -> batch.append(request).append(end));
                socket.getOutputStream().write(batch.toString().getBytes(StandardCharsets.ISO_8859_1));
                for (int k = 0; k < some.size(); k++) {
                    servers.add("s" + (1 + ports.indexOf(server(in))));
                }
            }
        }
        return servers;
    }

    private static int server(InputStream in) throws IOException {
        int server = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith("x-server: ")) {
                server = Integer.parseInt(line.substring(10));
            }
        }
        return server;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended in '" + line + "'");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    // ---- ours

    private static List<String> ours(int i) {
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), Path.of("."))).loadText("test.cfg", configuration(20080, List.of(20481, 20482, 20483, 20484, 20485)));
        BackendSpec spec = result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics())).backends().get(i);
        List<Server> servers = spec.servers().stream().map(HashOracleTest::server).toList();
        LoadBalancer balancer = LoadBalancers.create(spec.balance(), servers, spec.settings(), new RuntimeNames(TestProxy.FACTS));
        TestProxy proxy = TestProxy.http("http-request set-src req.hdr(x-source)");
        List<String> chosen = new ArrayList<>();
        for (String request : requests()) {
            Stream stream = proxy.request(request + "\r\n");
            proxy.requestRules().evaluate(stream);
            chosen.add(balancer.choose(stream, Server.NONE).name());
        }
        return chosen;
    }

    private static Server server(ServerSpec spec) {
        Server server = TestBackends.server(spec, new Server.Share(spec.settings().get(ServerSettings.WEIGHT), 0, false, spec.id() * 4096));
        if (spec.settings().get(ServerSettings.DISABLED)) {
            server.state().setAdmin(ServerState.Admin.MAINT);
        }
        return server;
    }
}
