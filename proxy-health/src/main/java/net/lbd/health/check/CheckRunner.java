package net.lbd.health.check;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the checks of one server: connects, shakes hands if there is TLS, takes the steps of the plan, closes.
 * Each run has connections of its own. Immutable, so that any event loop may start a run.
 *
 * <p>A connection that answered is closed with close_notify and FIN, and what the server still sends is read
 * for up to {@link #CLOSE_WAIT} and {@link #DRAIN_LIMIT_BYTES}: closing a socket with unread bytes would send a
 * reset, which shows in the server's logs. Difference: HAProxy often resets them. One on which nothing was said is reset, as HAProxy
 * does, unless the step says {@code linger}: it costs half as much.
 */
public final class CheckRunner {

    /** Bytes that wait for a step before reading pauses. */
    static final int INPUT_LIMIT_BYTES = 16_384;
    /** How long a connection may outlive its check, waiting for the server's FIN. */
    static final Duration CLOSE_WAIT = Duration.ofSeconds(1);
    /** How much is read and dropped meanwhile. */
    static final int DRAIN_LIMIT_BYTES = 256 * 1024;

    final ChannelFactory<? extends Channel> channels;
    final CheckPlan plan;
    final Deadlines deadlines;
    final InstantSource clock;

    public CheckRunner(
            ChannelFactory<? extends Channel> channels,
            CheckPlan plan,
            Deadlines deadlines,
            InstantSource clock) {
        this.channels = Objects.requireNonNull(channels, "channels");
        this.plan = Objects.requireNonNull(plan, "plan");
        this.deadlines = Objects.requireNonNull(deadlines, "deadlines");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * The two time limits of a check. HAProxy manual, "timeout check". Difference: HAProxy 2.6 was seen not to
     * enforce a {@code timeout check} that ends before the connect limit would have; here it is enforced.
     *
     * @param connect bounds each connection and its handshake; bounds the whole check if {@code talk} is absent
     * @param talk bounds what follows each handshake
     */
    public record Deadlines(Duration connect, Optional<Duration> talk) {
        public Deadlines {
            Objects.requireNonNull(connect, "connect");
            Objects.requireNonNull(talk, "talk");
        }
    }

    /** A check that is under way. */
    public interface Running {
        /** Breaks it off without a result. On its event loop only. */
        void cancel();
    }

    /**
     * What is checked. Immutable.
     *
     * @param address asked for every connection; an unresolved address or an exception is a failed check
     * @param running whether the server is up: {@code disable-on-404} counts only then
     * @param stateHeader the value of {@code X-Haproxy-Server-State}, for {@code http-check send-state}
     * @param trace who wants to see every step
     */
    public record Subject(Supplier<SocketAddress> address, BooleanSupplier running, Supplier<String> stateHeader,
            Optional<CheckTrace> trace) {
        public Subject {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(running, "running");
            Objects.requireNonNull(stateHeader, "stateHeader");
            Objects.requireNonNull(trace, "trace");
        }

        /** A server of which nothing but its address is known. */
        public static Subject of(Supplier<SocketAddress> address) {
            return new Subject(address, () -> true, () -> "", Optional.empty());
        }
    }

    /**
     * Starts one check. Call on {@code loop}; {@code done} is called there exactly once, possibly before this
     * method returns, unless the check is cancelled.
     */
    public Running start(EventLoop loop, Subject subject, Consumer<CheckResult> done) {
        CheckRun run = new CheckRun(this, loop, subject, done);
        run.start();
        return run;
    }
}
