package net.lbd.cli.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the clients of one control socket. A client sends one line, gets the answer of each of its
 * commands followed by an empty line, and the connection is closed; it may shut its writing half down
 * before, and may leave the newline out then. After {@code prompt} line follows line, and a prompt each answer. What has been answered is sent before the next command runs, so that a
 * line of a thousand commands holds one answer in memory; a client that does not take it ends its line. Thread-safe.
 *
 * <table>
 * <caption>Limits</caption>
 * <tr><th>of</th><th>default</th><th>beyond it</th></tr>
 * <tr><td>one line</td><td>16384 bytes</td><td>an answer that says so, then close</td></tr>
 * <tr><td>clients at a time ({@code stats maxconn})</td><td>10</td><td>the next ones wait in the kernel's backlog</td></tr>
 * <tr><td>the line to come; each 16 KB of the answer to be taken ({@code stats timeout})</td><td>10 s</td><td>close</td></tr>
 * </table>
 *
 * <p>Each client has a thread of its own while it is here: commands may block (a reload does), clients
 * are few, and blocking code needs no state machine. The JDK's Unix sockets know no read timeout, so a
 * timer closes the channel under a client that is too slow.
 */
public final class CommandServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandServer.class);
    /** How often it is looked for more of an answer that goes on. */
    private static final long FOLLOW_MILLIS = 100;
    private static final int WRITE_PIECE_BYTES = 16384;

    /** @param slowness how long a client may take to send its line, and to take its answer */
    public record Limits(int lineBytes, int clients, Duration slowness) {

        private static final int LINE_BYTES = 16384;

        /** What {@code stats maxconn} and {@code stats timeout} ask for; HAProxy's {@code tune.bufsize} for the line. */
        public static Limits of(Settings global) {
            return new Limits(LINE_BYTES, global.get(GlobalSettings.STATS_MAXCONN), global.get(GlobalSettings.STATS_TIMEOUT));
        }

        public Limits {
            Objects.requireNonNull(slowness, "slowness");
        }
    }

    /** What may follow a command in lines of its own, such as the entries of a map. */
    private static final int PAYLOAD_BYTES = 4 << 20;

    private final ServerSocketChannel socket;
    private final CommandTable table;
    private final DaemonControl daemon;
    private volatile Limits limits;
    private volatile Level level;
    private final Places places;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;
    private final ThreadFactory threads;

    /**
     * Takes over a socket that is bound and blocking; {@link #start} begins to answer.
     *
     * @param timer closes what is too slow; it must live longer than the last client
     */
    public CommandServer(ServerSocketChannel socket, Level level, CommandTable table, DaemonControl daemon,
            Limits limits, ScheduledExecutorService timer) {
        this(socket, level, table, daemon, limits, timer, task -> daemonThread("lbd-control-client", task));
    }

    /** @param threads makes the thread of a client */
    CommandServer(ServerSocketChannel socket, Level level, CommandTable table, DaemonControl daemon,
            Limits limits, ScheduledExecutorService timer, ThreadFactory threads) {
        this.threads = Objects.requireNonNull(threads, "threads");
        this.socket = Objects.requireNonNull(socket, "socket");
        this.level = Objects.requireNonNull(level, "level");
        this.table = Objects.requireNonNull(table, "table");
        this.daemon = Objects.requireNonNull(daemon, "daemon");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.places = new Places(limits.clients());
        this.timer = Objects.requireNonNull(timer, "timer");
    }

    public void start() {
        daemonThread("lbd-control", this::acceptAll).start();
    }

    Level level() {
        return level;
    }

    /** What the next clients may do. */
    public void setLevel(Level newLevel) {
        level = newLevel;
    }

    /** From now on: clients that are here keep their places, and have the new time from their next step on. */
    public synchronized void setLimits(Limits newLimits) {
        places.change(newLimits.clients() - limits.clients());
        limits = newLimits;
    }

    /** Places for clients; taking some away lets those finish that are here. */
    private static final class Places extends Semaphore {

        private static final long serialVersionUID = 1L;

        Places(int number) {
            super(number);
        }

        void change(int by) {
            if (by > 0) {
                release(by);
            } else {
                reducePermits(-by);
            }
        }
    }

    private void acceptAll() {
        while (socket.isOpen()) {
            try {
                places.acquire();
            } catch (InterruptedException e) {
                return;
            }
            try {
                begin(socket.accept());
            } catch (ClosedChannelException e) {
                places.release();
                return;
            } catch (IOException | RuntimeException | Error e) {
                places.release();
                // Out of descriptors, threads or memory, most likely: the commands come back when there are some. Nobody
                // could ask the daemon anything any more if this thread ended.
                LOG.warn("control socket: cannot accept: {}", e.toString());
                pause();
            }
        }
    }

    private void begin(SocketChannel client) {
        clients.add(client);
        try {
            threads.newThread(() -> serve(client)).start();
        } catch (RuntimeException | Error e) {
            clients.remove(client);
            close(client);
            throw e;
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            CommandSession session = new CommandSession(level, limits.slowness());
            byte[] line = new byte[limits.lineBytes()];
            ByteBuffer buffer = ByteBuffer.wrap(line);
            boolean more;
            do {
                more = serveLine(client, session, line, buffer);
            } while (more && session.isInteractive() && !session.isOver());
        } catch (AsynchronousCloseException e) {
            LOG.debug("control socket: a client was too slow");
        } catch (IOException e) {
            LOG.debug("control socket: client gone: {}", e.getMessage());
        } catch (OutOfMemoryError e) {
            LOG.error("control socket: an answer did not fit into the memory", e);
        } finally {
            clients.remove(client);
            places.release();
        }
    }

    /**
     * Reads a line and answers it.
     *
     * @param buffer wraps the array; holds what came behind the line before
     * @return whether another line may come
     */
    private boolean serveLine(SocketChannel client, CommandSession session, byte[] line, ByteBuffer buffer) throws IOException {
        int length = readLine(client, session, buffer);
        if (length < 0) {
            write(client, session, "Line too long: more than " + line.length + " bytes.\n\n");
            drain(client, session, line);
            return false;
        }
        boolean ended = length == buffer.position();
        if (ended && length == 0 && session.isInteractive()) {
            return false;
        }
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        Optional<String> payload = Optional.empty();
        int used = ended ? length : length + 1;
        if (text.stripTrailing().endsWith("<<")) {
            Payload read = readPayload(client, session, line, used, buffer.position());
            if (read.text().isEmpty()) {
                write(client, session, "Payload too long: more than " + PAYLOAD_BYTES + " bytes.\n\n");
                drain(client, session, line);
                return false;
            }
            payload = read.text();
            buffer.clear();
            if (read.rest().length > buffer.capacity()) {
                return false;
            }
            buffer.put(read.rest());
        } else {
            buffer.flip().position(used);
            buffer.compact();
        }
        answer(client, session, text, payload, buffer.position() > 0);
        return !ended;
    }

    /**
     * Carries out the commands of a line. A payload is for the last of them.
     *
     * @param moreIsHere whether the client has sent more behind the line: then no answer goes on
     */
    private void answer(SocketChannel client, CommandSession session, String line, Optional<String> payload, boolean moreIsHere)
            throws IOException {
        StringBuilder answers = new StringBuilder();
        List<List<String>> commands = CommandLine.split(line);
        if (commands.isEmpty() && session.isInteractive()) {
            answers.append(table.run(daemon, session, List.of(), Optional.empty())).append(end(session));
        }
        for (int i = 0; i < commands.size() && !session.isOver(); i++) {
            List<String> words = commands.get(i);
            boolean takesPayload = payload.isPresent() && i == commands.size() - 1;
            if (takesPayload) {
                words = words.subList(0, words.size() - 1);
            }
            Optional<Command.Follower> follower = words.isEmpty() ? Optional.empty() : table.follow(daemon, session, words);
            if (follower.isPresent()) {
                write(client, session, answers.toString());
                answers = new StringBuilder();
                follow(client, session, follower.get(), moreIsHere);
                answers.append(end(session));
            } else if (!words.isEmpty()) {
                answers.append(table.run(daemon, session, words, takesPayload ? payload : Optional.empty()));
                if (!session.isOver()) {
                    answers.append(end(session));
                }
            }
            // Short answers wait for each other: a client that leaves without reading has its few commands carried out.
            if (answers.length() >= WRITE_PIECE_BYTES) {
                write(client, session, answers.toString());
                answers = new StringBuilder();
            }
        }
        write(client, session, answers.toString());
    }

    /** What follows an answer: an empty line, or the prompt for the next. */
    private static String end(CommandSession session) {
        return session.isInteractive() ? "\n> " : "\n";
    }

    /** Writes what comes until the client sends anything, ends its half, or is gone. */
    private void follow(SocketChannel client, CommandSession session, Command.Follower follower, boolean once) throws IOException {
        ByteBuffer key = ByteBuffer.allocate(1);
        while (true) {
            String more = follower.more();
            if (!more.isEmpty()) {
                write(client, session, more);
            }
            if (once) {
                return;
            }
            client.configureBlocking(false);
            int read = client.read(key);
            client.configureBlocking(true);
            if (read != 0) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(FOLLOW_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Returns the length of the line without its newline; -1 if it does not fit. */
    private int readLine(SocketChannel client, CommandSession session, ByteBuffer buffer) throws IOException {
        byte[] line = buffer.array();
        ScheduledFuture<?> deadline = closeLater(client, session);
        try {
            int scanned = 0;
            // What came behind the line before may hold the next.
            boolean ended = buffer.position() == 0 && client.read(buffer) < 0;
            while (true) {
                for (; scanned < buffer.position(); scanned++) {
                    if (line[scanned] == '\n') {
                        return scanned;
                    }
                }
                if (ended) {
                    return scanned;
                }
                if (!buffer.hasRemaining()) {
                    return -1;
                }
                ended = client.read(buffer) < 0;
            }
        } finally {
            deadline.cancel(false);
        }
    }

    /**
     * The lines behind a command.
     *
     * @param text empty if they do not fit
     * @param rest what came behind them
     */
    private record Payload(Optional<String> text, byte[] rest) { }

    /**
     * Reads lines up to an empty one, or to the end.
     *
     * @param begun holds what came with the command already
     */
    private Payload readPayload(SocketChannel client, CommandSession session, byte[] begun, int from, int to) throws IOException {
        byte[] all = Arrays.copyOfRange(begun, from, Math.max(to, from + WRITE_PIECE_BYTES));
        int length = to - from;
        int looked = 0;
        while (true) {
            for (int i = Math.max(0, looked - 1); i < length; i++) {
                if (all[i] == '\n' && (i == 0 || all[i - 1] == '\n')) {
                    return new Payload(Optional.of(new String(all, 0, Math.max(0, i - 1), StandardCharsets.UTF_8)),
                            Arrays.copyOfRange(all, i + 1, length));
                }
            }
            looked = length;
            if (length > PAYLOAD_BYTES) {
                return new Payload(Optional.empty(), new byte[0]);
            }
            if (length == all.length) {
                all = Arrays.copyOf(all, 2 * length);
            }
            ByteBuffer more = ByteBuffer.wrap(all, length, all.length - length);
            ScheduledFuture<?> deadline = closeLater(client, session);
            try {
                if (client.read(more) < 0) {
                    return new Payload(Optional.of(new String(all, 0, length, StandardCharsets.UTF_8).stripTrailing()), new byte[0]);
                }
            } finally {
                deadline.cancel(false);
            }
            length = more.position();
        }
    }

    private void write(SocketChannel client, CommandSession session, String answer) throws IOException {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        // In pieces, because one blocking write would put the whole answer under one deadline.
        for (int from = 0; from < bytes.length; from += WRITE_PIECE_BYTES) {
            ByteBuffer piece = ByteBuffer.wrap(bytes, from, Math.min(WRITE_PIECE_BYTES, bytes.length - from));
            ScheduledFuture<?> deadline = closeLater(client, session);
            try {
                while (piece.hasRemaining()) {
                    client.write(piece);
                }
            } finally {
                deadline.cancel(false);
            }
        }
    }

    /** Reads away what the client still sends: closing a socket with unread bytes resets the connection. */
    private void drain(SocketChannel client, CommandSession session, byte[] scratch) throws IOException {
        client.shutdownOutput();
        ScheduledFuture<?> deadline = closeLater(client, session);
        try {
            while (client.read(ByteBuffer.wrap(scratch)) >= 0) {
                // Nothing is kept; the deadline ends a client that never stops.
            }
        } finally {
            deadline.cancel(false);
        }
    }

    private ScheduledFuture<?> closeLater(SocketChannel client, CommandSession session) throws IOException {
        try {
            return timer.schedule(() -> close(client), session.slowness().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw new IOException("the daemon is ending", e);
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("control socket: close: {}", e.getMessage());
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemonThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Accepts no more clients; those that are here get their answers. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("control socket: close: {}", e.getMessage());
        }
    }

    /** After {@link #close}: waits until every client has its answer, or gives up on them. */
    public void awaitClients(Duration patience) throws InterruptedException {
        int all;
        synchronized (this) {
            all = limits.clients();
        }
        if (!places.tryAcquire(all, patience.toNanos(), TimeUnit.NANOSECONDS)) {
            clients.forEach(CommandServer::close);
        }
    }
}
