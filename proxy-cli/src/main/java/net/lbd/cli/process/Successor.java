package net.lbd.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the program as it is installed now, to take this process's place: {@code lbctl upgrade}. It gets the same command line and
 * environment, the sockets ({@code -x}), and tells this process when it serves ({@code -sf}). Thread-safe; its method waits.
 */
final class Successor {

    private static final Logger LOG = LoggerFactory.getLogger(Successor.class);
    /** A JVM on a busy machine, and many certificates. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Where the start script says that it is. */
    private static final String PROGRAM = "LBD_PROGRAM";

    private final List<String> words;
    /** The one that is starting. */
    private volatile Optional<Process> starting = Optional.empty();

    /** @param words the command line of this process */
    Successor(List<String> words) {
        this.words = List.copyOf(words);
    }

    /**
     * Waits until it has taken over, or has ended.
     *
     * @param socket a control socket of this process
     * @param taken whether it has taken over
     * @return its process id
     * @throws IOException if it did not come so far; this process serves on
     */
    long start(Path socket, BooleanSupplier taken) throws IOException {
        long self = ProcessHandle.current().pid();
        if (self == 1) {
            throw new IOException("this is process 1, with which its container ends: start a new container instead");
        }
        String program = Objects.requireNonNullElse(System.getenv(PROGRAM), "");
        if (program.isEmpty() || !Files.isExecutable(Path.of(program))) {
            throw new IOException("the start script is not known; start the daemon by it");
        }
        ProcessBuilder builder = new ProcessBuilder(command(program, socket, self)).inheritIO();
        // It names this process; the new one is not it.
        builder.environment().remove("WATCHDOG_PID");
        Process process = builder.start();
        starting = Optional.of(process);
        LOG.info("process {} is started to take over", process.pid());
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!taken.getAsBoolean()) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the new process has ended with code " + process.exitValue() + "; its log says why");
                }
                if (System.nanoTime() > end) {
                    process.destroy();
                    throw new IOException("the new process has not come to serve in " + PATIENCE.toSeconds() + " s and was ended");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            starting = Optional.empty();
        }
        return process.pid();
    }

    /** This process is to stop: nobody is to take its place. */
    void cancel() {
        starting.ifPresent(Process::destroy);
    }

    /** The words of this process, without those of an upgrade before it. */
    private List<String> command(String program, Path socket, long self) {
        List<String> command = new ArrayList<>(List.of(program));
        boolean pids = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                command.addAll(List.of("-x", socket.toString(), "-sf", Long.toString(self)));
                command.addAll(words.subList(i, words.size()));
                return command;
            }
            pids = word.equals("-sf") || word.equals("-st") || pids && word.matches("[0-9]+");
            if (word.equals("-x")) {
                i++;
            } else if (!pids) {
                command.add(word);
            }
        }
        command.addAll(List.of("-x", socket.toString(), "-sf", Long.toString(self)));
        return command;
    }
}
