package net.lbd.health.check;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a program as the check of a server: exit code 0 passes. It is started away from the event loop, gets an environment
 * of its own and no input, and its output is thrown away. When its time is over it is killed. Immutable. Source: HAProxy
 * manual, "external-check command".
 */
public final class ExternalRunner {

    private final Supplier<List<String>> command;
    private final Supplier<Map<String, String>> environment;
    private final boolean inheritsEnvironment;
    private final Duration limit;
    private final Executor starter;
    private final InstantSource clock;

    /**
     * @param command asked before each run, as the environment is
     * @param inheritsEnvironment whether the program gets that of this process, too
     * @param starter where processes are started, which may take milliseconds
     */
    public ExternalRunner(Supplier<List<String>> command, Supplier<Map<String, String>> environment, boolean inheritsEnvironment, Duration limit,
            Executor starter, InstantSource clock) {
        this.command = Objects.requireNonNull(command, "command");
        this.environment = Objects.requireNonNull(environment, "environment");
        this.inheritsEnvironment = inheritsEnvironment;
        this.limit = Objects.requireNonNull(limit, "limit");
        this.starter = Objects.requireNonNull(starter, "starter");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Starts one check. Call on {@code loop}; {@code done} is called there exactly once, unless the check is cancelled. */
    public CheckRunner.Running start(EventLoop loop, CheckRunner.Subject subject, Consumer<CheckResult> done) {
        Run run = new Run(loop, done);
        run.begin();
        return run;
    }

    /** One run; its fields are confined to the event loop. */
    private final class Run implements CheckRunner.Running {
        private final EventLoop loop;
        private final Consumer<CheckResult> done;
        private final long startedNanos;
        private Future<?> timer;
        private Process process;
        private boolean over;

        Run(EventLoop loop, Consumer<CheckResult> done) {
            this.loop = loop;
            this.done = done;
            this.startedNanos = loop.ticker().nanoTime();
        }

        void begin() {
            timer = loop.schedule(() -> finish(new CheckResult.TimedOut(CheckStatus.PROCTOUT, "", elapsed(), clock.instant())),
                    limit.toNanos(), TimeUnit.NANOSECONDS);
            try {
                starter.execute(this::launch);
            } catch (RejectedExecutionException busy) {
                loop.execute(() -> fail("too many programs are running"));
            }
        }

        private void launch() {
            ProcessBuilder builder = new ProcessBuilder(command.get())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
            if (!inheritsEnvironment) {
                builder.environment().clear();
            }
            builder.environment().putAll(environment.get());
            Process begun;
            try {
                begun = builder.start();
                begun.getOutputStream().close();
            } catch (IOException cannot) {
                loop.execute(() -> fail(String.valueOf(cannot.getMessage())));
                return;
            }
            loop.execute(() -> started(begun));
        }

        private void started(Process begun) {
            process = begun;
            if (over) {
                begun.destroyForcibly();
                return;
            }
            begun.onExit().thenAccept(ended -> loop.execute(() -> exited(ended.exitValue())));
        }

        private void exited(int code) {
            finish(code == 0 ? new CheckResult.Passed(CheckStatus.PROCOK, OptionalInt.of(0), "", elapsed(), clock.instant())
                    : new CheckResult.Failed(CheckStatus.PROCERR, OptionalInt.of(code), "", "", elapsed(), clock.instant()));
        }

        private void fail(String why) {
            finish(new CheckResult.Failed(CheckStatus.SOCKERR, OptionalInt.empty(), why, "", elapsed(), clock.instant()));
        }

        private void finish(CheckResult result) {
            if (!over) {
                cancel();
                done.accept(result);
            }
        }

        @Override
        public void cancel() {
            over = true;
            timer.cancel(false);
            if (process != null) {
                // Its children, too: a shell that is killed leaves what it has started.
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }

        private Duration elapsed() {
            return Duration.ofNanos(loop.ticker().nanoTime() - startedNanos);
        }
    }
}
