package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process whose output, both streams, is read along. */
final class ChildProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private ChildProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::readAll, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@link FakeDaemonMain} in a JVM like this one. */
    static ChildProcess daemon(Map<String, String> environment, List<String> jvmFlags, String... args)
            throws IOException {
        return java(FakeDaemonMain.class, environment, jvmFlags, args);
    }

    /** Starts a class in a JVM like this one. */
    static ChildProcess java(Class<?> main, Map<String, String> environment, List<String> jvmFlags, String... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return start(environment, command);
    }

    static ChildProcess start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(k -> k.startsWith("LBD_") || k.equals("JOURNAL_STREAM"));
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start());
    }

    private void readAll() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("<" + e + ">");
            }
        }
        synchronized (lines) {
            ended = true;
            lines.notifyAll();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for a line that contains the text and that has not been waited for; returns it. */
    String awaitLine(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (lines) {
            int next = 0;
            while (true) {
                for (; next < lines.size(); next++) {
                    if (lines.get(next).contains(text)) {
                        return lines.set(next, "<seen> ");
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                assertThat(ended || left <= 0).as("waiting for '%s' in %s", text, lines).isFalse();
                lines.wait(Math.max(1, left));
            }
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ends; output %s", output()).isTrue();
        return process.exitValue();
    }

    /** Everything that was printed, once the process has ended. */
    String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** As {@link #output}, waiting for its end. */
    String awaitOutput() throws InterruptedException {
        synchronized (lines) {
            while (!ended) {
                lines.wait();
            }
            return output();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
