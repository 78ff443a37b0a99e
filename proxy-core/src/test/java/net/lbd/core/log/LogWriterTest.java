package net.lbd.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Facility;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.TestProxy;
import net.lbd.core.runtime.Transport;
import net.lbd.core.stream.StreamClock;
import net.lbd.core.stream.Termination;
import net.lbd.core.stream.TestStream;
import net.lbd.testkit.Await;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LogWriterTest {

    private static final LogIdentity IDENTITY =
            new LogIdentity("lbd", 30400, Optional.empty(), ZoneOffset.UTC);

    private LogWriter writer = new LogWriter(1, Transport.best());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        writer.close();
    }

    private static LogTargetSpec spec(Destination destination, Format format, Level level, Level minLevel, int length) {
        return new LogTargetSpec(SourceLocation.BUILT_IN, destination, format, Facility.LOCAL0, level, minLevel, length, Optional.empty());
    }

    private static LogTargetSpec spec(Destination destination, Format format) {
        return spec(destination, format, Level.DEBUG, Level.EMERG, 1024);
    }

    private static Destination udp(SyslogSink sink) {
        return new Destination.Udp("127.0.0.1", sink.port());
    }

    private boolean log(List<LogTarget> targets, Level level, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return writer.write(0, targets, level, bytes, 0, bytes.length);
    }

    /** Sends until the sink has something: a socket may not be open when the first line comes. */
    private List<String> received(SyslogSink sink, List<LogTarget> targets, Level level, String line) {
        Await.until("a line at the syslog server", () -> {
            log(targets, level, line);
            return !sink.messages().isEmpty();
        });
        return sink.messages();
    }

    /** Headers as HAProxy 2.6 sent them; a date is told by its shape. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "RFC3164 | '' | <134>[A-Z][a-z]{2} [ 123][0-9] [0-9:]{8} lbd\\[30400\\]: message",
        "RFC3164 | host | <134>[A-Z][a-z]{2} [ 123][0-9] [0-9:]{8} host lbd\\[30400\\]: message",
        "LOCAL | host | <134>[A-Z][a-z]{2} [ 123][0-9] [0-9:]{8} lbd\\[30400\\]: message",
        "RFC5424 | '' | <134>1 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}\\+00:00 - lbd 30400 - - message",
        "RFC5424 | host | <134>1 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}\\+00:00 host lbd 30400 - - message",
        "PRIORITY | '' | <134>message", "SHORT | '' | <6>message", "RAW | '' | message",
        "TIMED | '' | <6>20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}\\+00:00 message",
        "ISO | '' | 20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}\\+00:00 message"})
    void everyFormatHasItsHeader(Format format, String hostname, String expected) {
        LogIdentity identity = new LogIdentity(
                "lbd", 30400, Optional.of(hostname).filter(h -> !h.isEmpty()), ZoneOffset.UTC);
        try (SyslogSink sink = SyslogSink.udp()) {
            LogTarget target = writer.target(spec(udp(sink), format), identity);
            assertThat(received(sink, List.of(target), Level.INFO, "message").get(0)).matches(expected + "\\n?");
        }
    }

    @Test
    void lineIsCutToItsLengthWithItsHeader() {
        try (SyslogSink sink = SyslogSink.udp()) {
            LogTarget target = writer.target(
                    spec(udp(sink), Format.PRIORITY, Level.DEBUG, Level.EMERG, 15), IDENTITY);
            assertThat(received(sink, List.of(target), Level.INFO, "0123456789abcdef").get(0).stripTrailing())
                    .isEqualTo("<134>0123456789");
        }
    }

    @Test
    void levelsAreKeptOutAndMovedDown() {
        try (SyslogSink sink = SyslogSink.udp()) {
            LogTarget notice = writer.target(
                    spec(udp(sink), Format.PRIORITY, Level.NOTICE, Level.EMERG, 1024), IDENTITY);
            LogTarget lowered = writer.target(
                    spec(udp(sink), Format.SHORT, Level.DEBUG, Level.WARNING, 1024), IDENTITY);
            received(sink, List.of(notice, lowered), Level.ALERT, "first");
            Await.until("the line of either target", () -> sink.messages().size() >= 2);
            assertThat(sink.messages()).extracting(String::stripTrailing).contains("<129>first", "<4>first");
            log(List.of(notice, lowered), Level.INFO, "second");
            Await.until("the second line", () -> sink.messages().stream().anyMatch(m -> m.contains("second")));
            log(List.of(lowered), Level.INFO, "third");
            Await.until("the third line", () -> sink.messages().stream().anyMatch(m -> m.contains("third")));
            assertThat(sink.messages()).extracting(String::stripTrailing)
                    .contains("<6>second").doesNotContain("<134>second");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void thousandsOfLinesArriveInOrder(Transport transport) {
        assumeTrue(transport != Transport.EPOLL || Epoll.isAvailable(), "no epoll here");
        writer.close();
        writer = new LogWriter(1, transport);
        try (SyslogSink sink = SyslogSink.udp()) {
            List<LogTarget> targets = List.of(writer.target(spec(udp(sink), Format.RAW), IDENTITY));
            log(targets, Level.INFO, "ready");
            sink.awaitContaining("ready");
            for (int i = 0; i < 3000; i++) {
                assertThat(log(targets, Level.INFO, "line " + i)).isTrue();
                if (i % 100 == 99) {
                    int sent = i;
                    Await.until("line " + i, () -> sink.messages().contains("line " + sent + "\n")
                            || sink.messages().contains("line " + sent));
                }
            }
            List<String> lines = sink.messages().stream().map(String::stripTrailing)
                    .filter(m -> m.startsWith("line ")).toList();
            assertThat(lines).as("lines; the writer dropped %d", writer.dropped()).hasSize(3000);
            for (int i = 0; i < 3000; i++) {
                assertThat(lines.get(i)).isEqualTo("line " + i);
            }
        }
    }

    @Test
    void lineThatComesBeforeTheSocketIsOpenWaits() {
        try (SyslogSink sink = SyslogSink.udp()) {
            log(List.of(writer.target(spec(udp(sink), Format.RAW), IDENTITY)), Level.INFO, "very first");
            sink.awaitContaining("very first");
            assertThat(writer.dropped()).isZero();
        }
    }

    @Test
    void messagesOfOtherThreadsGoTheSameWay() {
        try (SyslogSink sink = SyslogSink.udp()) {
            List<LogTarget> targets = List.of(writer.target(spec(udp(sink), Format.PRIORITY), IDENTITY));
            received(sink, targets, Level.INFO, "ready");
            ServerMessages messages = new ServerMessages(writer, "backend", targets);
            messages.send(Level.ALERT, "Server b/s1 is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms"
                    + messages.left(new ServerMessages.Remaining(0, 0, 2, 0, 1)));
            messages.noServer("b");
            messages.send(Level.NOTICE, "Backup Server b/s2 is UP, reason: Layer4 check passed, check duration: 0ms"
                    + messages.online(new ServerMessages.Remaining(0, 1, 0, 0, 0)));
            Await.until("three messages", () -> sink.messages().stream().filter(m -> !m.contains("ready")).count() == 3);
            assertThat(sink.messages()).extracting(String::stripTrailing).contains(
                    "<129>Server b/s1 is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check "
                            + "duration: 0ms. 0 active and 0 backup servers left. 2 sessions active, 0 requeued, 1 "
                            + "remaining in queue.",
                    "<128>backend b has no server available!",
                    "<133>Backup Server b/s2 is UP, reason: Layer4 check passed, check duration: 0ms. 0 active and 1 "
                            + "backup servers online. Running on backup. 0 sessions requeued, 0 total in queue.");
        }
    }

    @Test
    void unixSocketIsFoundAgainAfterItsDaemonRestarted() {
        assumeTrue(Epoll.isAvailable(), "needs epoll");
        Path socket = folder.resolve("log");
        List<LogTarget> targets;
        try (SyslogSink first = SyslogSink.unix(socket)) {
            targets = List.of(writer.target(spec(new Destination.UnixDatagram(socket.toString()), Format.RAW), IDENTITY));
            // Once: nothing of it may wait for the second.
            log(targets, Level.INFO, "to the first");
            first.awaitContaining("to the first");
        }
        try (SyslogSink second = SyslogSink.unix(socket)) {
            assertThat(received(second, targets, Level.INFO, "to the second").get(0)).startsWith("to the second");
        }
    }

    @Test
    void fileIsAppendedToAndOpenedAnewAfterRotation() throws IOException {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "before\n");
        List<LogTarget> targets =
                List.of(writer.target(spec(new Destination.File(file.toString()), Format.RAW), IDENTITY));
        log(targets, Level.INFO, "one");
        Await.until("the first line", () -> Files.readString(file).equals("before\none\n"));
        Files.move(file, folder.resolve("access.log.1"));
        Await.until("a line in the new file", () -> {
            log(targets, Level.INFO, "two");
            return Files.exists(file) && Files.readString(file).startsWith("two\n");
        });
        assertThat(Files.readString(folder.resolve("access.log.1"))).startsWith("before\none\n");
    }

    @Test
    void aLineThatAFullDiskHasCutStaysALineOfItsOwn() throws IOException {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "whole\nthe beginning of a li");
        List<LogTarget> targets = List.of(writer.target(spec(new Destination.File(file.toString()), Format.RAW), IDENTITY));
        log(targets, Level.INFO, "next");
        Await.until("the next line", () -> Files.readString(file).equals("whole\nthe beginning of a li\nnext\n"));
    }

    @Test
    void fileInAFolderThatIsNotThereDropsAndCounts() {
        List<LogTarget> targets = List.of(writer.target(
                spec(new Destination.File(folder.resolve("no/such/folder.log").toString()), Format.RAW), IDENTITY));
        log(targets, Level.INFO, "lost");
        Await.until("a counted loss", () -> writer.dropped() > 0);
    }

    @Test
    void stuckOutletDropsWithoutHoldingAnyoneUpAndClosesInTime() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        StreamSink sink = new StreamSink(new StreamSink.Outlet() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                entered.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void close() { }
        }, "stuck");
        byte[] line = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            sink.write(line, 0, line.length);
            sink.flush();
        }
        entered.await();
        assertThat(sink.dropped()).isBetween(10L, 19L);
        long before = System.nanoTime();
        sink.close(50);
        assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
        released.countDown();
    }

    @Test
    void closingBringsTheLastLinesOut() throws IOException {
        Path file = folder.resolve("last.log");
        List<LogTarget> targets =
                List.of(writer.target(spec(new Destination.File(file.toString()), Format.RAW), IDENTITY));
        for (int i = 0; i < 500; i++) {
            log(targets, Level.INFO, "line " + i);
        }
        writer.close();
        assertThat(Files.readAllLines(file)).hasSize(500).last().isEqualTo("line 499");
    }

    @Test
    void oneDestinationIsOpenedOnceAndClosedWhenUnused() throws IOException {
        Path file = folder.resolve("shared.log");
        LogTarget raw = writer.target(spec(new Destination.File(file.toString()), Format.RAW), IDENTITY);
        LogTarget shortened = writer.target(spec(new Destination.File(file.toString()), Format.SHORT), IDENTITY);
        assertThat(shortened.sink()).isSameAs(raw.sink());
        writer.retain(List.of(shortened));
        log(List.of(raw, shortened), Level.INFO, "both");
        Await.until("both lines", () -> Files.exists(file) && Files.readString(file).equals("both\n<6>both\n"));
        writer.retain(List.of());
        assertThat(writer.target(spec(new Destination.File(file.toString()), Format.RAW), IDENTITY).sink())
                .isNotSameAs(raw.sink());
    }

    @Test
    void optionsDecideWhichStreamsLeaveALine() {
        try (SyslogSink sink = SyslogSink.udp()) {
            List<LogTarget> targets = List.of(writer.target(spec(udp(sink), Format.SHORT), IDENTITY));
            received(sink, targets, Level.INFO, "ready");
            TestProxy normal = TestProxy.httpLoggingTo(targets, writer, "log-format 'normal %HU'", "option dontlog-normal");
            TestProxy nulls = TestProxy.httpLoggingTo(targets, writer, "log-format 'null %HU'", "option dontlognull");
            TestProxy errors = TestProxy.httpLoggingTo(targets, writer, "log-format 'errors %HU'",
                    "option log-separate-errors");
            write(normal, normal.request("GET /fine HTTP/1.1\nHost: h\n\n").withStatus(200));
            write(normal, normal.request("GET /500 HTTP/1.1\nHost: h\n\n").withStatus(500));
            write(nulls, nulls.stream().withStatus(408));
            write(nulls, nulls.request("GET /some HTTP/1.1\nHost: h\n\n").withStatus(200));
            write(errors, errors.request("GET /fine HTTP/1.1\nHost: h\n\n").withStatus(200));
            TestStream aborted = errors.request("GET /aborted HTTP/1.1\nHost: h\n\n").withStatus(200);
            aborted.termination().set(Termination.Cause.CLIENT_ABORT, Termination.Stage.DATA);
            write(errors, aborted);
            TestStream redirected = errors.request("GET /redirected HTTP/1.1\nHost: h\n\n").withStatus(302);
            redirected.termination().set(Termination.Cause.LOCAL, Termination.Stage.REQUEST);
            write(errors, redirected);
            Await.until("the last line", () -> sink.messages().stream().anyMatch(m -> m.contains("/redirected")));
            assertThat(sink.messages()).extracting(String::stripTrailing).filteredOn(m -> !m.contains("ready"))
                    .containsExactly("<6>normal /500", "<6>null /some", "<6>errors /fine", "<3>errors /aborted",
                            "<6>errors /redirected");
        }
    }

    private static void write(TestProxy proxy, TestStream stream) {
        stream.clock().end = stream.clock().accepted == StreamClock.NEVER ? 0 : stream.clock().accepted;
        proxy.frontend().log().write(stream);
    }
}
