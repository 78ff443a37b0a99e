package net.lbd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A real server that runs as one child process. Any thread. */
final class ChildServer implements RealServer {

    private final ServerFiles files;
    private final List<String> command;
    /** Kills the process when the JVM of a test that was interrupted ends. */
    private final Thread atExit = new Thread(() -> process().ifPresent(Process::destroyForcibly));
    private Optional<Process> process = Optional.empty();

    ChildServer(ServerFiles files, List<String> command) {
        this.files = files;
        this.command = command;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), files.port());
    }

    @Override
    public synchronized void start() {
        if (process.isPresent()) {
            throw new IllegalStateException(name() + " runs already");
        }
        try {
            Process child = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(files.dir().resolve("output.log").toFile())
                    .start();
            process = Optional.of(child);
            Await.until(name() + " to listen on port " + files.port(), Await.DEADLINE,
                    () -> !child.isAlive() || Ports.isListening(files.port()), this::logs);
            if (!child.isAlive()) {
                process = Optional.empty();
                throw new AssertionError(name() + " ended at once: " + logs());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    @Override
    public synchronized void stop() {
        end(Process::destroy);
    }

    @Override
    public synchronized void kill() {
        end(Process::destroyForcibly);
    }

    @Override
    public void setHealthy(boolean healthy) {
        files.setHealthy(healthy);
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized Optional<Process> process() {
        return process;
    }

    private void end(Consumer<Process> how) {
        if (process.isEmpty()) {
            return;
        }
        Process child = process.get();
        how.accept(child);
        try {
            if (!child.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                child.destroyForcibly();
                throw new AssertionError(name() + " does not end: " + logs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name() + " was ending", e);
        }
        process = Optional.empty();
        Await.until("port " + files.port() + " to refuse", () -> !Ports.isListening(files.port()));
    }

    private String logs() {
        StringBuilder text = new StringBuilder();
        for (String file : List.of("output.log", "error.log")) {
            try {
                if (Files.exists(files.dir().resolve(file))) {
                    text.append(file).append(": ").append(Files.readString(files.dir().resolve(file)));
                }
            } catch (IOException e) {
                text.append(file).append(" cannot be read: ").append(e);
            }
        }
        return text.toString();
    }
}
