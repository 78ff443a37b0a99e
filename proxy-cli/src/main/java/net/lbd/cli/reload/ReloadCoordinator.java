package net.lbd.cli.reload;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.LoadResult;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.core.runtime.ApplyResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text to published snapshot, as a transaction: read and check the files, prepare the participants, let
 * the engine apply, commit. Any failure before the engine has published leaves the old configuration
 * serving, and the result says why. The start of the daemon is its first reload. Thread-safe: reloads
 * run one at a time on their callers' threads, and whoever comes during one waits for its own.
 */
public final class ReloadCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadCoordinator.class);

    private final ConfigurationSource source;
    private final Engine engine;
    private final List<Participant> participants;
    private final boolean zeroWarning;
    private boolean closed;

    /** @param zeroWarning {@code -dW}: a warning refuses the configuration like an error */
    public ReloadCoordinator(ConfigurationSource source, Engine engine, List<Participant> participants,
            boolean zeroWarning) {
        this.source = Objects.requireNonNull(source, "source");
        this.engine = Objects.requireNonNull(engine, "engine");
        this.participants = List.copyOf(participants);
        this.zeroWarning = zeroWarning;
    }

    /** From now on reloads are refused: the daemon is going to end. Waits for one that is under way. */
    public synchronized void close() {
        closed = true;
    }

    /** Reloads; blocks until the new configuration serves or is refused. */
    public synchronized ReloadResult reload() {
        long start = System.nanoTime();
        List<Diagnostic> diagnostics = new ArrayList<>();
        Optional<String> refusal;
        try {
            refusal = closed ? Optional.of("the daemon is stopping") : transact(diagnostics);
        } catch (RuntimeException e) {
            // A bug, in the parser or in the engine: it must not end a daemon that serves.
            LOG.error("reload failed by an internal error", e);
            refusal = Optional.of("internal error: " + e + " (see the daemon's log)");
        }
        return new ReloadResult(refusal.isEmpty(), diagnostics, refusal.orElse(""),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** Returns why the configuration is not applied; empty if it is. */
    private Optional<String> transact(List<Diagnostic> diagnostics) {
        LoadResult loaded = source.load();
        diagnostics.addAll(loaded.diagnostics());
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
        Configuration configuration = loaded.configuration().orElseThrow();
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
        return applied
                ? Optional.empty()
                : Optional.of("the configuration is valid, but could not be put into service");
    }
}
