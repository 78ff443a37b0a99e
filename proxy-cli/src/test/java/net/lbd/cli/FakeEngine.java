package net.lbd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.lbd.cli.reload.Engine;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;

/** An engine that only remembers what it was told. */
public final class FakeEngine implements Engine {

    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final List<String> calls = new ArrayList<>();
    private View view = View.EMPTY;
    private Optional<List<Diagnostic>> refusal = Optional.empty();
    private Runnable onApply = () -> { };

    /** From now on nothing is applied. */
    public synchronized void refuse(List<Diagnostic> problems) {
        refusal = Optional.of(problems);
    }

    public synchronized void accept() {
        refusal = Optional.empty();
    }

    /** Runs within each apply, outside the lock. */
    public synchronized void onApply(Runnable action) {
        onApply = action;
    }

    public void finishDraining() {
        drained.complete(null);
    }

    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized void called(String call) {
        calls.add(call);
    }

    @Override
    public Outcome apply(Configuration configuration) {
        called("apply");
        Runnable action;
        synchronized (this) {
            action = onApply;
        }
        action.run();
        synchronized (this) {
            if (refusal.isPresent()) {
                return new Outcome(false, refusal.get());
            }
            view = Fixtures.view(configuration);
            return new Outcome(true, List.of());
        }
    }

    @Override
    public synchronized View view() {
        return view;
    }

    @Override
    public void setAdmin(Backend backend, Server server, ServerState.Admin wanted) {
        called("setAdmin " + backend + "/" + server + " " + wanted);
        server.state().setAdmin(wanted);
    }

    @Override
    public void softStop() {
        called("softStop");
    }

    @Override
    public CompletionStage<Void> drained() {
        return drained;
    }

    @Override
    public void close() {
        called("close");
    }
}
