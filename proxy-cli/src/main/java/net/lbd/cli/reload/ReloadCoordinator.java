package net.lbd.cli.reload;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.LoadResult;
import net.lbd.config.dump.ConfigurationDiff;
import net.lbd.config.dump.EffectiveSection;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.health.Watch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text to published snapshot, as a transaction: read and check the files, prepare the participants, let
 * the engine apply, commit. Any failure before the engine has published leaves the old configuration
 * serving, and the result says why. The start of the daemon is its first reload. Thread-safe: reloads
 * run one at a time on their callers' threads, and whoever comes during one waits for its own.
 *
 * <table>
 * <caption>What serves</caption>
 * <tr><th>state</th><th>left by</th><th>for</th></tr>
 * <tr><td>settled</td><td>{@link #reloadOnTrial}, applied</td><td>on trial</td></tr>
 * <tr><td>on trial</td><td>{@link #confirm}: the new configuration stays</td><td>settled</td></tr>
 * <tr><td>on trial</td><td>{@link #goBack}, or the time is over, or health is worse: the former one serves again</td><td>settled</td></tr>
 * </table>
 *
 * <p>Reloads are refused while one is on trial: which configuration to go back to would no longer be what its user saw.
 */
public final class ReloadCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadCoordinator.class);

    private final ConfigurationSource source;
    private final Engine engine;
    private final List<Participant> participants;
    private final boolean zeroWarning;
    private boolean closed;
    /** Empty before the first configuration serves. */
    private Optional<Served> serving = Optional.empty();
    /** Written under the lock, read by anybody: a status waits for no reload. */
    private volatile Optional<Trial> trial = Optional.empty();

    /** A configuration that serves or has served, and its lines for comparing. */
    private record Served(Configuration configuration, List<EffectiveSection> sections) { }

    /** A reload that waits to be confirmed, or for its watch to be over. Immutable but for the latch. */
    public static final class Trial {

        private final Served former;
        /** How it was when the former one served. */
        private final Optional<Condition> before;
        private final boolean watched;
        private final long endNanos;
        private final CountDownLatch decided = new CountDownLatch(1);

        private Trial(Served former, Optional<Condition> before, boolean watched, Duration time) {
            this.former = former;
            this.before = before;
            this.watched = watched;
            this.endNanos = System.nanoTime() + time.toNanos();
        }

        /** How long it may still be confirmed; never negative. */
        public Duration left() {
            return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
        }

        /** Whether health decides, and it stays when the time is over; else it has to be confirmed. */
        public boolean isWatched() {
            return watched;
        }

        /** Blocks until it is decided or its time is over; returns whether it is decided. */
        public boolean awaitDecision() throws InterruptedException {
            return awaitDecision(left());
        }

        /** Blocks for so long at most, and not beyond its time; returns whether it is decided. */
        public boolean awaitDecision(Duration most) throws InterruptedException {
            return decided.await(Math.min(most.toNanos(), left().toNanos()), TimeUnit.NANOSECONDS);
        }
    }

    /** @param zeroWarning {@code -dW}: a warning refuses the configuration like an error */
    public ReloadCoordinator(ConfigurationSource source, Engine engine, List<Participant> participants,
            boolean zeroWarning) {
        this.source = Objects.requireNonNull(source, "source");
        this.engine = Objects.requireNonNull(engine, "engine");
        this.participants = List.copyOf(participants);
        this.zeroWarning = zeroWarning;
    }

    /** From now on reloads are refused: the daemon is going to end. Waits for one that is under way; one on trial stays. */
    public synchronized void close() {
        closed = true;
        settle();
    }

    /** Reloads; blocks until the new configuration serves or is refused. */
    public synchronized ReloadResult reload() {
        return timed(this::load);
    }

    /**
     * Reloads as {@link #reload} does. If it is applied it is on trial: its caller waits for {@link Trial#awaitDecision}, and for
     * {@link #goBackUnlessDecided} if the time is over.
     */
    public ReloadResult reloadOnTrial(Duration time) {
        return onTrial(time, false);
    }

    /** Reloads as {@link #reloadOnTrial} does; its caller watches, and says {@link #keep} or {@link #goBackUnlessDecided}. */
    public ReloadResult reloadWatched(Duration time) {
        return onTrial(time, true);
    }

    private synchronized ReloadResult onTrial(Duration time, boolean watched) {
        Optional<Served> former = serving;
        Optional<Condition> before = engine.runtime().map(Condition::of);
        ReloadResult result = reload();
        if (result.applied()) {
            trial = former.map(f -> new Trial(f, before, watched, time));
        }
        return result;
    }

    /** The watch is over and nothing was found; false if it was decided already. */
    public synchronized boolean keep(Trial watched) {
        return trial.equals(Optional.of(watched)) && confirm();
    }

    /** What waits to be confirmed; never blocks. */
    public Optional<Trial> trial() {
        return trial;
    }

    /** The configuration on trial stays. Returns false if none is on trial. */
    public synchronized boolean confirm() {
        boolean pending = trial.isPresent();
        settle();
        return pending;
    }

    /**
     * Applies the configuration again that served before the one on trial, from memory; files that it names, such as certificates,
     * are read as they are now. Servers that were up then are up again, until its own checks say otherwise: what the checks of the one on
     * trial have found is not held against them. If it is refused, the new one serves on and stays on trial.
     */
    public synchronized ReloadResult goBack() {
        ReloadResult result = timed(diagnostics -> trial.isEmpty()
                ? Optional.of("no reload waits to be confirmed") : apply(trial.get().former, diagnostics));
        if (result.applied()) {
            trial.flatMap(t -> t.before).ifPresent(this::raiseAgain);
            settle();
        }
        return result;
    }

    private void raiseAgain(Condition before) {
        for (Backend backend : engine.runtime().orElseThrow().backends()) {
            for (Server server : backend.servers()) {
                if (!server.state().isUp() && before.servers().getOrDefault(backend.name() + "/" + server.name(), false)) {
                    engine.checks().force(server, Watch.Forced.UP);
                }
            }
        }
    }

    /** The time of a trial is over: goes back, once. Refused if it was decided in the last moment. */
    public synchronized ReloadResult goBackUnlessDecided(Trial over) {
        if (!trial.equals(Optional.of(over))) {
            return timed(diagnostics -> Optional.of("it was confirmed in the last moment, or has gone back already"));
        }
        ReloadResult result = goBack();
        settle();
        return result;
    }

    private void settle() {
        trial.ifPresent(t -> t.decided.countDown());
        trial = Optional.empty();
    }

    /** What a reload would change, without reloading. Blocks while one is under way. */
    public synchronized ReloadPreview preview() {
        ConfigurationLoader.Compared compared = source.load();
        return new ReloadPreview(compared.result().diagnostics(), refusal(compared.result()).orElse(""),
                ConfigurationDiff.of(serving.map(Served::sections).orElse(List.of()), compared.sections()));
    }

    /** Returns why it is not applied; empty if it is. */
    private interface Transaction {
        Optional<String> run(List<Diagnostic> diagnostics);
    }

    private ReloadResult timed(Transaction transaction) {
        long start = System.nanoTime();
        List<Diagnostic> diagnostics = new ArrayList<>();
        Optional<String> refusal;
        try {
            refusal = closed ? Optional.of("the daemon is stopping") : transaction.run(diagnostics);
        } catch (RuntimeException e) {
            // A bug, in the parser or in the engine: it must not end a daemon that serves.
            LOG.error("reload failed by an internal error", e);
            refusal = Optional.of("internal error: " + e + " (see the daemon's log)");
        }
        return new ReloadResult(refusal.isEmpty(), diagnostics, refusal.orElse(""),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private Optional<String> load(List<Diagnostic> diagnostics) {
        if (trial.isPresent()) {
            return Optional.of((trial.get().isWatched() ? "a reload is watched" : "a reload waits to be confirmed") + ", for another "
                    + Math.max(1, trial.get().left().toSeconds())
                    + " s: 'reload confirmed' keeps it, 'reload back' undoes it; then reload again");
        }
        ConfigurationLoader.Compared compared = source.load();
        diagnostics.addAll(compared.result().diagnostics());
        Optional<String> refusal = refusal(compared.result());
        return refusal.isPresent() ? refusal
                : apply(new Served(compared.result().configuration().orElseThrow(), compared.sections()), diagnostics);
    }

    /** Why files as they are cannot be applied, whatever the machine says. */
    private Optional<String> refusal(LoadResult loaded) {
        if (loaded.hasErrors()) {
            return Optional.of("errors found in the configuration");
        }
        if (loaded.hasWarnings() && (zeroWarning || loaded.isZeroWarning())) {
            return Optional.of("warnings were found, and 'zero-warning' (-dW) is set");
        }
        int missing = loaded.notYetSupported().size();
        if (missing > 0) {
            // A check accepts such words; to run without them would ignore them in silence.
            return Optional.of("the configuration is valid, but uses what this version does not support yet, "
                    + missing + (missing == 1 ? " time" : " times"));
        }
        return Optional.empty();
    }

    private Optional<String> apply(Served wanted, List<Diagnostic> diagnostics) {
        Configuration configuration = wanted.configuration;
        List<Participant.Change> changes = new ArrayList<>();
        boolean applied = false;
        try {
            for (Participant participant : participants) {
                changes.add(participant.prepare(configuration));
            }
            ApplyResult outcome = engine.apply(configuration);
            diagnostics.addAll(outcome.problems());
            applied = outcome.applied();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } finally {
            for (Participant.Change change : changes) {
                if (applied) {
                    change.commit();
                } else {
                    change.rollback();
                }
            }
        }
        if (applied) {
            serving = Optional.of(wanted);
        }
        return applied
                ? Optional.empty()
                : Optional.of("the configuration is valid, but could not be put into service");
    }
}
