package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.core.mail.MailSender;
import net.lbd.health.Watch;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Mails about servers, to Postfix's smtp-sink and to servers that refuse, hang or cut; they read as HAProxy 2.6's do. */
@ExtendWith(NoLeaks.class)
class MailAlertsTest {

    private static final Path SINK = Path.of("/usr/sbin/smtp-sink");

    @TempDir
    private Path dir;
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(MailSender.class);

    static boolean hasSink() {
        return Files.isExecutable(SINK);
    }

    @BeforeEach
    void listen() {
        told.list = new CopyOnWriteArrayList<>();
        told.start();
        log.addAppender(told);
    }

    @AfterEach
    void stop() {
        log.detachAppender(told);
    }

    private static EngineHarness engine(int mailerPort, String more) {
        return EngineHarness.start(EngineHarness.httpText("", """
                email-alert mailers m
                email-alert from lb@example.org
                email-alert to admin@example.org
                email-alert myhostname lb.example.org
                server s 127.0.0.1:1 check inter 1h
                server t 127.0.0.1:2
                """ + more) + "mailers m\n  timeout mail 2s\n  mailer one 127.0.0.1:" + mailerPort + "\n");
    }

    private static Server server(EngineHarness engine) {
        return engine.backend("be").servers().get(0);
    }

    private List<String> mails(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(file -> {
                try {
                    return Files.readString(file, StandardCharsets.ISO_8859_1);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }).filter(text -> text.contains("\nSubject: ") && text.endsWith("\n\n")).toList();
        }
    }

    @Test
    @EnabledIf("hasSink")
    void aRealServerTakesThem() throws Exception {
        int port = Ports.free();
        Path folder = Files.createDirectory(dir.resolve("mails"));
        Process sink = new ProcessBuilder(SINK.toString(), "-u", System.getProperty("user.name"), "-d", folder + "/%M.", "127.0.0.1:" + port, "10")
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(dir.resolve("sink.log").toFile()).start();
        try {
            Ports.awaitListening(port);
            try (EngineHarness engine = engine(port, "email-alert level notice")) {
                Server s = server(engine);
                Await.until("the first check is over", () -> s.state().health().flatMap(h -> h.last()).isPresent());
                Await.until("a mail that it is down", () -> mails(folder).size() == 1);
                assertThat(mails(folder).get(0)).contains("X-Helo-Args: lb.example.org\n", "X-Mail-Args: <lb@example.org>\n",
                        "X-Rcpt-Args: <admin@example.org>\n", "\nFrom: lb@example.org\nTo: admin@example.org\nDate: ");
                assertThat(mails(folder).get(0)).containsPattern("\nDate: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} \\+0000 \\(UTC\\)\n"
                        + "Subject: \\[HAProxy Alert\\] Server be/s is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", "
                        + "check duration: [0-9]+ms\\. 1 active and 0 backup servers left\\. 0 sessions active, 0 requeued, 0 remaining in queue\n\n"
                        + "Server be/s is DOWN, reason: .* 0 remaining in queue\n\n$");

                engine.engine().forceHealth(s, Watch.Forced.UP);
                Await.until("a mail that it is up", () -> mails(folder).stream().anyMatch(m -> m.contains("Server be/s is UP")));
            }
        } finally {
            sink.destroy();
            sink.waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(told.list).isEmpty();
    }

    @Test
    void whatIsLessImportantThanTheLevelIsNotMailed() {
        try (ScriptedOrigin mailer = ScriptedOrigin.start(connection -> connection.send("220 x\r\n"));
                EngineHarness engine = engine(mailer.port(), "")) {
            Server s = server(engine);
            Await.until("down", () -> !s.state().isUp());
            Await.until("mailed", () -> mailer.connections().size() == 1);
            engine.engine().forceHealth(s, Watch.Forced.UP);
            Await.until("up", () -> s.state().isUp());
            assertThat(mailer.connections()).hasSize(1);
        }
    }

    @Test
    void aRefusalIsTold() {
        try (ScriptedOrigin mailer = ScriptedOrigin.start(connection -> {
            connection.send("220-hello\r\n220 hello\r\n");
            connection.send("554 5.7.1 not you\r\n");
            connection.hang();
        }); EngineHarness engine = engine(mailer.port(), "")) {
            Await.until("it is told", () -> told.list.stream().map(ILoggingEvent::getFormattedMessage).anyMatch(m -> m.matches(
                    "LBM001 mail to admin@example.org through one \\(.*\\) is not sent: the reply to HELO was: 554 5\\.7\\.1 not you: Server be/s is DOWN.*")));
            assertThat(engine.backend("be").usableServers()).isEqualTo(1);
        }
    }

    @Test
    void silenceEndsInTime() {
        try (ScriptedOrigin mailer = ScriptedOrigin.start(connection -> connection.hang()); EngineHarness engine = engine(mailer.port(), "")) {
            Await.until("it is told", () -> told.list.stream().map(ILoggingEvent::getFormattedMessage).anyMatch(m -> m.contains(
                    "is not sent: it took longer than 2000 ms; waiting for the reply to the greeting")));
            assertThat(engine.backend("be").usableServers()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatIsNotThereIsTold() {
        try (EngineHarness engine = engine(Ports.free(), "")) {
            Await.until("it is told", () -> told.list.stream().map(ILoggingEvent::getFormattedMessage)
                    .anyMatch(m -> m.contains("is not sent: cannot connect: ")));
            assertThat(engine.backend("be").usableServers()).isEqualTo(1);
        }
    }

    @Test
    void withoutSenderOrRecipientThereIsNone() {
        try (EngineHarness engine = EngineHarness.http("", "server s 127.0.0.1:1")) {
            assertThat(engine.apply(EngineHarness.httpText("", "email-alert to a@b\nserver s 127.0.0.1:1")).problems().toString())
                    .contains("backend 'be' sends no mails");
        }
    }
}
