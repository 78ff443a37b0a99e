package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import net.lbd.cli.FakeDaemon;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Facility;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.RingSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.log.LogIdentity;
import net.lbd.core.log.LogTarget;
import net.lbd.core.log.LogWriter;
import net.lbd.core.runtime.Transport;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EventCommandsTest {

    @TempDir
    private Path folder;
    private final CommandTable table = new CommandTable();
    private final FakeDaemon daemon = new FakeDaemon();
    private final LogWriter writer = new LogWriter(1, Transport.best());
    private List<LogTarget> targets;

    @BeforeEach
    void makeRing() {
        RingSpec ring = new RingSpec("r", "a text", Format.RAW, 1000, 10_000, List.of(), Duration.ZERO, Duration.ZERO);
        targets = List.of(writer.target(new LogTargetSpec(SourceLocation.BUILT_IN, new Destination.Ring(ring), Format.RAW, Facility.LOCAL0,
                LogTargetSpec.Level.DEBUG, LogTargetSpec.Level.EMERG, 1000, Optional.empty()),
                new LogIdentity("lbd", 1, Optional.empty(), ZoneOffset.UTC)));
        daemon.engine().showRings(writer.rings());
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private void log(String line) {
        long next = writer.rings().get(0).from(0).next();
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        writer.write(0, targets, LogTargetSpec.Level.INFO, bytes, 0, bytes.length);
        Await.until("the line", () -> writer.rings().get(0).from(0).next() == next + 1);
    }

    private String run(String line) {
        return table.run(daemon, Level.ADMIN, List.of(line.split(" ")));
    }

    @Test
    void aRingIsListedAndShown() {
        log("one");
        log("two");
        assertThat(run("show events")).isEqualTo("Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop\n"
                + "    r          : type=buffer, 0 dropped, a text\n");
        assertThat(run("show events r")).isEqualTo("one\ntwo\n");
        assertThat(run("show events r -n")).isEmpty();
        assertThat(run("show events nope")).isEqualTo("No such event sink\n");
        assertThat(run("show events r -x")).startsWith("'show events' wants the name of one sink");
    }

    @Test
    void aClientFollowsARingUntilItHasEnough() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(address);
        try (CommandServer server = new CommandServer(socket, Level.ADMIN, table, daemon,
                new CommandServer.Limits(100, 5, Duration.ofSeconds(30)), timer)) {
            server.start();
            log("before");
            try (UnixClient all = new UnixClient(address); UnixClient fresh = new UnixClient(address); UnixClient both = new UnixClient(address);
                    UnixClient prompted = new UnixClient(address)) {
                all.send("show events r -w\n");
                CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> readUntil(all, "after"));
                log("after");
                assertThat(read.get()).isEqualTo("before\nafter\n");
                all.send("q");
                assertThat(all.readAll()).isEqualTo("\n");
                fresh.send("show events r -wn\n").halfClose();
                assertThat(fresh.readAll()).isEqualTo("\n");
                both.send("show events nope -w\n");
                assertThat(both.readAll()).isEqualTo("No such event sink\n\n");
                prompted.send("prompt\nshow events r -w\nshow events r\nquit\n");
                assertThat(prompted.readAll()).isEqualTo("\n> before\nafter\n\n> before\nafter\n\n> ");
            }
        } finally {
            timer.shutdownNow();
        }
    }

    private static String readUntil(UnixClient client, String end) {
        try {
            return client.readUntil(end);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
