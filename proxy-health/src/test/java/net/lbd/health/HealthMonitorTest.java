package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole module against real sockets. */
@ExtendWith(NoLeaks.class)
class HealthMonitorTest {

    private static MultiThreadIoEventLoopGroup loops;
    private static final String ANSWER_200 = "read | send:HTTP/1.0 200 OK\\r\\n\\r\\n | close";
    private static final String ANSWER_503 = "read | send:HTTP/1.0 503 Service Unavailable\\r\\n\\r\\n | close";

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aServerGoesDownAndComesBack() throws Exception {
        Queue seen = new Queue();
        try (ScriptedServer server = new ScriptedServer(ANSWER_200, Optional.empty());
                HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            Watch watch = monitor.watch(target(server::address, HaproxyLines.check("option httpchk")), seen);

            seen.await("2/2 UP");
            server.script(ANSWER_503);
            String down = seen.await("DOWN");
            assertThat(watch.snapshot().up()).isFalse();
            assertThat(watch.snapshot().last().orElseThrow().reason())
                    .startsWith("Layer7 wrong status, code: 503, info: \"Service Unavailable\", check duration: ");
            server.script(ANSWER_200);
            String up = seen.await("UP");

            assertThat(down).isEqualTo("b/s DOWN L7STS");
            assertThat(up).isEqualTo("b/s UP L7OK");
            assertThat(watch.snapshot().up()).isTrue();
        }
    }

    @Test
    void aServerThatStartsDeadIsDownAtItsFirstCheck() throws Exception {
        Queue seen = new Queue();
        try (ScriptedServer server = new ScriptedServer("refuse", Optional.empty());
                HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            monitor.watch(target(server::address, CheckSpec.CONNECT), seen);

            assertThat(seen.await("DOWN")).isEqualTo("b/s DOWN L4CON");
            assertThat(seen.results.get(0)).isEqualTo("0/2 DOWN");
        }
    }

    @Test
    void checkNowDoesNotWaitForALongInterval() throws Exception {
        Queue seen = new Queue();
        Timing slow = Timing.every(Duration.ofHours(1));
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty());
                HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            monitor.watch(target(server::address, CheckSpec.CONNECT, slow), seen);
            seen.await("3/3 UP");
            Watch second = monitor.watch(target(server::address, CheckSpec.CONNECT, slow), seen);

            second.checkNow();

            assertThat(seen.await("3/3 UP")).isEqualTo("3/3 UP");
            assertThat(second.snapshot().last().orElseThrow().status()).isEqualTo(CheckStatus.L4OK);
        }
    }

    @Test
    void continuesFromWhatWasKnown() throws Exception {
        Queue seen = new Queue();
        Timing timing = timing();
        HealthSnapshot known = new HealthSnapshot(false, 1, 2, 2, Optional.empty(), Instant.EPOCH);
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty());
                HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            monitor.watch(CheckTarget.of("b", "s", server::address, CheckSpec.CONNECT, timing, Optional.empty(), known), seen);

            assertThat(seen.await("UP")).isEqualTo("b/s UP L4OK");
            assertThat(seen.results.get(0)).isEqualTo("2/2 UP");
        }
    }

    @Test
    void closeStopsEverythingAndRefusesMore() throws Exception {
        Queue seen = new Queue();
        try (ScriptedServer server = new ScriptedServer("read | hold", Optional.empty())) {
            HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new);
            CheckTarget target = target(server::address, HaproxyLines.check("option httpchk"), Timing.every(Duration.ofHours(1)));
            monitor.watch(target, seen);
            server.nextRequest();

            monitor.close();

            assertThat(server.nextEnd()).isEqualTo(ScriptedServer.End.FIN);
            assertThatThrownBy(() -> monitor.watch(target, seen)).isInstanceOf(IllegalStateException.class);
            assertThat(seen.results).isEmpty();
        }
    }

    @Test
    void closeDoesNotWaitForLoopsThatAreGone() throws Exception {
        MultiThreadIoEventLoopGroup gone = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        HealthMonitor monitor = new HealthMonitor(gone, NioSocketChannel::new);
        Queue seen = new Queue();
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty())) {
            monitor.watch(target(server::address, CheckSpec.CONNECT, Timing.every(Duration.ofHours(1))), seen);
            seen.await("3/3 UP");
            gone.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();

            assertTimeout(Duration.ofSeconds(4), monitor::close);
        }
    }

    /** Netty closes a loop's channels once and runs tasks after that: a channel made then would stay open. */
    @Test
    void startsNoCheckOnALoopThatIsShuttingDown() throws Exception {
        MultiThreadIoEventLoopGroup closing = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        AtomicInteger channels = new AtomicInteger();
        Queue seen = new Queue();
        try (ScriptedServer alive = new ScriptedServer("hold", Optional.empty());
                ScriptedServer full = new ScriptedServer("full", Optional.empty())) {
            AtomicReference<SocketAddress> address = new AtomicReference<>(alive.address());
            HealthMonitor monitor = new HealthMonitor(closing, () -> {
                channels.incrementAndGet();
                return new NioSocketChannel();
            });
            Watch watch = monitor.watch(target(address::get, CheckSpec.CONNECT, Timing.every(Duration.ofHours(1))), seen);
            seen.await("3/3 UP");
            address.set(full.address());
            Channel last = new NioServerSocketChannel();
            closing.register(last).sync();
            last.closeFuture().addListener(closed -> watch.checkNow());

            closing.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
            monitor.close();

            assertThat(channels).hasValue(1);
            assertThat(seen.results).containsExactly("3/3 UP");
        }
    }

    @Test
    void aCheckThatTheShutdownOfItsLoopBreaksOffSaysNothingOfTheServer() throws Exception {
        MultiThreadIoEventLoopGroup closing = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Queue seen = new Queue();
        try (ScriptedServer server = new ScriptedServer("read | hold", Optional.empty())) {
            HealthMonitor monitor = new HealthMonitor(closing, NioSocketChannel::new);
            Watch watch = monitor.watch(
                    target(server::address, HaproxyLines.check("option httpchk"), Timing.every(Duration.ofHours(1))), seen);
            server.nextRequest();

            closing.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
            monitor.close();

            assertThat(seen.results).isEmpty();
            assertThat(watch.snapshot().up()).isTrue();
        }
    }

    @Test
    void refusesStepsThatMakeNoSequence() {
        LogFormatSpec slash = LogFormatSpec.literal(SourceLocation.BUILT_IN, "/");
        CheckStep send = new CheckStep.HttpSend(SourceLocation.BUILT_IN, "GET", slash, "HTTP/1.0", List.of(), slash, Optional.empty());
        CheckSpec twice = new CheckSpec(
                SourceLocation.BUILT_IN, CheckSpec.Kind.HTTP, List.of(send, send), CheckSpec.Options.NONE);
        try (HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            assertThatThrownBy(() -> monitor.watch(target(() -> new InetSocketAddress(1), twice), new Queue()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("'http-check send' needs a connection of its own");
        }
    }

    private static CheckTarget target(Supplier<SocketAddress> address, CheckSpec check) {
        return target(address, check, timing());
    }

    private static CheckTarget target(Supplier<SocketAddress> address, CheckSpec check, Timing timing) {
        return CheckTarget.of("b", "s", address, check, timing, Optional.empty(),
                HealthSnapshot.initialUp(timing, Instant.EPOCH));
    }

    /** Fast, but with time enough to connect on a busy machine: {@code inter} bounds that too. */
    private static Timing timing() {
        Duration fast = Duration.ofMillis(10);
        return new Timing(Duration.ofMillis(500), fast, fast, 2, 2, Optional.empty(), Optional.of(Duration.ofSeconds(5)));
    }

    /** What the listener was told, for the test's thread to wait for. */
    private static final class Queue implements HealthListener {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final List<String> results = new CopyOnWriteArrayList<>();

        @Override
        public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
            results.add(snapshot.status());
            told.add(snapshot.status());
        }

        @Override
        public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
            told.add(target.name() + (after.up() ? " UP " : " DOWN ") + after.last().orElseThrow().status());
        }

        /** A status as it stands in a result, or {@code UP} or {@code DOWN} for the next such transition. */
        String await(String wanted) throws InterruptedException {
            while (true) {
                String next = told.poll(10, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError("never told " + wanted + "; results: " + results);
                }
                if (next.equals(wanted) || next.startsWith("b/s " + wanted + " ")) {
                    return next;
                }
            }
        }
    }
}
