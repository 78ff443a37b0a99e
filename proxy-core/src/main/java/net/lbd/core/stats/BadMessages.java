package net.lbd.core.stats;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The last message that a proxy refused: a frontend the last request, a backend the last response. It survives a reload. Thread-safe:
 * its fields are atomic.
 */
public final class BadMessages {

    private static final long TELL_EVERY_NANOS = 1_000_000_000L;

    private final AtomicReference<BadMessage> last = new AtomicReference<>();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - TELL_EVERY_NANOS);
    private final AtomicLong untold = new AtomicLong();

    public void keep(BadMessage message) {
        last.set(message);
    }

    public Optional<BadMessage> last() {
        return Optional.ofNullable(last.get());
    }

    /**
     * Whether the reason for another refusal may be written down: one in a second, so that an attacker cannot fill a disk.
     *
     * @return -1: not now; else how many were not written down since the last
     */
    public long mayTell(long nowNanos) {
        long before = toldAt.get();
        if (nowNanos - before < TELL_EVERY_NANOS || !toldAt.compareAndSet(before, nowNanos)) {
            untold.incrementAndGet();
            return -1;
        }
        return untold.getAndSet(0);
    }
}
