package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Version;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.Settings;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CommandServerTest {

    private static final String VERSION_LINE = Version.CURRENT.number() + "\n";
    private static final String VERSION_ANSWER = Version.CURRENT.number() + "\n\n";

    @TempDir
    private Path folder;
    private final FakeDaemon daemon = new FakeDaemon();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private UnixDomainSocketAddress address;
    private CommandServer server;

    @BeforeEach
    void nameSocket() {
        address = UnixDomainSocketAddress.of(folder.resolve("s"));
    }

    @AfterEach
    void stop() {
        server.close();
        timer.shutdownNow();
    }

    private void start(Level level, CommandServer.Limits limits) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(address);
        server = new CommandServer(socket, level, new CommandTable(), daemon, limits, timer);
        server.start();
    }

    @Test
    void newLimitsHoldFromTheNextClientOn() throws Exception {
        start(Level.ADMIN, new CommandServer.Limits(100, 1, Duration.ofSeconds(10)));
        server.setLimits(new CommandServer.Limits(100, 2, Duration.ofSeconds(10)));
        try (UnixClient first = new UnixClient(address); UnixClient second = new UnixClient(address)) {
            second.send("show version\n");
            assertThat(second.readAll()).as("beside one that is silent").isEqualTo(VERSION_ANSWER);

            server.setLimits(new CommandServer.Limits(100, 1, Duration.ofMillis(50)));
            first.send("show version\n");
            assertThat(first.readAll()).as("a client that was here keeps its place").isEqualTo(VERSION_ANSWER);
        }
        try (UnixClient slow = new UnixClient(address)) {
            assertThat(slow.readAll()).as("the new time is over").isEmpty();
        }
    }

    private void start() throws IOException {
        start(Level.ADMIN, CommandServer.Limits.of(Settings.EMPTY));
    }

    @Test
    void answersOneLineThenCloses() throws IOException {
        start();

        assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void answersEachCommandOfALine() throws IOException {
        start();

        assertThat(UnixClient.ask(address, "show version;show version ; show version\n"))
                .isEqualTo(VERSION_ANSWER.repeat(3));
    }

    @Test
    void ignoresWhatFollowsTheLine() throws IOException {
        start();

        assertThat(UnixClient.ask(address, "show version\nshow version\n")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void takesALineInAnyPieces() throws IOException {
        start();
        String line = "show version\n";

        for (int split = 1; split < line.length(); split++) {
            try (UnixClient client = new UnixClient(address)) {
                client.send(line.substring(0, split)).send(line.substring(split));
                assertThat(client.readAll()).as("split at %d", split).isEqualTo(VERSION_ANSWER);
            }
        }
    }

    @Test
    void clientThatShutsItsHalfDownGetsTheWholeAnswer() throws Exception {
        start();
        CountDownLatch reloading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        daemon.onReload(() -> {
            reloading.countDown();
            await(finish);
            return new ReloadResult(false, List.of(), "no", Duration.ZERO);
        });

        try (UnixClient client = new UnixClient(address)) {
            client.send("reload;show version\n").halfClose();
            await(reloading);
            finish.countDown();

            assertThat(client.readAll()).isEqualTo("no\nSuccess=0\n\n" + VERSION_ANSWER);
        }
    }

    @Test
    void endOfInputEndsTheLine() throws IOException {
        start();

        try (UnixClient client = new UnixClient(address)) {
            assertThat(client.send("show version").halfClose().readAll()).isEqualTo(VERSION_ANSWER);
        }
    }

    @Test
    void clientThatSaysNothingGetsNothing() throws IOException {
        start();

        try (UnixClient client = new UnixClient(address)) {
            assertThat(client.halfClose().readAll()).isEmpty();
        }
        assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void oversizedLineIsAnsweredWithItsLimit() throws IOException {
        start(Level.ADMIN, new CommandServer.Limits(100, 4, Duration.ofSeconds(10)));

        try (UnixClient client = new UnixClient(address)) {
            client.send("x".repeat(5000)).halfClose();
            assertThat(client.readAll()).isEqualTo("Line too long: more than 100 bytes.\n\n");
        }
        assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void lineOfExactlyTheLimitIsTaken() throws IOException {
        start(Level.ADMIN, new CommandServer.Limits(40, 4, Duration.ofSeconds(10)));
        String line = "show version" + " ".repeat(27) + "\n";

        assertThat(line).hasSize(40);
        assertThat(UnixClient.ask(address, line)).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void garbageIsAnUnknownCommandAndHarmsNobody() throws IOException {
        start();
        Random random = new Random(99);

        for (int round = 0; round < 50; round++) {
            byte[] garbage = new byte[1 + random.nextInt(300)];
            random.nextBytes(garbage);
            try (UnixClient client = new UnixClient(address)) {
                client.send(garbage).halfClose().readAll();
            }
        }

        assertThat(UnixClient.ask(address, "\u0001\u0002 nonsense\n")).startsWith("Unknown command.");
        assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
        assertThat(daemon.calls()).isEmpty();
    }

    @Test
    void slowClientIsClosedAndHoldsNobodyUp() throws IOException {
        start(Level.ADMIN, new CommandServer.Limits(100, 2, Duration.ofSeconds(1)));

        try (UnixClient slow = new UnixClient(address)) {
            slow.send("show ver");
            assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
            assertThat(slow.readAll()).isEmpty();
        }
    }

    @Test
    void manyClientsAtOnceAreAllAnswered() throws Exception {
        start(Level.ADMIN, new CommandServer.Limits(1000, 4, Duration.ofSeconds(10)));

        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> askUnchecked("show version\n"),
                    task -> new Thread(task).start()));
        }

        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(VERSION_ANSWER);
        }
    }

    @Test
    void blockedCommandHoldsNoOtherClientUp() throws Exception {
        start();
        CountDownLatch reloading = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        daemon.onReload(() -> {
            reloading.countDown();
            await(finish);
            return new ReloadResult(true, List.of(), "", Duration.ofMillis(3));
        });
        CompletableFuture<String> reload =
                CompletableFuture.supplyAsync(() -> askUnchecked("reload\n"), task -> new Thread(task).start());
        await(reloading);

        assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
        finish.countDown();

        assertThat(reload.get(10, TimeUnit.SECONDS))
                .isEqualTo("configuration applied in 3 ms\nSuccess=1\n\n");
    }

    @Test
    void aLongLineHoldsNoMoreThanOneAnswer() throws Exception {
        start();
        String answer = "x".repeat(1_000_000);
        daemon.onReload(() -> new ReloadResult(false, List.of(), answer, Duration.ZERO));
        try (UnixClient client = new UnixClient(address)) {
            client.send("reload;".repeat(100) + "\n");
            Await.until("the first command ran", () -> !daemon.calls().isEmpty());
            // What the sockets take, and one more that waits to be sent.
            Await.until("the client is waited for", () -> {
                int before = daemon.calls().size();
                LockSupport.parkNanos(100_000_000);
                return daemon.calls().size() == before;
            });
            assertThat(daemon.calls()).hasSizeLessThan(20);
            assertThat(client.readAll()).hasSize(100 * (answer + "\nSuccess=0\n\n").length());
            assertThat(daemon.calls()).hasSize(100);
        }
    }

    @Test
    void shortCommandsAreCarriedOutForAClientThatDoesNotWait() throws Exception {
        start();
        daemon.onReload(() -> new ReloadResult(false, List.of(), "no", Duration.ZERO));
        try (UnixClient client = new UnixClient(address)) {
            client.send("reload;reload;reload\n");
        }
        Await.until("all have run", () -> daemon.calls().size() == 3);
    }

    @Test
    void aClientWithoutAThreadDoesNotEndTheSocket() throws Exception {
        AtomicInteger failures = new AtomicInteger(3);
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(address);
        server = new CommandServer(socket, Level.ADMIN, new CommandTable(), daemon,
                new CommandServer.Limits(100, 1, Duration.ofSeconds(10)), timer, task -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return new Thread(task);
                });
        server.start();
        for (int i = 0; i < 3; i++) {
            try (UnixClient client = new UnixClient(address)) {
                assertThat(client.readAll()).isEmpty();
            }
        }
        assertThat(UnixClient.ask(address, "show version\n")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void levelForbidsAndHides() throws IOException {
        start(Level.USER, CommandServer.Limits.of(Settings.EMPTY));

        assertThat(UnixClient.ask(address, "stop\n"))
                .isEqualTo("Permission denied: 'stop' needs level admin.\n\n");
        assertThat(UnixClient.ask(address, "help\n")).contains("show stat").doesNotContain("soft-stop");
        assertThat(daemon.calls()).isEmpty();
    }

    @Test
    void internalErrorIsAnAnswer() throws IOException {
        start();
        daemon.onReload(() -> {
            throw new IllegalStateException("boom");
        });

        assertThat(UnixClient.ask(address, "reload;show version\n"))
                .isEqualTo("Internal error: java.lang.IllegalStateException: boom\n\n" + VERSION_ANSWER);
    }

    @Test
    void clientThatComesAfterTheEndIsClosed() throws IOException {
        start();
        timer.shutdownNow();

        assertThat(UnixClient.ask(address, "")).isEmpty();
        server.close();
        assertThat(daemon.calls()).isEmpty();
    }

    private String askUnchecked(String line) {
        try {
            return UnixClient.ask(address, line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void afterPromptLineFollowsLine() throws IOException {
        start();

        assertThat(UnixClient.ask(address, "prompt\nshow version\nshow version; show cli level\nquit\nshow version\n"))
                .isEqualTo("\n> " + VERSION_LINE + "\n> " + VERSION_LINE + "\n> admin\n\n> ");
    }

    @Test
    void aSecondPromptEndsTheDialog() throws IOException {
        start();

        assertThat(UnixClient.ask(address, "prompt\nprompt\nshow version\n")).isEqualTo("\n> \n");
    }

    @Test
    void anInteractiveClientThatShutsItsHalfDownGetsItsAnswers() throws IOException {
        start();
        try (UnixClient client = new UnixClient(address)) {
            client.send("prompt\nshow version\nshow cli level").halfClose();

            assertThat(client.readAll()).isEqualTo("\n> " + VERSION_LINE + "\n> admin\n\n> ");
        }
    }

    @Test
    void theLevelOfAClientIsLoweredAndNotRaised() throws IOException {
        start();

        String answer = UnixClient.ask(address, "prompt\noperator\nshow cli level\nstop\nuser\noperator\nshow env\nshow cli level\nquit\n");

        assertThat(answer).startsWith("\n> \n> operator\n\n> Permission denied: 'stop' needs level admin.\n\n> \n> Permission denied")
                .endsWith("user\n\n> ").contains("'show env' needs level operator");
        assertThat(daemon.calls()).isEmpty();
    }

    @Test
    void aPayloadMayBeFollowedByMoreLines() throws IOException {
        start();

        assertThat(UnixClient.ask(address, "prompt\nshow version <<\nline 1\nline 2\n\nshow cli level\nquit\n"))
                .isEqualTo("\n> " + VERSION_LINE + "\n> admin\n\n> ");
    }

    @Test
    void aClientSetsItsOwnTimeout() throws IOException {
        start();
        try (UnixClient client = new UnixClient(address)) {
            client.send("prompt\nset timeout cli 50ms\n");
            assertThat(client.readAll()).as("then it is too slow").isEqualTo("\n> \n> ");
        }
        assertThat(UnixClient.ask(address, "set timeout cli\n")).isEqualTo("Expects an integer value.\n\n");
        assertThat(UnixClient.ask(address, "set timeout cli x\n")).isEqualTo("Invalid timeout value.\n\n");
        assertThat(UnixClient.ask(address, "set timeout cli 0\n")).isEqualTo("Invalid timeout value.\n\n");
    }

    @Test
    void commandsNeedTheLevelOfTheSocket() throws IOException {
        start(Level.USER, CommandServer.Limits.of(Settings.EMPTY));

        assertThat(UnixClient.ask(address, "show cli level; show sess; disable frontend x; clear counters; show stat\n"))
                .startsWith("user\n\nPermission denied: 'show sess' needs level operator.\n\n"
                        + "Permission denied: 'disable frontend' needs level admin.\n\nPermission denied: 'clear counters' needs level operator.\n\n# pxname,");
    }
}
