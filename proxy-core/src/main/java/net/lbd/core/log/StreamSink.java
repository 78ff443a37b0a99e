package net.lbd.core.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.lbd.core.sample.ByteSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standard stream or a file. Writing to a pipe that nobody reads, or to a disk that hangs, blocks; so
 * each such sink has a daemon thread of its own, and a bounded store of lines for it. When the store is
 * full, lines are dropped. Thread-safe: the writer thread fills, the sink's thread empties.
 */
final class StreamSink implements LogSink {

    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);
    /** What may wait to be written. */
    private static final int PENDING_BYTES = 4 << 20;
    private static final long RETRY_MILLIS = 1000;

    /** Where the bytes go in the end; may block, may fail. */
    interface Outlet {
        void write(byte[] bytes, int length) throws IOException;

        void close() throws IOException;
    }

    private final Outlet outlet;
    private final String name;
    private final AtomicLong dropped = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Thread thread;
    private ByteSink pending = new ByteSink();
    private int pendingLines;
    private boolean closing;

    StreamSink(Outlet outlet, String name) {
        this.outlet = Objects.requireNonNull(outlet, "outlet");
        this.name = Objects.requireNonNull(name, "name");
        this.thread = new Thread(this::run, "lbd-log-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            if (closing || pending.length() + length > PENDING_BYTES) {
                dropped.incrementAndGet();
            } else {
                pending.put(bytes, offset, length);
                pendingLines++;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() {
        lock.lock();
        try {
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void close(long millis) {
        lock.lock();
        try {
            closing = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A thread that still hangs in a write is left behind: it is a daemon and holds nothing up.
    }

    private void run() {
        ByteSink batch = new ByteSink();
        boolean failing = false;
        while (true) {
            int lines;
            lock.lock();
            try {
                while (pending.length() == 0 && !closing) {
                    filled.awaitUninterruptibly();
                }
                if (pending.length() == 0) {
                    break;
                }
                ByteSink full = pending;
                pending = batch;
                batch = full;
                lines = pendingLines;
                pendingLines = 0;
            } finally {
                lock.unlock();
            }
            failing = !write(batch, lines, failing);
            batch = batch.bytes().length > PENDING_BYTES / 4 ? new ByteSink() : batch;
            batch.clear();
        }
        closeOutlet();
    }

    /** In the system's words, as an administrator knows them. */
    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        return e instanceof AccessDeniedException ? "Permission denied" : e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private boolean write(ByteSink batch, int lines, boolean failedBefore) {
        try {
            outlet.write(batch.bytes(), batch.length());
            if (failedBefore) {
                LOG.info("log target {} is back", name);
            }
            return true;
        } catch (IOException e) {
            dropped.addAndGet(lines);
            if (!failedBefore) {
                LOG.warn("log target {} does not take lines: {}; they are dropped until it does", name, reason(e));
            }
            pause();
            return false;
        }
    }

    /** A full disk stays full for a while: no use in trying at once. */
    private void pause() {
        lock.lock();
        try {
            if (!closing) {
                long left = TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
                while (left > 0 && !closing) {
                    left = filled.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void closeOutlet() {
        try {
            outlet.close();
        } catch (IOException e) {
            LOG.warn("log target {} could not be closed: {}", name, e.toString());
        }
    }
}
