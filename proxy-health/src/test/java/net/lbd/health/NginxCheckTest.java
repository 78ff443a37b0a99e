package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.TlsClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real web server that answers well, answers badly, stops and comes back. */
@ExtendWith(NoLeaks.class)
class NginxCheckTest {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static MultiThreadIoEventLoopGroup loops;
    private static final String EXCHANGE = "option httpchk GET /owa/HealthCheck.htm ; http-check expect string 200\\ OK";

    private final BlockingQueue<HealthSnapshot> transitions = new LinkedBlockingQueue<>();
    private final BlockingQueue<CheckResult> results = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    private int plainPort;
    private int tlsPort;
    private Process nginx;

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed: real-server health checks are skipped");
        plainPort = freePort();
        tlsPort = freePort();
        Files.writeString(folder.resolve("cert.pem"), TestTls.CERTIFICATE.getCertificatePathPEM());
        Files.writeString(folder.resolve("key.pem"), TestTls.CERTIFICATE.getPrivateKeyPEM());
        Files.createDirectories(folder.resolve("www/owa"));
        Files.writeString(folder.resolve("www/owa/HealthCheck.htm"), "200 OK<br/>EX1.example.local");
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; master_process off; pid %1$s/pid; error_log %1$s/error.log;
                events { }
                http {
                    access_log %1$s/access.log;
                    client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
                    uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
                    server {
                        listen 127.0.0.1:%2$d; listen 127.0.0.1:%3$d ssl;
                        ssl_certificate %1$s/cert.pem; ssl_certificate_key %1$s/key.pem;
                        root %1$s/www;
                    }
                }
                """.formatted(folder, plainPort, tlsPort));
        startNginx();
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            stopNginx();
        }
    }

    @Test
    void followsTheServerThroughGoodBadAndNoAnswers() throws Exception {
        follow(plainPort, Optional.empty());
    }

    @Test
    void followsTheServerOverTls() throws Exception {
        follow(tlsPort, Optional.of(TestTls.trustingAll()));
    }

    private void follow(int port, Optional<TlsClient> tls) throws Exception {
        Duration fast = Duration.ofMillis(20);
        // It also bounds the handshake, and the first one of a JVM on a busy machine takes its time.
        Duration inter = Duration.ofMillis(tls.isPresent() ? 3000 : 500);
        Timing timing = new Timing(inter, fast, fast, 2, 2, Optional.empty(), Optional.of(Duration.ofSeconds(5)));
        CheckTarget target = CheckTarget.of("bk_exchange", "EX1",
                () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port), HaproxyLines.check(EXCHANGE), timing,
                tls, HealthSnapshot.initialUp(timing, Instant.now()));
        try (HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            monitor.watch(target, recorder());
            CheckResult first = results.poll(10, TimeUnit.SECONDS);

            Files.writeString(folder.resolve("www/owa/HealthCheck.htm"), "inactive");
            HealthSnapshot inactive = nextTransition();
            Files.writeString(folder.resolve("www/owa/HealthCheck.htm"), "200 OK<br/>EX1.example.local");
            HealthSnapshot active = nextTransition();
            stopNginx();
            HealthSnapshot stopped = nextTransition();
            startNginx();
            HealthSnapshot restarted = nextTransition();

            assertThat(first.reason()).startsWith("Layer7 check passed, code: 200, check duration: ");
            assertThat(reason(inactive)).startsWith("Layer7 invalid response, info: \"HTTP content check did not match\"");
            assertThat(active.up()).isTrue();
            assertThat(reason(stopped)).startsWith("Layer4 connection problem, info: \"Connection refused\"");
            assertThat(restarted.up()).isTrue();
        }
        assertThat(Files.readString(folder.resolve("access.log"))).contains("\"GET /owa/HealthCheck.htm HTTP/1.0\" 200");
        assertThat(Files.readString(folder.resolve("error.log"))).doesNotContain("reset by peer");
    }

    private HealthSnapshot nextTransition() throws InterruptedException {
        HealthSnapshot next = transitions.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a transition").isNotNull();
        return next;
    }

    private static String reason(HealthSnapshot snapshot) {
        return snapshot.last().orElseThrow().reason();
    }

    private void startNginx() throws IOException {
        nginx = new ProcessBuilder(NGINX.toString(), "-p", folder.toString(), "-c", folder.resolve("nginx.conf").toString(),
                "-e", folder.resolve("error.log").toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
        Instant limit = Instant.now().plusSeconds(10);
        while (!accepts()) {
            assertThat(nginx.isAlive() && Instant.now().isBefore(limit)).as("nginx: %s", folder.resolve("error.log")).isTrue();
            Thread.onSpinWait();
        }
    }

    private boolean accepts() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), plainPort)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void stopNginx() throws InterruptedException {
        nginx.destroy();
        assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private HealthListener recorder() {
        return new HealthListener() {
            @Override
            public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
                results.add(result);
            }

            @Override
            public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
                transitions.add(after);
            }
        };
    }
}
