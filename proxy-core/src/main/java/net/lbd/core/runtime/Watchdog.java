package net.lbd.core.runtime;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Settings;
import net.lbd.core.connect.Faults;

/** The thread that looks after loops and memory, four times a second. Thread-safe. */
final class Watchdog implements AutoCloseable {

    private static final long PERIOD_MILLIS = 250;

    private final LoopWatch loops;
    private final MemoryWatch memory;
    private final CountDownLatch end = new CountDownLatch(1);

    Watchdog(LoopWatch loops, MemoryWatch memory) {
        this.loops = Objects.requireNonNull(loops, "loops");
        this.memory = Objects.requireNonNull(memory, "memory");
    }

    void start() {
        Thread thread = new Thread(this::run, "lbd-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /** Another configuration is in force. */
    void follow(Settings global) {
        loops.setLimits(global.get(GlobalSettings.WARN_BLOCKED_TRAFFIC), global.get(GlobalSettings.WATCHDOG_EXIT));
        memory.setPause(global.get(GlobalSettings.MEMORY_PAUSE));
    }

    private void run() {
        try {
            while (!end.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                look(loops::look);
                look(memory::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Short of memory this thread must go on more than any other. */
    private static void look(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error e) {
            Faults.bug("the watchdog", e);
        }
    }

    @Override
    public void close() {
        end.countDown();
    }
}
