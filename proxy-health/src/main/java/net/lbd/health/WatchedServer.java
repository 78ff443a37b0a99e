package net.lbd.health;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckRunner;
import net.lbd.health.check.CheckStatus;
import net.lbd.health.check.CheckTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server's round of waiting, checking and telling. Confined to its event loop but for the volatile
 * snapshot and stop mark. Between checks it is one scheduled task, during a check one timer, never both.
 */
final class WatchedServer implements Watch {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedServer.class);

    /** Starts a check; {@link CheckRunner#start} but for tests of the schedule. */
    interface Launcher {
        CheckRunner.Running start(EventLoop loop, CheckRunner.Subject subject, Consumer<CheckResult> done);
    }

    private final EventLoop loop;
    private final CheckTarget target;
    private final HealthListener listener;
    private final Launcher launcher;
    private final CheckSchedule schedule;
    private final HealthState state;
    private final Promise<Void> ended;

    private volatile HealthSnapshot snapshot;
    private volatile boolean stopped;

    private Future<?> next;
    private long nextAtNanos;
    private boolean checking;
    private CheckRunner.Running running;
    private boolean listenerFailed;

    WatchedServer(
            EventLoop loop, CheckTarget target, HealthListener listener, Launcher launcher, CheckSchedule schedule) {
        this.loop = loop;
        this.target = target;
        this.listener = listener;
        this.launcher = launcher;
        this.schedule = schedule;
        this.state = new HealthState(target.initial().rescaled(target.timing().rise(), target.timing().fall()));
        this.snapshot = state.snapshot();
        this.ended = loop.newPromise();
    }

    /** Begins; {@code ordinal} tells its place among the first checks. */
    void start(long ordinal) {
        loop.execute(() -> {
            if (!stopped && next == null && !checking) {
                waitFor(schedule.firstDelayNanos(ordinal));
            }
        });
    }

    private void waitFor(long delayNanos) {
        nextAtNanos = loop.ticker().nanoTime() + delayNanos;
        next = loop.schedule(this::check, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        next = null;
        if (loop.isShuttingDown()) {
            // The loop closes its channels once and may run this task after that; a channel made now would stay open.
            return;
        }
        checking = true;
        CheckRunner.Running started = launcher.start(loop, target.subject(), this::concluded);
        // The verdict may have come within the call.
        if (checking) {
            running = started;
        }
    }

    private void concluded(CheckResult result) {
        checking = false;
        running = null;
        if (stopped || loop.isShuttingDown()) {
            // A check that our own shutdown broke off says nothing of the server.
            return;
        }
        if (result.isWithoutVerdict()) {
            untried(result);
            return;
        }
        HealthSnapshot before = snapshot;
        HealthSnapshot after = state.apply(result);
        snapshot = after;
        tell(() -> listener.onResult(target, result, after));
        if (before.up() != after.up() || before.stopping() != after.stopping()) {
            tell(() -> listener.onTransition(target, before, after));
        }
        if (!stopped) {
            waitFor(schedule.nextDelayNanos(after, loop.ticker().nanoTime()));
        }
    }

    /** A server is not taken down for what this machine lacks; it keeps its state until it can be asked again. */
    private void untried(CheckResult result) {
        LOG.debug("{} could not be checked: {}", target.name(), result.info());
        waitFor(schedule.nextDelayNanos(snapshot, loop.ticker().nanoTime()));
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | LinkageError | AssertionError bug) {
            if (!listenerFailed) {
                listenerFailed = true;
                LOG.error("the listener of {} failed; checks go on, further failures are not logged", target.name(), bug);
            }
        }
    }

    @Override
    public HealthSnapshot snapshot() {
        return snapshot;
    }

    @Override
    public void checkNow() {
        loop.execute(() -> {
            if (!stopped && !checking) {
                cancelNext();
                check();
            }
        });
    }

    @Override
    public void observed(Observation what, String info) {
        loop.execute(() -> {
            if (stopped || loop.isShuttingDown()) {
                return;
            }
            CheckResult result = new CheckResult.Failed(CheckStatus.HANA, OptionalInt.empty(), info, "", Duration.ZERO, Instant.now());
            HealthSnapshot before = snapshot;
            HealthSnapshot after = state.observe(what, result);
            snapshot = after;
            if (what != Observation.FASTINTER) {
                tell(() -> listener.onResult(target, result, after));
            }
            if (before.up() != after.up() || before.stopping() != after.stopping()) {
                tell(() -> listener.onTransition(target, before, after));
            }
            if (!stopped && !checking) {
                long soon = target.timing().fastinter().toNanos();
                if (nextAtNanos - loop.ticker().nanoTime() > soon) {
                    cancelNext();
                    waitFor(soon);
                }
            }
        });
    }

    @Override
    public void force(Forced wanted) {
        loop.execute(() -> {
            if (stopped) {
                return;
            }
            HealthSnapshot before = snapshot;
            HealthSnapshot after = state.force(wanted, Instant.now());
            snapshot = after;
            if (before.up() != after.up() || before.stopping() != after.stopping()) {
                tell(() -> listener.onForced(target, before, after));
            }
        });
    }

    @Override
    public Future<CheckResult> probe(CheckTrace trace) {
        Promise<CheckResult> done = loop.newPromise();
        CheckRunner.Subject watched = target.subject();
        CheckRunner.Subject subject = new CheckRunner.Subject(
                watched.address(), watched.running(), watched.stateHeader(), Optional.of(trace));
        loop.execute(() -> launcher.start(loop, subject, done::trySuccess));
        return done;
    }

    @Override
    public void stop() {
        stopped = true;
        if (loop.inEventLoop()) {
            end();
        } else if (!loop.isShutdown()) {
            loop.execute(this::end);
        }
        // A loop that is shut down has closed its channels and will run no task any more.
    }

    /** Done when the loop has taken note of {@link #stop}. */
    Future<Void> ended() {
        return ended;
    }

    /** Its loop is shut down, so that {@link #ended} may never be done. */
    boolean orphaned() {
        return loop.isShutdown();
    }

    private void end() {
        cancelNext();
        if (running != null) {
            running.cancel();
            running = null;
        }
        checking = false;
        ended.trySuccess(null);
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
