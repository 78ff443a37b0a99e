package net.lbd.l4.nft;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process {@code nft -i} that is kept open: a transaction takes half a millisecond where a process of its own takes twenty.
 * The child prints nothing where all is well, so each command is followed by one that must fail and names itself; what comes before
 * that is the answer. Used by one thread at a time, but for {@link #close} and {@link #pid}.
 */
public final class NftShell implements AutoCloseable {

    /** What a commit may take; a machine that needs longer has other troubles. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(NftShell.class);
    private static final String MARKER = "lbd_marker_";
    private static final int WAITING_LINES = 1 << 16;

    private final List<String> command;
    private final Path folder;
    /** What the living child says; each child has its own, so that the last words of one are not taken for another's. */
    private BlockingQueue<String> lines = new ArrayBlockingQueue<>(WAITING_LINES);
    private Optional<Process> child = Optional.empty();
    private long commands;
    private long births;

    /** The end of the child's output, among its lines. */
    private static final String END = "\u0000end";

    /** @param command that starts the child, such as {@code nft}; {@code -i} is added */
    public NftShell(List<String> command) throws IOException {
        this.command = List.copyOf(command);
        this.folder = Files.createTempDirectory("lbd-nft");
    }

    /** How often a child was started. */
    public synchronized long births() {
        return births;
    }

    /** The child, if one lives. */
    public synchronized Optional<Long> pid() {
        return child.filter(Process::isAlive).map(Process::pid);
    }

    /**
     * Carries out commands as one transaction.
     *
     * @throws NftException if they were refused; nothing has happened then
     * @throws IOException if the child died or does not answer: what has happened is not known. The next call starts another.
     */
    public synchronized void transact(String commands) throws IOException {
        Path file = folder.resolve("transaction.nft");
        Files.writeString(file, commands);
        String answer = ask("include \"" + file + "\"");
        if (!answer.isEmpty()) {
            throw new NftException(answer.replace(file.toString(), "line"));
        }
    }

    /**
     * What a {@code list} command prints.
     *
     * @throws NftException if it was refused, as when the table is not there
     */
    public synchronized String list(String what) throws IOException {
        String answer = ask("list " + what);
        if (answer.startsWith("Error:")) {
            throw new NftException(answer);
        }
        return answer;
    }

    private String ask(String line) throws IOException {
        Process process = alive();
        String marker = MARKER + ++commands;
        try {
            Writer in = process.outputWriter(StandardCharsets.UTF_8);
            in.write(line + "\nlist table inet " + marker + "\n");
            in.flush();
            return answer(marker);
        } catch (IOException e) {
            end(process);
            throw e;
        }
    }

    /** Reads up to the complaint about the marker, which is three lines: what is wrong, the command, and where in it. */
    private String answer(String marker) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> got = new ArrayList<>();
        try {
            for (;;) {
                String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new IOException("nft has not answered for " + PATIENCE.toSeconds() + " s");
                }
                if (line.equals(END)) {
                    throw new IOException("nft ended" + (got.isEmpty() ? "" : ": " + String.join(" ", got)));
                }
                if (line.endsWith(marker) && !got.isEmpty()) {
                    // The complaint began in the line before; the third line is the caret.
                    got.remove(got.size() - 1);
                    lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return String.join("\n", got).strip();
                }
                got.add(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nft was asked", e);
        }
    }

    private Process alive() throws IOException {
        if (child.isPresent() && child.get().isAlive()) {
            return child.get();
        }
        BlockingQueue<String> said = new ArrayBlockingQueue<>(WAITING_LINES);
        lines = said;
        List<String> whole = new ArrayList<>(command);
        whole.add("-i");
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true).directory(folder.toFile());
        // It keeps a history of its commands there.
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        births++;
        child = Optional.of(process);
        Thread reader = new Thread(() -> read(process, said), "lbd-nft");
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    private static void read(Process process, BlockingQueue<String> lines) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.put(line);
            }
        } catch (IOException ended) {
            LOG.debug("nft was ended: {}", ended.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!lines.offer(END)) {
            LOG.debug("nobody reads what nft said");
        }
    }

    private void end(Process process) {
        process.destroyForcibly();
        child = Optional.empty();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("nft (process {}) does not end", process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the child; tables stay as they are. */
    @Override
    public synchronized void close() {
        child.ifPresent(this::end);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("{} stays", folder, e);
        }
    }

}
