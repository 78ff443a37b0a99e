package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The termination state of every way in which a stream can end, beside HAProxy: the same configuration, the same scripts on both sides, and
 * the line that each of them writes. What differs on purpose stands in docs/compatibility.md.
 */
class TerminationOracleTest {

    // The time of the whole stream keeps HAProxy from writing the line before its end.
    private static final String HTTP_FORMAT = "option dontlognull\n  log-format \"state %ST %tsc %Tt\"";
    private static final String TCP_FORMAT = "log-format \"state %ts %Tt\"";

    /** Times are short: each of them is waited for. */
    private static final String HEAD = """
            global
              log 127.0.0.1:@LOG local0
            defaults
              mode @MODE
              log global
              @FORMAT
              timeout connect 300ms
              timeout client 400ms
              timeout server 300ms
              timeout http-request 300ms
              timeout queue 200ms
              timeout tarpit 100ms
              retries 0
            """;
    private static final String HALF = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234";
    private static final Script OK = Script.answering(ok("hello"));
    private static final String COOKIE = "cookie SRV insert indirect nocache\n  server s @SERVER cookie one";
    private static final Script ANSWERS = connection -> {
        while (connection.hasMore()) {
            connection.readRequest();
            connection.send(ok("x"));
        }
    };
    private static final Script SILENT = connection -> {
        while (connection.hasMore()) {
            connection.readAvailable();
        }
    };

    private static FullListener full;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fill() {
        full = new FullListener();
    }

    @AfterAll
    static void free() {
        full.close();
    }

    /** A port where nobody accepts, and where the kernel takes no more connections either. */
    private static final class FullListener {
        private final List<Closeable> open = new ArrayList<>();
        private final int port;

        FullListener() {
            try {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                open.add(socket);
                port = socket.getLocalPort();
                for (int i = 0; i < 4; i++) {
                    SocketChannel waiting = SocketChannel.open();
                    waiting.configureBlocking(false);
                    waiting.connect(socket.getLocalSocketAddress());
                    open.add(waiting);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int port() {
            return port;
        }

        void close() {
            for (Closeable one : open) {
                try {
                    one.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** What the client does, and what of it decides. */
    private interface Client {
        void run(RawClient client) throws Exception;
    }

    private record Scenario(String name, String mode, String frontend, String backend, Script origin, Client client) { }

    private static Scenario http(String name, String frontend, String backend, Script origin, Client client) {
        return new Scenario(name, "http", frontend, backend, origin, client);
    }

    private static Scenario tcp(String name, String frontend, String backend, Script origin, Client client) {
        return new Scenario(name, "tcp", frontend, backend, origin, client);
    }

    private static Client asking(String request) {
        return client -> client.send(request).readToEnd();
    }

    /** Leaves in order, once the server has had time to begin. */
    private static Client leavingBehind(String request) {
        return client -> {
            client.send(request);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            client.shutdownOutput().readToEnd();
        };
    }

    /** With another connection that has the server's place meanwhile, and ends later. */
    private static Client behindAnother(Client client) {
        return connection -> {
            try (RawClient first = connection.another()) {
                first.send(get("/first"));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                client.run(connection);
            }
        };
    }

    private static Script sending(String text) {
        return connection -> {
            connection.readRequest();
            connection.send(text);
        };
    }

    /** Sends, and then waits until the other side has had enough. */
    private static Script sendingAndStaying(String text) {
        return connection -> {
            connection.readRequest();
            connection.send(text);
            connection.hasMore();
        };
    }

    private static final String SERVER = "server s @SERVER";
    private static final String CLOSING = get("/").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    private static final String LONG = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin";

    private static List<Scenario> scenarios() {
        return List.of(
                http("a whole exchange", "", SERVER, OK, asking(CLOSING)),
                http("half a head, then the client leaves", "", SERVER, OK, client -> client.send("GET / HT").shutdownOutput().readToEnd()),
                http("half a head, then silence", "", SERVER, OK, asking("GET / HT")),
                http("no request", "", SERVER, OK, asking("\0\0\r\n\r\n")),
                http("denied", "http-request deny", SERVER, OK, asking(get("/"))),
                http("denied in the backend", "", "http-request deny\n  " + SERVER, OK, asking(get("/"))),
                http("rejected", "http-request reject", SERVER, OK, asking(get("/"))),
                http("dropped", "http-request silent-drop", SERVER, OK, client -> client.send(get("/"))),
                http("redirected", "http-request redirect location /x", SERVER, OK, asking(CLOSING)),
                http("returned", "http-request return status 200", SERVER, OK, asking(CLOSING)),
                http("asked for a password", "http-request auth", SERVER, OK, asking(CLOSING)),
                http("tarpitted", "http-request tarpit", SERVER, OK, asking(get("/"))),
                http("rejected by content", "tcp-request content reject", SERVER, OK, asking(get("/"))),
                http("no server", "", SERVER + " disabled", OK, asking(get("/"))),
                http("nobody listens", "", "server s @NOBODY", OK, asking(get("/"))),
                http("the server leaves without an answer", "", SERVER, connection -> connection.readRequest(), asking(get("/"))),
                http("the server leaves in its head", "", SERVER, sending("HTTP/1.1 200"), asking(get("/"))),
                http("the server is silent", "", SERVER, SILENT, asking(get("/"))),
                http("no response", "", SERVER, sendingAndStaying("no response\r\n\r\n"), asking(get("/"))),
                http("a response denied", "http-response deny", SERVER, sendingAndStaying(ok("x")), asking(get("/"))),
                http("a cookie that caches keep", "", "option checkcache\n  " + SERVER,
                        sendingAndStaying("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"), asking(get("/"))),
                http("the server leaves in its body", "", SERVER, sending(LONG), asking(get("/"))),
                http("the server is silent in its body", "", SERVER, sendingAndStaying(LONG), asking(get("/"))),
                http("the server breaks its chunks", "", SERVER, sendingAndStaying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"),
                        asking(get("/"))),
                http("the client leaves while the server thinks", "", "option abortonclose\n  " + SERVER, SILENT,
                        leavingBehind(get("/"))),
                http("the client leaves in the answer", "", "timeout server 3s\n  " + SERVER, sendingAndStaying(LONG),
                        client -> {
                            client.send(get("/")).expect("HTTP/1.1 200 OK");
                            client.readUntil("begin");
                            client.reset();
                        }),
                http("the client leaves in its body", "", SERVER, SILENT, leavingBehind(HALF)),
                http("a tunnel whose server leaves", "", SERVER,
                        sending("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
                        asking(get("/").replace("\r\n\r\n", "\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"))),
                http("nobody accepts", "", "server s @FULL", OK, asking(get("/"))),
                http("the client leaves while it is connected", "", "option abortonclose\n  timeout connect 800ms\n  server s @FULL", OK, leavingBehind(get("/"))),
                http("too long in the queue", "", SERVER + " maxconn 1", SILENT, behindAnother(asking(get("/")))),
                http("the client leaves in the queue", "", "option abortonclose\n  timeout server 800ms\n  timeout queue 800ms\n  " + SERVER + " maxconn 1", SILENT,
                        behindAnother(leavingBehind(get("/")))),
                http("the queue is full", "", "timeout server 800ms\n  timeout queue 800ms\n  " + SERVER + " maxconn 1 maxqueue 1", SILENT,
                        behindAnother(behindAnother(asking(get("/"))))),
                http("the second head is half, then silence", "", SERVER, ANSWERS, client -> client.send(CLOSING.replace("close", "keep-alive") + "GET / HT").readToEnd()),
                http("half a body is waited for", "http-request wait-for-body time 100ms", SERVER, SILENT, client -> client.send(HALF).readToEnd()),
                http("no cookie", "", COOKIE, OK, asking(CLOSING)),
                http("a cookie of a server", "", COOKIE, OK, asking(CLOSING.replace("\r\n\r\n", "\r\nCookie: SRV=one\r\n\r\n"))),
                http("a cookie of nobody", "", COOKIE, OK, asking(CLOSING.replace("\r\n\r\n", "\r\nCookie: SRV=nobody\r\n\r\n"))),
                http("a cookie of a server that is away", "", COOKIE + "\n  server t @SERVER cookie two disabled", OK,
                        asking(CLOSING.replace("\r\n\r\n", "\r\nCookie: SRV=two\r\n\r\n"))),
                http("a cookie that the server gives, too", "", COOKIE,
                        sendingAndStaying("HTTP/1.1 200 OK\r\nSet-Cookie: SRV=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), asking(CLOSING)),
                http("a cookie that is only looked at", "", "cookie SRV\n  " + SERVER + " cookie one", OK, asking(CLOSING)),
                http("a cookie that is written over", "", "cookie SRV rewrite\n  " + SERVER + " cookie one",
                        sendingAndStaying("HTTP/1.1 200 OK\r\nSet-Cookie: SRV=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), asking(CLOSING)),
                http("a cookie with a prefix", "", "cookie SRV prefix\n  " + SERVER + " cookie one",
                        sendingAndStaying("HTTP/1.1 200 OK\r\nSet-Cookie: SRV=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), asking(CLOSING)),
                http("a cookie that is too old", "", COOKIE.replace("nocache", "nocache maxidle 1m"), OK,
                        asking(CLOSING.replace("\r\n\r\n", "\r\nCookie: SRV=one|VHWHI\r\n\r\n"))),
                http("a cookie that is not counted", "", COOKIE + "\n  ignore-persist if TRUE", OK,
                        asking(CLOSING.replace("\r\n\r\n", "\r\nCookie: SRV=one\r\n\r\n"))),
                tcp("bytes both ways", "", SERVER, connection -> {
                            if (connection.hasMore()) {
                                connection.send(connection.readAvailable()).shutdownOutput().readToEnd();
                            }
                        },
                        client -> {
                            client.send("x").expect("x");
                            client.shutdownOutput().readToEnd();
                        }),
                tcp("nobody listens, tcp", "", "server s @NOBODY", OK, client -> client.send("x").readToEnd()),
                tcp("nobody accepts, tcp", "", "server s @FULL", OK, client -> client.send("x").readToEnd()),
                tcp("too long in the queue, tcp", "", SERVER + " maxconn 1", SILENT, client -> {
                    try (RawClient first = client.another()) {
                        first.send("x");
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                        client.send("x").readToEnd();
                    }
                }),
                tcp("the server resets", "", SERVER, connection -> {
                    connection.hasMore();
                    connection.reset();
                }, client -> client.send("x").readToEnd()),
                tcp("the client resets", "", "timeout server 3s\n  " + SERVER, SILENT, client -> {
                    client.send("x");
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                    client.reset();
                }),
                tcp("no server, tcp", "", SERVER + " disabled", OK, client -> client.send("x").readToEnd()),
                tcp("rejected, tcp", "tcp-request inspect-delay 100ms\n  tcp-request content reject", SERVER, OK, client -> client.send("x").readToEnd()),
                tcp("the client is silent", "timeout client 100ms", "timeout server 3s\n  " + SERVER, connection -> connection.hasMore(), client -> client.readToEnd()),
                tcp("the server is silent, tcp", "timeout client 3s", "timeout server 100ms\n  " + SERVER, connection -> connection.readToEnd(), client -> client.send("x").readToEnd()));
    }

    /** On purpose otherwise; each stands in docs/compatibility.md. */
    private static final Map<String, String> OURS = Map.of(
            "a cookie that caches keep", "state 502 PH--", "the server breaks its chunks", "state 200 SD--",
            "the client leaves while the server thinks", "state 400 CH--", "the client leaves in the answer", "state 200 CD--",
            "a tunnel whose server leaves", "state 101 sD--", "the client leaves while it is connected", "state -1 CC--",
            "the client leaves in the queue", "state -1 CQ--");

    @TestFactory
    Stream<DynamicTest> endsAsHaproxySaysItDoes() {
        return scenarios().stream().map(s -> DynamicTest.dynamicTest(s.name(), () -> compare(s)));
    }

    private void compare(Scenario scenario) throws Exception {
        HaproxyProcess.assumeInstalled();
        String theirs = haproxy(scenario);
        String ours = OURS.getOrDefault(scenario.name(), theirs);
        assertThat(engine(scenario)).as(scenario.name()).isEqualTo(ours);
        assertThat(OURS.containsKey(scenario.name()) && ours.equals(theirs)).as("HAProxy does as we do now; the difference is none").isFalse();
    }

    private static String text(Scenario scenario, ScriptedOrigin origin, SyslogSink log) {
        return (HEAD + "frontend fe\n  bind 127.0.0.1:@1\n  " + scenario.frontend() + "\n  default_backend be\nbackend be\n  " + scenario.backend() + "\n")
                .replace("@MODE", scenario.mode()).replace("@FORMAT", scenario.mode().equals("http") ? HTTP_FORMAT : TCP_FORMAT).replace("@SERVER", "127.0.0.1:" + origin.port()).replace("@NOBODY", "127.0.0.1:9")
                .replace("@FULL", "127.0.0.1:" + full.port())
                .replace("@LOG", Integer.toString(log.port()));
    }

    private String haproxy(Scenario scenario) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(scenario.origin()); SyslogSink log = SyslogSink.udp();
                HaproxyProcess haproxy = HaproxyProcess.start(text(scenario, origin, log), folder)) {
            // The probe of the port is a stream of its own in mode tcp: the log is emptied behind it.
            Await.stable("lines of the probe", Duration.ofMillis(150), () -> log.messages().size());
            log.clear();
            try (RawClient client = RawClient.connect(haproxy.port())) {
                scenario.client().run(client);
                return state(log);
            }
        }
    }

    private static String engine(Scenario scenario) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(scenario.origin()); SyslogSink log = SyslogSink.udp();
                EngineHarness harness = EngineHarness.start(text(scenario, origin, log));
                RawClient client = harness.client()) {
            scenario.client().run(client);
            String state = state(log);
            client.close();
            harness.awaitNoStreams();
            return state;
        }
    }

    private static String state(SyslogSink log) {
        String line = log.awaitContaining("state ");
        String state = line.substring(line.indexOf("state ")).strip();
        return state.substring(0, state.lastIndexOf(' '));
    }
}
