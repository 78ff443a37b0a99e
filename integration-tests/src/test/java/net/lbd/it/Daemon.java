package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;

/**
 * The real daemon as a child process: {@code ./lbd -f FILE} in a folder of its own. Its JVM looks for
 * leaked buffers in every allocation; {@link #close} fails on a leak, a stack trace, or an end that is
 * not clean. Any thread.
 */
final class Daemon implements AutoCloseable {

    /** A cold JVM on a busy machine of two cores. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final Pattern PASSED = Pattern.compile(" L[467]OK ");

    private static final Duration STOP = Duration.ofSeconds(15);

    private final Path dir;
    private final Process process;
    private boolean ended;

    private Daemon(Path dir, Process process) {
        this.dir = dir;
        this.process = process;
    }

    /**
     * Starts the daemon and waits until it listens on the ports.
     *
     * @param dir a folder for its configuration, control socket and output
     * @param text the configuration, as it is: line numbers in messages are its own
     */
    static Daemon start(Path dir, String text, int... ports) {
        return start(dir, Map.of(), List.of("-f", write(dir, text).toString()), ports);
    }

    /** Starts the daemon with other arguments and more environment, and waits until it listens on the ports. */
    static Daemon start(Path dir, Map<String, String> environment, List<String> arguments, int... ports) {
        Daemon daemon = launch(List.of(), dir, environment, arguments);
        awaitPorts(daemon, ports);
        return daemon;
    }

    private static void awaitPorts(Daemon daemon, int... ports) {
        for (int port : ports) {
            Await.until("lbd to listen on port " + port, START,
                    () -> !daemon.process.isAlive() || Ports.isListening(port), daemon::output);
        }
        if (!daemon.process.isAlive()) {
            throw new AssertionError("lbd ended at once with code " + daemon.process.exitValue() + ":\n"
                    + daemon.output());
        }
    }

    /** Starts the daemon under another program, such as {@code prlimit}, which must become the daemon (exec). */
    static Daemon startUnder(List<String> program, Path dir, Map<String, String> environment, String text, int... ports) {
        Daemon daemon = launch(program, dir, environment, List.of("-f", write(dir, text).toString()));
        awaitPorts(daemon, ports);
        return daemon;
    }

    /** Starts the daemon and waits until it has ended by itself, as with a broken configuration. */
    static CommandResult startToFail(Path dir, String text) {
        Daemon daemon = launch(List.of(), dir, Map.of(), List.of("-f", write(dir, text).toString()));
        return new CommandResult(daemon.awaitEnd(START), daemon.output());
    }

    /** Checks a configuration with {@code -c}. */
    static CommandResult check(Path dir, String text) {
        return run(dir, "-c", "-f", write(dir, text).toString());
    }

    /** Runs {@code ./lbd} with arguments with which it ends by itself. */
    static CommandResult run(Path dir, String... arguments) {
        List<String> command = new ArrayList<>(List.of(lbd()));
        command.addAll(List.of(arguments));
        return CommandResult.of(dir, command);
    }

    /** Replaces the configuration file; nothing happens before a reload. */
    void configure(String text) {
        write(dir, text);
    }

    /** {@code lbctl reload}. */
    CommandResult reload() {
        return lbctl("reload");
    }

    /** Runs a command of {@code lbctl} on this daemon. */
    CommandResult lbctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(lbctlProgram(), "-s", socket(dir).toString()));
        command.addAll(List.of(arguments));
        return CommandResult.of(dir, command);
    }

    /** Gives a command to its control socket, without a program's start; returns the answer. */
    String command(String line) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket(dir)))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("lbd takes no commands: " + output(), e);
        }
    }

    /**
     * Waits until this many servers have passed their last check and none is down. As in HAProxy a
     * server's first failed check takes it down, and on a busy machine the first TLS handshakes of two
     * cold JVMs can take longer than a check may.
     */
    void awaitServersUp(int servers) {
        String[] status = {""};
        Await.until(servers + " servers up", START, () -> {
            status[0] = lbctl("status").output();
            return PASSED.matcher(status[0]).results().count() == servers && !status[0].contains("DOWN");
        }, () -> status[0] + output());
    }

    /** Sends a signal by its name without SIG. */
    void signal(String name) {
        CommandResult kill = CommandResult.of(dir, List.of("kill", "-" + name, Long.toString(process.pid())));
        assertThat(kill.exitCode()).as(kill.output()).isZero();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything it has printed. */
    String output() {
        try {
            return Files.readString(dir.resolve("lbd.out"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the output of lbd", e);
        }
    }

    /** Waits for its end and asserts that the exit code is 0 and that nothing went wrong meanwhile. */
    void awaitCleanEnd() {
        int code = awaitEnd(STOP);
        ended = true;
        assertThat(code).as("exit code; output: %s", output()).isZero();
        assertThat(output()).doesNotContain("LEAK:").doesNotContain("Exception").doesNotContain("\tat ");
    }

    /** Waits for an end of its own that is not a clean one; returns the exit code. */
    int awaitExit(Duration deadline) {
        int code = awaitEnd(deadline);
        ended = true;
        return code;
    }

    /** SIGTERM, if it still runs, and then {@link #awaitCleanEnd}. */
    @Override
    public void close() {
        if (!ended) {
            process.destroy();
            awaitCleanEnd();
        }
    }

    private int awaitEnd(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("lbd did not end within " + deadline + ":\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while lbd was ending", e);
        }
    }

    private static Daemon launch(List<String> program, Path dir, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(program);
        command.add(lbd());
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("lbd.out").toFile());
            builder.environment().putAll(environment);
            builder.environment().put("LBD_SOCKET", socket(dir).toString());
            builder.environment().put("LBD_JAVA_OPTS",
                    "-Dio.netty.leakDetection.level=paranoid -Dio.netty.leakDetection.targetRecords=16 "
                            + environment.getOrDefault("LBD_JAVA_OPTS", ""));
            return new Daemon(dir, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start lbd", e);
        }
    }

    static Path write(Path dir, String text) {
        try {
            Files.createDirectories(dir);
            return Files.writeString(dir.resolve("lbd.cfg"), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration", e);
        }
    }

    private static Path socket(Path dir) {
        return dir.resolve("lbd.sock");
    }

    /** Another command than the tree's, such as one that wraps haproxy, to try the tests themselves. */
    static String lbd() {
        return System.getProperty("lbd.command", SourceTree.TOP.resolve("lbd").toString());
    }

    private static String lbctlProgram() {
        return System.getProperty("lbctl.command", SourceTree.TOP.resolve("lbctl").toString());
    }
}
