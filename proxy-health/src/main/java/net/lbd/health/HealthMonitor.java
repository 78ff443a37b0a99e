package net.lbd.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.health.check.CheckPlan;
import net.lbd.health.check.CheckRunner;
import net.lbd.health.check.ExternalRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the health of servers. Entry to the module. Thread-safe: the set of watches is concurrent, each watch
 * is confined to one event loop of the group.
 */
public final class HealthMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final EventLoopGroup loops;
    private final ChannelFactory<? extends Channel> channels;
    private final CheckSchedule.Spread spread;
    private final InstantSource clock = InstantSource.system();
    private final AtomicLong watched = new AtomicLong();
    private final Set<WatchedServer> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Without {@code spread-checks} and {@code max-spread-checks}. */
    public HealthMonitor(EventLoopGroup loops, ChannelFactory<? extends Channel> channels) {
        this(loops, channels, 0, Duration.ofDays(1));
    }

    /**
     * @param loops where the checks run; not shut down by {@link #close}
     * @param channels makes the client channels of the group's transport, such as {@code EpollSocketChannel::new};
     *     called on their event loop
     * @param jitterPercent {@code spread-checks}, 0 to 50: how much each interval varies
     * @param maxStartSpread {@code max-spread-checks}: the first check of a server comes within this time, and
     *     within its {@code inter} in any case
     */
    public HealthMonitor(
            EventLoopGroup loops,
            ChannelFactory<? extends Channel> channels,
            int jitterPercent,
            Duration maxStartSpread) {
        this.loops = Objects.requireNonNull(loops, "loops");
        this.channels = Objects.requireNonNull(channels, "channels");
        this.spread = new CheckSchedule.Spread(jitterPercent, maxStartSpread);
    }

    /**
     * Begins to check a server, from {@link CheckTarget#initial()}; first checks are spread over {@code inter}.
     *
     * @throws IllegalArgumentException if the check's steps make no sequence; see {@link CheckPlan#of}
     * @throws IllegalStateException after {@link #close}
     */
    public Watch watch(CheckTarget target, HealthListener listener) {
        Objects.requireNonNull(listener, "listener");
        CheckPlan plan = CheckPlan.of(target.check(), target.connections(), target.language());
        return watch(target, plan, listener);
    }

    /** Asks an agent; results that pass have its line as their info. {@link HealthSnapshot}s of it say nothing. */
    public Watch watchAgent(CheckTarget target, byte[] question, HealthListener listener) {
        return watch(target, CheckPlan.agent(target.connections(), question), listener);
    }

    /** Runs a program as the check. */
    public Watch watchProgram(CheckTarget target, ExternalRunner runner, HealthListener listener) {
        return watch(target, runner::start, listener);
    }

    private Watch watch(CheckTarget target, CheckPlan plan, HealthListener listener) {
        return watch(target, new CheckRunner(channels, plan, target.timing().deadlines(), clock)::start, listener);
    }

    private Watch watch(CheckTarget target, WatchedServer.Launcher launcher, HealthListener listener) {
        if (closed) {
            throw new IllegalStateException("the monitor is closed");
        }
        CheckSchedule schedule = new CheckSchedule(target.timing(), spread, new SplittableRandom());
        EventLoop loop = loops.next();
        WatchedServer watch = new WatchedServer(loop, target, listener, launcher, schedule);
        watches.add(watch);
        watch.ended().addListener(end -> watches.remove(watch));
        watch.start(watched.getAndIncrement());
        if (closed) {
            // close() may have passed over the set before this watch was in it.
            watch.stop();
        }
        return watch;
    }

    /**
     * Stops all watches and waits up to five seconds until their loops have taken note. On an event loop of the
     * group it does not wait. The loops are left running.
     *
     * <p>To be called before the loops are shut down. A loop that is being shut down starts no further check and
     * tells no further result in any case, but Netty closes a loop's channels before it runs its last tasks: the
     * socket of a check that starts in just that moment stays open until the process ends.
     */
    @Override
    public void close() {
        closed = true;
        List<WatchedServer> all = new ArrayList<>(watches);
        all.forEach(WatchedServer::stop);
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return;
            }
        }
        long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
        for (WatchedServer watch : all) {
            if (!watch.orphaned() && !watch.ended().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                LOG.warn("health checks were still running {} after the stop", CLOSE_LIMIT);
                return;
            }
        }
    }
}
