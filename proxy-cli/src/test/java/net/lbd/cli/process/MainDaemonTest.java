package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon as a process, with its real engine, in front of a server of the JDK. */
@Timeout(90)
class MainDaemonTest {

    @TempDir
    private Path folder;
    private Path file;
    private Path socket;
    private HttpServer origin;
    private int http;
    private int raw;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("lbd.cfg");
        socket = folder.resolve("admin.sock");
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
        // A configuration cannot ask for "any" port: HAProxy refuses 0, and so do we.
        http = Ports.free();
        raw = Ports.free();
        Files.writeString(file, configuration(http));
    }

    @AfterEach
    void stop() {
        origin.stop(0);
    }

    private String configuration(int port) {
        return """
                global
                  nbthread 1
                  hard-stop-after 20s
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend fe
                  bind 127.0.0.1:%d
                  default_backend be
                listen raw
                  mode tcp
                  bind 127.0.0.1:%d
                  server s1 127.0.0.1:%d
                backend be
                  server s1 127.0.0.1:%d
                """.formatted(port, raw, origin.getAddress().getPort(), origin.getAddress().getPort());
    }

    private ChildProcess daemon() throws IOException {
        return ChildProcess.java(Main.class, Map.of("LBD_SOCKET", socket.toString()), List.of(), "-f", file.toString());
    }

    private String ask(String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    /** Asks until the daemon says so; the test's time limit ends a wait in vain. */
    private void awaitInfo(String line) throws IOException {
        while (!ask("show info").contains("\n" + line + "\n")) {
            Thread.onSpinWait();
        }
    }

    private static HttpResponse<String> get(int port) throws Exception {
        return HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesReloadsAndStops() throws Exception {
        try (ChildProcess child = daemon()) {
            child.awaitLine("is ready: 2 listeners (127.0.0.1:");
            assertThat(get(http).body()).isEqualTo("hello");

            Files.writeString(file, configuration(http).replace("default_backend be", "default_backend nope"));
            assertThat(ask("reload")).contains("'nope'").endsWith("Success=0\n\n");
            assertThat(get(http).body()).as("the old configuration serves on").isEqualTo("hello");

            Files.writeString(file, configuration(http) + "  server s2 127.0.0.1:1 disabled\n");
            assertThat(ask("reload")).contains("configuration applied").endsWith("Success=1\n\n");
            assertThat(get(http).body()).isEqualTo("hello");
            assertThat(ask("show stat")).contains("\nbe,s2,").containsPattern("\nfe,FRONTEND,.*,OPEN,");

            child.signal("TERM");
            assertThat(child.awaitExit()).isZero();
            assertThat(child.awaitOutput()).doesNotContain("\tat ");
        }
    }

    @Test
    void emptyFileIsRefusedInASentence() throws Exception {
        try (ChildProcess child = daemon()) {
            child.awaitLine("is ready");
            Files.writeString(file, "");

            assertThat(ask("reload")).isEqualTo("[ALERT]    config : the configuration has no listener: no frontend or"
                    + " listen section has a 'bind' line (LB3007)\nthe configuration is valid, but could not be put into"
                    + " service, 1 error\nSuccess=0\n\n");
            assertThat(get(http).body()).as("the old configuration serves on").isEqualTo("hello");
        }
        try (ChildProcess child = daemon()) {
            assertThat(child.awaitExit()).isEqualTo(1);

            assertThat(child.awaitOutput()).startsWith("[ALERT]    config : the configuration has no listener:")
                    .doesNotContain("built-in", "\tat ");
        }
    }

    @Test
    void serverInMaintenanceGetsNothing() throws Exception {
        try (ChildProcess child = daemon()) {
            child.awaitLine("is ready");

            assertThat(ask("disable server be/s1")).isEqualTo("\n");
            assertThat(get(http).statusCode()).isEqualTo(503);
            assertThat(ask("enable server be/s1")).isEqualTo("\n");
            assertThat(get(http).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void softStopLetsAConnectionEnd() throws Exception {
        try (ChildProcess child = daemon()) {
            child.awaitLine("is ready");
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), raw)) {
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
                awaitInfo("CurrConns: 1");

                child.signal("USR1");
                child.awaitLine("soft stop");
                awaitInfo("Stopping: 1");
                client.getOutputStream().write("Connection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200").endsWith("hello");
            }
            child.awaitLine("drained");
            assertThat(child.awaitExit()).isZero();
        }
    }

    @Test
    void addressInUseIsToldWithItsPlace() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(file, configuration(taken.getLocalPort()));
            try (ChildProcess child = daemon()) {
                assertThat(child.awaitExit()).isEqualTo(1);

                assertThat(child.awaitOutput()).contains("[ALERT]", "lbd.cfg:10:", "cannot listen on 127.0.0.1:"
                        + taken.getLocalPort()).doesNotContain("\tat ", "Exception");
            }
        }
        assertThat(socket).as("nothing is left behind").doesNotExist();
    }
}
