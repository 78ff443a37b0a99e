package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks the daemon again and again, on a thread of its own, so that keys are served while it does not answer. A daemon
 * that goes away is asked on, and after its return rates begin anew. Read by other threads.
 */
final class TopSampler implements AutoCloseable {

    /** Lists of very many sessions cost the daemon something: at most one part in this many of its time. */
    private static final int SHARE_OF_LISTS = 20;

    /**
     * The newest that is known.
     *
     * @param number counts them, so that a reader sees that there is a new one
     * @param frame empty before the first answer
     * @param complaint why the last question had no answer; empty while all is well
     * @param sinceNanos of the first question without an answer
     */
    record News(long number, Optional<TopFrame> frame, Optional<String> complaint, long sinceNanos) { }

    private final Lbctl lbctl;
    private final Duration interval;
    private final Thread thread;
    private volatile News news = new News(0, Optional.empty(), Optional.empty(), 0);
    private volatile boolean closed;
    private volatile RuntimeException bug;
    private Optional<TopSample> last = Optional.empty();
    private Optional<Map<String, Integer>> polls = Optional.empty();
    private long nextListNanos = System.nanoTime();

    TopSampler(Lbctl lbctl, Duration interval) {
        this.lbctl = lbctl;
        this.interval = interval;
        this.thread = new Thread(this::run, "lbctl-top");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, failure) -> bug = new RuntimeException("the sampler ended", failure));
    }

    void start() {
        thread.start();
    }

    News news() {
        return news;
    }

    /** @throws RuntimeException if the sampler has ended by a bug: its stack trace is what a report needs */
    void failure() {
        if (bug != null) {
            throw bug;
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            long began = System.nanoTime();
            try {
                TopFrame frame = next();
                news = new News(news.number() + 1, Optional.of(frame), Optional.empty(), 0);
            } catch (IOException e) {
                last = Optional.empty();
                polls = Optional.empty();
                nextListNanos = System.nanoTime();
                long since = news.complaint().isPresent() ? news.sinceNanos() : began;
                news = new News(news.number() + 1, news.frame(), Optional.of(e.getMessage()), since);
            }
            for (long left = interval.toNanos(); left > 0 && !closed; left = interval.toNanos() - (System.nanoTime() - began)) {
                LockSupport.parkNanos(left);
            }
        }
    }

    /** Asks once; by the caller's thread where the sampler has not been started. */
    TopFrame next() throws IOException {
        DaemonStatus status = DaemonStatus.parse(lbctl.ask(DaemonStatus.QUESTION));
        if (status.rows().isEmpty()) {
            throw new IOException("the daemon tells no statistics: is the socket one of level user or above?");
        }
        long now = System.nanoTime();
        if (now - nextListNanos >= 0) {
            polls = polls();
            long end = System.nanoTime();
            nextListNanos = end + (end - now) * SHARE_OF_LISTS;
        }
        TopSample sample = new TopSample(now, status, polls);
        TopFrame frame = TopFrame.between(last.filter(before -> isSameProcess(before, sample)), sample);
        last = Optional.of(sample);
        return frame;
    }

    /** A socket of level user lists no sessions; HAProxy's lists tell nothing of requests. Then the column has dashes. */
    private Optional<Map<String, Integer>> polls() throws IOException {
        String answer = lbctl.ask(SessionList.QUESTION, Duration.ofMinutes(2));
        try {
            return Optional.of(TopSample.polls(SessionList.parse(answer)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isSameProcess(TopSample before, TopSample now) {
        return before.status().info().getOrDefault("Pid", "").equals(now.status().info().getOrDefault("Pid", ""));
    }
}
