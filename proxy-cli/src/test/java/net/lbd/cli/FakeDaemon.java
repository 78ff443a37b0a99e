package net.lbd.cli;

import java.time.Duration;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import net.lbd.cli.command.DaemonControl;
import net.lbd.cli.reload.ReloadPreview;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.core.backend.ServerState;

/** A daemon for commands to act upon. */
public final class FakeDaemon implements DaemonControl {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final FakeEngine engine = new FakeEngine();
    private volatile Supplier<ReloadResult> reload =
            () -> new ReloadResult(true, List.of(), "", Duration.ofMillis(7));

    private volatile Optional<Duration> trial = Optional.empty();
    private volatile ReloadPreview preview = new ReloadPreview(List.of(), "", List.of());
    private volatile List<Path> files = List.of();

    /** Nothing serves yet. */
    public FakeDaemon() { }

    /** This configuration serves. */
    public FakeDaemon(String text) {
        engine.apply(Fixtures.configuration(text));
    }

    public void onReload(Supplier<ReloadResult> action) {
        reload = action;
    }

    /** These are the files of the configuration from now on. */
    public void configuredBy(Path... paths) {
        files = List.of(paths);
    }

    @Override
    public List<Path> configurationFiles() {
        return files;
    }

    /** What was asked of the daemon. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public ServerState state(String backend, String server) {
        return Fixtures.server(engine.runtime().orElseThrow(), backend, server).state();
    }

    @Override
    public ReloadResult reload() {
        calls.add("reload");
        return reload.get();
    }

    @Override
    public ReloadResult reloadOnTrial(Duration time) {
        calls.add("reloadOnTrial " + time);
        ReloadResult result = reload.get();
        trial = Optional.of(time).filter(t -> result.applied());
        return result;
    }

    @Override
    public boolean confirm() {
        calls.add("confirm");
        boolean pending = trial.isPresent();
        trial = Optional.empty();
        return pending;
    }

    @Override
    public ReloadResult goBack() {
        calls.add("goBack");
        boolean pending = trial.isPresent();
        trial = Optional.empty();
        return new ReloadResult(pending, List.of(), pending ? "" : "no reload waits to be confirmed", Duration.ofMillis(7));
    }

    @Override
    public Optional<Duration> trialLeft() {
        return trial;
    }

    @Override
    public ReloadPreview preview() {
        return preview;
    }

    public void preview(ReloadPreview answer) {
        preview = answer;
    }

    @Override
    public void stop() {
        calls.add("stop");
    }

    @Override
    public void softStop() {
        calls.add("softStop");
    }

    @Override
    public boolean isStopping() {
        return false;
    }

    @Override
    public Instant startedAt() {
        return Instant.now().minusSeconds(3661);
    }

    @Override
    public FakeEngine engine() {
        return engine;
    }
}
