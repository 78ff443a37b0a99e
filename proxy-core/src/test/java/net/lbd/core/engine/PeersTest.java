package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.core.runtime.ProxyEngine;
import net.lbd.core.sample.Sample;
import net.lbd.core.stick.StickEntry;
import net.lbd.core.stick.StickTable;
import net.lbd.testkit.Await;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two machines share their tables: ours with ours, and ours with HAProxy 2.6. */
@Timeout(120)
class PeersTest {

    private static final String STORE = "gpc0,http_req_cnt,http_req_rate(60s),conn_cur";

    @TempDir
    private Path folder;
    private final int portA = Ports.free();
    private final int portB = Ports.free();

    private String text(String name, int frontend, ScriptedOrigin one, ScriptedOrigin two) {
        return """
                global
                  localpeer %s
                  @
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                peers cluster
                  peer A 127.0.0.1:%d
                  peer B 127.0.0.1:%d
                  table extra type string len 20 size 1k expire 5m store gpc0
                frontend fe
                  bind 127.0.0.1:%d
                  http-request track-sc0 src table counts
                  http-request sc-inc-gpc0(0)
                  default_backend be
                backend be
                  balance roundrobin
                  stick on hdr(X-User) table users
                  server s1 127.0.0.1:%d
                  server s2 127.0.0.1:%d
                backend users
                  stick-table type string len 32 size 10k expire 1h peers cluster
                backend counts
                  stick-table type ip size 10k expire 10m peers cluster store %s
                """.formatted(name, portA, portB, frontend, one.port(), two.port(), STORE);
    }

    private static ProxyEngine start(String text) {
        ProxyEngine engine = ProxyEngine.create(new EngineOptions());
        apply(engine, text);
        return engine;
    }

    private static void apply(ProxyEngine engine, String text) {
        ApplyResult result = engine.apply(EngineHarness.load(text.replace("  @\n", "  nbthread 1\n")));
        assertThat(result.applied()).as("%s", result.problems()).isTrue();
    }

    private static String ask(int port, String user) {
        try (RawClient client = RawClient.connect(new InetSocketAddress("127.0.0.1", port))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-User: " + user + "\r\n\r\n");
            return client.readResponse().bodyText();
        }
    }

    private static StickTable table(ProxyEngine engine, String name) {
        return engine.runtime().orElseThrow().tables().find(name).orElseThrow();
    }

    private static Optional<StickEntry> entry(ProxyEngine engine, String table, String key) {
        StickTable found = table(engine, table);
        return found.entries().stream().filter(e -> new String(e.key(), StandardCharsets.ISO_8859_1).equals(key)
                || found.keyText(e.key()).equals(key)).findFirst();
    }

    private static long value(ProxyEngine engine, String table, String key, StickDataType type) {
        return entry(engine, table, key).flatMap(e -> e.values().stream().filter(v -> v.stored().type() == type).findFirst())
                .map(StickEntry.Value::number).orElse(-1L);
    }

    @Test
    void usersKeepTheirServerWhenTheOtherMachineTakesOver() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")));
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering(ok("two")))) {
            int frontA = Ports.free();
            int frontB = Ports.free();
            ProxyEngine a = start(text("A", frontA, one, two));
            ProxyEngine b = start(text("B", frontB, one, two));
            try {
                String[] served = new String[20];
                for (int i = 0; i < served.length; i++) {
                    served[i] = ask(frontA, "user" + i);
                }
                assertThat(served).contains("one", "two");
                Await.until("the other machine to know the users", () -> table(b, "users").used() == served.length);
                // A reload of the second, and then the end of the first.
                apply(b, text("B", frontB, one, two).replace("timeout client 5s", "timeout client 6s"));
                a.close();
                for (int i = 0; i < served.length; i++) {
                    assertThat(ask(frontB, "user" + i)).isEqualTo(served[i]);
                }
                // Through drain, too.
                Server s1 = b.runtime().orElseThrow().backend("be").orElseThrow().servers().get(0);
                b.setAdmin(b.runtime().orElseThrow().backend("be").orElseThrow(), s1, Admin.DRAIN);
                for (int i = 0; i < served.length; i++) {
                    assertThat(ask(frontB, "user" + i)).isEqualTo(served[i]);
                }
                assertThat(ask(frontB, "somebody new")).isEqualTo("two");
                // The first machine comes back with nothing, and is taught.
                ProxyEngine again = start(text("A", frontA, one, two));
                try {
                    Await.until("the first machine to have learned everything", () -> table(again, "users").used() == served.length + 1);
                    for (int i = 0; i < served.length; i++) {
                        assertThat(ask(frontA, "user" + i)).isEqualTo(served[i]);
                    }
                } finally {
                    again.close();
                }
            } finally {
                a.close();
                b.close();
            }
        }
    }

    @Test
    void countersAndTablesOfTheSectionAreSharedWithHaproxyInBothDirections() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed");
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")));
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering(ok("two")))) {
            int frontA = Ports.free();
            int frontB = Ports.free();
            Process haproxy = haproxy(text("A", frontA, one, two), frontA);
            ProxyEngine b = start(text("B", frontB, one, two));
            try {
                String served = ask(frontA, "ann");
                command("set table cluster/extra key hello data.gpc0 5");
                Await.until("HAProxy's entries to be here", () -> value(b, "cluster/extra", "hello", StickDataType.GPC0) == 5
                        && value(b, "counts", "127.0.0.1", StickDataType.HTTP_REQ_CNT) == 1 && entry(b, "users", "ann").isPresent());
                assertThat(value(b, "counts", "127.0.0.1", StickDataType.HTTP_REQ_RATE)).isEqualTo(1);
                assertThat(entry(b, "users", "ann").orElseThrow().expiresInMillis()).isBetween(3_500_000L, 3_600_000L);
                assertThat(ask(frontB, "ann")).isEqualTo(served);
                String bob = ask(frontB, "bob");
                Await.until("our entries to be at HAProxy", () -> command("show table counts").contains("gpc0=3")
                        && command("show table users key bob").contains("server_key=" + (bob.equals("one") ? "s1" : "s2")));
                assertThat(ask(frontA, "bob")).isEqualTo(bob);
                assertThat(command("show peers")).contains("last_status=ESTA").contains("proto_err=0");

                // HAProxy comes back with nothing, and is taught by us.
                haproxy.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                haproxy = haproxy(text("A", frontA, one, two), frontA);
                Await.until("HAProxy to have learned again", () -> command("show table users").contains("key=ann")
                        && command("show table cluster/extra key hello").contains("gpc0=5"));
                assertThat(ask(frontA, "bob")).isEqualTo(bob);

                // We come back with nothing, and are taught by HAProxy.
                b.close();
                ProxyEngine again = start(text("B", frontB, one, two));
                try {
                    Await.until("us to have learned again", () -> entry(again, "users", "ann").isPresent()
                            && value(again, "cluster/extra", "hello", StickDataType.GPC0) == 5);
                    assertThat(ask(frontB, "bob")).isEqualTo(bob);
                    assertThat(again.peers().orElseThrow().describe("cluster", true)).contains("last_status=ESTA").contains("proto_err=0")
                            .contains("xprt=RAW src=127.0.0.1:").containsPattern("remote_id=[1-9]").containsPattern("last_get=[1-9]")
                            .containsPattern("RX dictionary cache:\n +\\d+ -> s[12]").contains("TX dictionary cache:");
                    assertThat(again.peers().orElseThrow().describe("cluster")).doesNotContain("dictionary");
                } finally {
                    again.close();
                }
            } finally {
                b.close();
                haproxy.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void theConnectionCanBeTls() throws Exception {
        FarmCertificates certificates = FarmCertificates.in(folder);
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")))) {
            int frontA = Ports.free();
            ProxyEngine a = start(tls(text("A", frontA, one, one), certificates, "server A\n  server B 127.0.0.1:" + portB, portA));
            ProxyEngine b = start(tls(text("B", Ports.free(), one, one), certificates, "server A 127.0.0.1:" + portA + "\n  server B", portB));
            try {
                ask(frontA, "ann");
                Await.until("the other machine to know the user", () -> entry(b, "users", "ann").isPresent());
                // In the clear nobody gets in.
                try (RawClient client = RawClient.connect(new InetSocketAddress("127.0.0.1", portA))) {
                    client.send("HAProxyS 2.1\nA\nB 1 0\n");
                    client.expectClosed();
                }
            } finally {
                a.close();
                b.close();
            }
        }
    }

    private static String tls(String text, FarmCertificates certificates, String servers, int port) {
        return text.replaceAll("  peer A .*\n  peer B .*\n", "  bind 127.0.0.1:" + port + " ssl crt " + certificates.site()
                + "\n  default-server ssl verify required ca-file " + certificates.ca() + "\n  " + servers + "\n");
    }

    @Test
    void aTableThatWasChangedIsFilledByThePeersAgainAndALargeOneArrivesWhole() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")))) {
            String textA = text("A", Ports.free(), one, one).replace("size 10k", "size 100k");
            String textB = text("B", Ports.free(), one, one).replace("size 10k", "size 100k");
            ProxyEngine a = start(textA);
            try {
                StickTable users = table(a, "users");
                for (int i = 0; i < 50_000; i++) {
                    Sample key = new Sample();
                    byte[] bytes = ("user number " + i).getBytes(StandardCharsets.ISO_8859_1);
                    key.setView(SampleType.STRING, bytes, 0, bytes.length);
                    long handle = users.findOrCreate(key);
                    users.bind(handle, 1, "s1");
                    users.release(handle);
                }
                ProxyEngine b = start(textB);
                try {
                    Await.until("everything to be there", () -> table(b, "users").used() == 50_000);
                    apply(b, textB.replace("string len 32 size 100k", "string len 32 size 200k"));
                    Await.until("everything to be there again", () -> table(b, "users").used() == 50_000);
                    assertThat(table(b, "users").entries()).allMatch(e -> e.values().stream().anyMatch(v -> v.text().equals("s1")));
                } finally {
                    b.close();
                }
            } finally {
                a.close();
            }
        }
    }

    @Test
    void whatPeersSendMayGoToASecondTable() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")))) {
            int frontA = Ports.free();
            String second = "backend copy\n  stick-table type ip size 10k expire 10m store " + STORE + "\n";
            ProxyEngine a = start(text("A", frontA, one, one));
            ProxyEngine b = start(text("B", Ports.free(), one, one).replace("peers cluster store", "peers cluster write-to copy recv-only store") + second);
            try {
                ask(frontA, "ann");
                Await.until("both tables to have it", () -> value(b, "counts", "127.0.0.1", StickDataType.GPC0) == 1
                        && value(b, "copy", "127.0.0.1", StickDataType.GPC0) == 1);
            } finally {
                a.close();
                b.close();
            }
        }
    }

    @Test
    void strangersAreRefusedAsHaproxyRefusesThem() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")))) {
            ProxyEngine a = start(text("A", Ports.free(), one, one));
            try {
                for (List<String> probe : List.of(List.of("HAProxyS 2.1\nX\nB 1 0\n", "503\n"), List.of("HAProxyS 2.1\nA\nX 1 0\n", "504\n"),
                        List.of("HAProxyS 3.1\nA\nB 1 0\n", "502\n"), List.of("FooS 2.1\nA\nB 1 0\n", "501\n"),
                        List.of("HAProxyS 2.1\nA\nB\n", "501\n"), List.of("x".repeat(2000), "501\n"))) {
                    try (RawClient client = RawClient.connect(new InetSocketAddress("127.0.0.1", portA))) {
                        client.send(probe.get(0));
                        client.expect(probe.get(1));
                        client.expectClosed();
                    }
                }
                try (RawClient client = RawClient.connect(new InetSocketAddress("127.0.0.1", portA))) {
                    client.send("HAProxyS 2.1\nA\nB 1 0\n");
                    // It asks for everything that the peer knows.
                    client.expect("200\n\0\0");
                    // An entry before any definition is a protocol error.
                    client.send("\n\u0080\u0004abcd");
                    client.expect("\u0001\0");
                    client.expectClosed();
                }
            } finally {
                a.close();
            }
        }
    }

    private Process haproxy(String text, int frontend) throws IOException {
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, text.replace("  @\n", "  stats socket " + folder.resolve("sock") + " level admin\n"));
        Process process = new ProcessBuilder(HaproxyOracle.PROGRAM.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("haproxy.log").toFile()).start();
        Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(frontend) && Ports.isListening(portA));
        assertThat(process.isAlive()).as(Files.readString(folder.resolve("haproxy.log"))).isTrue();
        return process;
    }

    private String command(String line) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("sock")));
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.ISO_8859_1)));
            StringBuilder answer = new StringBuilder();
            ByteBuffer part = ByteBuffer.allocate(8192);
            while (channel.read(part) >= 0) {
                answer.append(StandardCharsets.ISO_8859_1.decode(part.flip()));
                part.clear();
            }
            return answer.toString();
        } catch (IOException e) {
            return "";
        }
    }
}
