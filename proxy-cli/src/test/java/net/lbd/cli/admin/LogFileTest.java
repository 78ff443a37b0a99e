package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log file that grows, is rotated and is cut. */
class LogFileTest {

    @TempDir
    private Path folder;
    private Path path;
    private final AtomicLong clock = new AtomicLong();
    private LogFile file;

    @BeforeEach
    void name() {
        path = folder.resolve("access.log");
        file = new LogFile(path, clock::get);
    }

    private List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        file.read(lines::add);
        return lines;
    }

    private static void append(Path to, String text) throws IOException {
        Files.writeString(to, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void aLineWaitsForItsEnd() throws IOException {
        assertThat(read()).as("no such file").isEmpty();
        append(path, "one\ntw");
        assertThat(read()).containsExactly("one");
        append(path, "o \u00fc\n");
        assertThat(read()).containsExactly("two \u00fc");
        assertThat(read()).isEmpty();
    }

    @Test
    void theOldFileIsReadToItsEndAfterARotation() throws IOException {
        append(path, "one\n");
        assertThat(read()).containsExactly("one");
        Path old = folder.resolve("access.log.1");
        Files.move(path, old);
        append(old, "two\n");
        assertThat(read()).containsExactly("two");
        append(path, "four\n");
        append(old, "three\n");
        assertThat(read()).as("the daemon may still write into the old one").containsExactly("three");
        clock.addAndGet(1_600_000_000L);
        assertThat(read()).containsExactly("four");
    }

    @Test
    void aFileThatWasCutIsReadFromItsBeginning() throws IOException {
        append(path, "a long line\n");
        assertThat(read()).containsExactly("a long line");
        Files.writeString(path, "new\n");
        assertThat(read()).containsExactly("new");
    }
}
