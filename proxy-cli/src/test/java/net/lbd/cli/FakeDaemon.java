package net.lbd.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import net.lbd.cli.command.DaemonControl;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.core.backend.ServerState;

/** A daemon for commands to act upon. */
public final class FakeDaemon implements DaemonControl {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final FakeEngine engine = new FakeEngine();
    private volatile Supplier<ReloadResult> reload =
            () -> new ReloadResult(true, List.of(), "", Duration.ofMillis(7));

    /** Nothing serves yet. */
    public FakeDaemon() { }

    /** This configuration serves. */
    public FakeDaemon(String text) {
        engine.apply(Fixtures.configuration(text));
    }

    public void onReload(Supplier<ReloadResult> action) {
        reload = action;
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
