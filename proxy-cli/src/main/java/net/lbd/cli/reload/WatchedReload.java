package net.lbd.cli.reload;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import net.lbd.config.grammar.Durations;
import net.lbd.config.model.Configuration;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * A reload that goes back by itself when health gets worse: looks at the traffic for a while, reloads, looks again and again, and keeps the
 * new configuration when its time is over and nothing was found ({@link Condition} says what counts). Runs on its caller's thread, which
 * waits; whoever asked may be gone meanwhile.
 */
public final class WatchedReload {

    /** What the traffic is like before is not known of a daemon that keeps no history: so long it is looked at. */
    public static final Duration LOOK_BEFORE = Duration.ofSeconds(5);
    /** How long is watched where nobody says so: three checks of the usual two seconds find a server down in six. */
    public static final Duration USUAL_TIME = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** What came of it. */
    public record Outcome(ReloadResult reload, boolean isKept, String verdict) {
        public Outcome {
            Objects.requireNonNull(reload, "reload");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    private final ReloadCoordinator coordinator;
    private final Engine engine;
    private final Duration lookBefore;

    public WatchedReload(ReloadCoordinator coordinator, Engine engine) {
        this(coordinator, engine, LOOK_BEFORE);
    }

    WatchedReload(ReloadCoordinator coordinator, Engine engine, Duration lookBefore) {
        this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
        this.engine = Objects.requireNonNull(engine, "engine");
        this.lookBefore = Objects.requireNonNull(lookBefore, "lookBefore");
    }

    /**
     * @param time how long is watched behind the reload
     * @param reload carries the reload out: {@link ReloadCoordinator#reloadWatched}, and what its caller does with every reload
     * @param back goes back, for the reason given: {@link ReloadCoordinator#goBackUnlessDecided}
     */
    public Outcome run(Duration time, Supplier<ReloadResult> reload, BiFunction<ReloadCoordinator.Trial, String, ReloadResult> back)
            throws InterruptedException {
        Optional<Condition> earlier = look();
        Thread.sleep(lookBefore.toMillis());
        Optional<Condition> before = look();
        ReloadResult result = reload.get();
        Optional<ReloadCoordinator.Trial> trial = coordinator.trial();
        if (!result.applied() || trial.isEmpty() || earlier.isEmpty() || before.isEmpty()) {
            return new Outcome(result, result.applied(), "");
        }
        Configuration serving = engine.runtime().orElseThrow().configuration();
        Condition.Traffic usual = before.get().traffic().since(earlier.get().traffic());
        Optional<String> worse = Optional.empty();
        boolean decided = false;
        while (!decided && worse.isEmpty() && !trial.get().left().isZero()) {
            decided = trial.get().awaitDecision(INTERVAL);
            worse = look().flatMap(now -> now.worseThan(before.get(), usual, now.traffic().since(before.get().traffic())));
        }
        if (decided) {
            return ended(result, serving);
        }
        if (worse.isPresent()) {
            ReloadResult gone = back.apply(trial.get(), worse.get());
            return new Outcome(result, false, worse.get() + ": " + (gone.applied() ? "what served before serves again" : gone.summary()));
        }
        return !coordinator.keep(trial.get()) ? ended(result, serving)
                : new Outcome(result, true, "nothing has become worse in " + Durations.text(time) + ": the new configuration stays");
    }

    /** Somebody was quicker. */
    private Outcome ended(ReloadResult result, Configuration reloaded) {
        boolean kept = engine.runtime().orElseThrow().configuration() == reloaded;
        return new Outcome(result, kept, kept ? "'reload confirmed' has ended the watch: the new configuration stays"
                : "'reload back' has ended the watch: what served before serves again");
    }

    private Optional<Condition> look() {
        return engine.runtime().map((ProxyRuntime runtime) -> Condition.of(runtime));
    }
}
