package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One check: takes the steps of its plan one by one, on one connection after the other. Event-loop confined.
 *
 * <pre>
 * time-out while a connection is made  L4TOUT
 * ... while TLS is set up              L6TOUT
 * ... while a step waits               the step's
 * connection broken                    SOCKERR, unless what came before is enough for the step
 * the steps are through                the last one's status
 * </pre>
 */
final class CheckRun implements CheckRunner.Running, Wire, CheckConnection.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(CheckRun.class);

    private final CheckRunner runner;
    private final CheckRunner.Subject subject;
    private final EventLoop loop;
    private final Consumer<CheckResult> done;
    private final CheckScope scope;
    private final List<Step> steps;
    private final long startedNanos;

    private int at;
    private boolean over;
    private boolean steppingNow;
    private Future<?> timer;
    private Optional<CheckConnection> connection = Optional.empty();
    private Outcome.Next last = new Outcome.Next(CheckStatus.L4OK, OptionalInt.empty(), "");

    CheckRun(CheckRunner runner, EventLoop loop, CheckRunner.Subject subject, Consumer<CheckResult> done) {
        this.runner = runner;
        this.subject = subject;
        this.loop = loop;
        this.done = done;
        this.scope = runner.plan.newScope();
        this.steps = runner.plan.newSteps(subject);
        this.startedNanos = loop.ticker().nanoTime();
    }

    void start() {
        startTimer(runner.deadlines.connect());
        goOn();
    }

    /** Lets the steps take what has come, until one waits or the verdict is reached. */
    private void goOn() {
        if (steppingNow || over) {
            // A step's own write or connection can fail at once and lead back here.
            return;
        }
        steppingNow = true;
        try {
            while (!over) {
                if (at == steps.size()) {
                    pass();
                    break;
                }
                Step step = steps.get(at);
                Outcome outcome = advance(step);
                if (over) {
                    break;
                }
                if (outcome instanceof Outcome.Next next) {
                    last = next;
                    at++;
                } else if (outcome instanceof Outcome.Skip) {
                    at++;
                } else if (outcome instanceof Outcome.Fail failure) {
                    decide(failure);
                } else if (ended()) {
                    throw new IllegalStateException(step.describe() + " waits for more after the end");
                } else {
                    break;
                }
                traceStep(step, outcome);
            }
        } finally {
            steppingNow = false;
        }
        if (!over && isOpen()) {
            connection.ifPresent(CheckConnection::taken);
        }
    }

    private Outcome advance(Step step) {
        try {
            return step.advance(this);
        } catch (IllegalArgumentException wrong) {
            // An expression that yields what the step cannot use.
            return Outcome.fail(CheckStatus.L7RSP, String.valueOf(wrong.getMessage()));
        }
    }

    private void traceStep(Step step, Outcome outcome) {
        if (isTraced()) {
            subject.trace().orElseThrow().step(at, step.describe(), outcome instanceof Outcome.Fail f ? f.info() : "");
        }
    }

    @Override
    public void connect(ConnectStep step) {
        connection.ifPresent(before -> before.leave(true));
        connection = Optional.empty();
        if (runner.deadlines.talk().isPresent()) {
            startTimer(runner.deadlines.connect());
        }
        SocketAddress address;
        try {
            address = step.target().of(Objects.requireNonNull(subject.address().get(), "address"), scope);
        } catch (RuntimeException bug) {
            LOG.debug("a server's address cannot be told", bug);
            failed(CheckStatus.SOCKERR, "the server's address cannot be told", bug.toString());
            return;
        }
        if (isTraced()) {
            subject.trace().orElseThrow().connecting(address, step.target().tls().isPresent());
        }
        CheckConnection begun = CheckConnection.open(runner, loop, address, step.target(), this);
        if (over) {
            begun.cut();
        } else {
            connection = Optional.of(begun);
        }
    }

    @Override
    public void opened() {
        runner.deadlines.talk().ifPresent(this::startTimer);
        goOn();
    }

    @Override
    public void arrived() {
        goOn();
    }

    @Override
    public void failed(CheckStatus status, String info, String detail) {
        finish(new CheckResult.Failed(status, OptionalInt.empty(), info + place(), detail, elapsed(), now()));
    }

    /** The connection broke in mid-check; what came before that may be enough for a verdict. */
    @Override
    public void broken(Throwable cause) {
        if (over) {
            return;
        }
        if (isOpen() && at < steps.size() && steps.get(at).takesBreakAsEnd(this)) {
            connection.ifPresent(CheckConnection::endInput);
        }
        goOn();
        if (over) {
            return;
        }
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            failed(CheckStatus.L6RSP, "SSL connection error", CheckConnection.rootMessage(cause));
        } else if (cause instanceof IOException) {
            failed(CheckStatus.SOCKERR, SocketErrors.text(cause), "");
        } else {
            LOG.error("a health check of {} failed by a bug", connection.map(Object::toString).orElse("?"), cause);
            failed(CheckStatus.SOCKERR, "internal error", cause.toString());
        }
    }

    @Override
    public boolean isTraced() {
        return subject.trace().isPresent();
    }

    @Override
    public void traced(boolean sent, byte[] bytes) {
        subject.trace().ifPresent(trace -> trace.bytes(sent, bytes));
    }

    @Override
    public boolean isOpen() {
        return connection.isPresent() && connection.get().isOpen();
    }

    @Override
    public ByteBuf received() {
        return connection.orElseThrow().received();
    }

    @Override
    public boolean ended() {
        return connection.isPresent() && connection.get().ended();
    }

    @Override
    public ByteBufAllocator allocator() {
        return connection.orElseThrow().channel().alloc();
    }

    @Override
    public void send(ByteBuf bytes) {
        connection.orElseThrow().send(bytes);
    }

    @Override
    public CheckScope scope() {
        return scope;
    }

    private String place() {
        return at < steps.size() ? steps.get(at).place() : "";
    }

    private void startTimer(Duration time) {
        stopTimer();
        timer = loop.schedule(this::timeOut, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void timeOut() {
        CheckConnection.Stage stage = connection.map(CheckConnection::stage).orElse(CheckConnection.Stage.CONNECTING);
        CheckStatus status = switch (stage) {
            case CONNECTING -> CheckStatus.L4TOUT;
            case HANDSHAKING -> CheckStatus.L6TOUT;
            case AGREEING -> CheckStatus.L7TOUT;
            case OPEN -> steps.get(at).timeoutStatus();
            case LEAVING -> throw new IllegalStateException("a check's timer outlived it");
        };
        finish(new CheckResult.TimedOut(status, place(), elapsed(), now()));
    }

    private void pass() {
        finish(new CheckResult.Passed(last.status(), code(last.status(), last.code()), last.info(), elapsed(), now()));
    }

    private void decide(Outcome.Fail failure) {
        OptionalInt code = code(failure.status(), failure.code());
        finish(failure.status().passes()
                ? new CheckResult.Passed(failure.status(), code, failure.info(), elapsed(), now())
                : new CheckResult.Failed(failure.status(), code, failure.info(), "", elapsed(), now()));
    }

    private static OptionalInt code(CheckStatus status, OptionalInt code) {
        return status.hasCode() ? OptionalInt.of(code.orElse(0)) : OptionalInt.empty();
    }

    private void finish(CheckResult result) {
        if (over) {
            return;
        }
        over = true;
        stopTimer();
        connection.ifPresent(open -> open.leave(!(result instanceof CheckResult.TimedOut)));
        done.accept(result);
    }

    @Override
    public void cancel() {
        over = true;
        stopTimer();
        connection.ifPresent(CheckConnection::cut);
    }

    private Duration elapsed() {
        return Duration.ofNanos(loop.ticker().nanoTime() - startedNanos);
    }

    private Instant now() {
        return runner.clock.instant();
    }
}
