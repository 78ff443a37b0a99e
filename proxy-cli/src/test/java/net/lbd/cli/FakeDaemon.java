package net.lbd.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import net.lbd.cli.command.DaemonControl;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;

/** A daemon for commands to act upon. */
public final class FakeDaemon implements DaemonControl {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Optional<Configuration> configuration;
    private final Engine.View view;
    private volatile Supplier<ReloadResult> reload =
            () -> new ReloadResult(true, List.of(), "", Duration.ofMillis(7));

    public FakeDaemon() {
        this.configuration = Optional.empty();
        this.view = Engine.View.EMPTY;
    }

    public FakeDaemon(String text) {
        this.configuration = Optional.of(Fixtures.configuration(text));
        this.view = Fixtures.view(configuration.get());
    }

    public void onReload(Supplier<ReloadResult> action) {
        reload = action;
    }

    public List<String> calls() {
        return List.copyOf(calls);
    }

    public Server server(String backend, String server) {
        return view.backends().stream().filter(b -> b.name().equals(backend)).findFirst().orElseThrow()
                .servers().stream().filter(s -> s.name().equals(server)).findFirst().orElseThrow();
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
    public Optional<Configuration> configuration() {
        return configuration;
    }

    @Override
    public Engine.View view() {
        return view;
    }

    @Override
    public void setAdmin(Backend backend, Server server, ServerState.Admin wanted) {
        calls.add("setAdmin " + backend + "/" + server + " " + wanted);
        server.state().setAdmin(wanted);
    }
}
