package net.lbd.health.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.lbd.health.Escapes;
import net.lbd.health.HaproxyLines;
import net.lbd.health.NoLeaks;
import net.lbd.health.ScriptedServer;
import net.lbd.health.Tables;
import net.lbd.health.TestTls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check that observe.py showed to HAProxy, shown to ours. */
@ExtendWith(NoLeaks.class)
class HaproxyTableTest {

    private static MultiThreadIoEventLoopGroup loops;

    static List<Arguments> observed() {
        return Stream.of("checks-haproxy-2.6.tsv", "sequences-haproxy-2.6.tsv").flatMap(table -> Tables.rows(table).stream()).toList();
    }

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("observed")
    void reportsWhatHaproxyReports(
            String name, String tls, String script, String check, String status, String code, String info, String ours)
            throws Exception {
        boolean serverTls = tls.equals("both") || tls.equals("refused");
        Optional<TlsClient> client = switch (tls) {
            case "refused" -> Optional.of(TestTls.trustingNone());
            default -> Optional.of(TestTls.trustingAll());
        };
        Duration time = !status.endsWith("TOUT") ? Duration.ofSeconds(8)
                : Duration.ofMillis(script.startsWith("tls") ? 1500 : 300);
        Semaphore connected = new Semaphore(0);
        try (ScriptedServer server = new ScriptedServer(script,
                serverTls ? Optional.of(TestTls.server()) : Optional.empty(), Optional.of(connected))) {
            String port = Integer.toString(server.port());
            CheckPlan plan = CheckPlan.of(HaproxyLines.check(check.replace("PORT", port)),
                    new CheckPlan.Connections(client, !tls.equals("no"), false, 1));
            CheckRunner runner = new CheckRunner(() -> new TellingChannel(connected), plan,
                    new CheckRunner.Deadlines(time, Optional.empty()), InstantSource.system());
            CompletableFuture<CheckResult> done = new CompletableFuture<>();
            var loop = loops.next();
            loop.execute(() -> runner.start(loop, CheckRunner.Subject.of(server::address), done::complete));
            CheckResult result = done.get(10, TimeUnit.SECONDS);

            String observed = ours.equals("-") ? status + ' ' + code + ' ' + info : ours.contains(" ") ? ours : ours + " - -";
            String expected = observed.chars().filter(c -> c == ' ').count() < 2 ? observed + " -" : observed;
            assertThat(describe(result)).isEqualTo(Escapes.text(expected.replace("PORT", port)));
        }
    }

    private static String describe(CheckResult result) {
        String code = result.code().isPresent() ? Integer.toString(result.code().getAsInt()) : "-";
        return result.status() + " " + code + " " + (result.info().isEmpty() ? "-" : result.info());
    }

    /** Gives a permit when it is connected. */
    private static final class TellingChannel extends NioSocketChannel {

        private final Semaphore connected;

        private TellingChannel(Semaphore connected) {
            this.connected = connected;
        }

        @Override
        protected boolean doConnect(SocketAddress remote, SocketAddress local) throws Exception {
            boolean done = super.doConnect(remote, local);
            if (done) {
                connected.release();
            }
            return done;
        }

        @Override
        protected void doFinishConnect() throws Exception {
            super.doFinishConnect();
            connected.release();
        }
    }
}
