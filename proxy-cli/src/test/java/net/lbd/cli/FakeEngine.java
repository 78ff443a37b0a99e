package net.lbd.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import net.lbd.cli.reload.Engine;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.log.LogRing;
import net.lbd.core.report.ReportSource;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.runtime.ProcessRates;
import net.lbd.core.runtime.ProxyRuntime;

/** An engine that builds its runtime and otherwise only remembers what it was told. */
public final class FakeEngine implements Engine {

    private volatile boolean stopping;
    private List<LogRing> rings = List.of();

    /** These are the rings from now on. */
    public void showRings(List<LogRing> shown) {
        rings = List.copyOf(shown);
    }

    @Override
    public List<LogRing> rings() {
        return rings;
    }


    private final ProcessRates rates = ProcessRates.create();
    private final List<String> calls = new ArrayList<>();
    private Optional<ProxyRuntime> runtime = Optional.empty();
    private Optional<List<Diagnostic>> refusal = Optional.empty();
    private Runnable onApply = () -> { };
    private int connections;
    private boolean blocked;
    private int looks;
    private final AtomicBoolean late = new AtomicBoolean();

    /** From now on nothing is applied. */
    public synchronized void refuse(List<Diagnostic> problems) {
        refusal = Optional.of(problems);
    }

    /** Runs within each apply, outside the lock. */
    public synchronized void onApply(Runnable action) {
        onApply = action;
    }

    public synchronized void setConnections(int number) {
        connections = number;
    }

    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private synchronized void called(String call) {
        calls.add(call);
    }

    @Override
    public ApplyResult apply(Configuration configuration) {
        called("apply");
        Runnable action;
        synchronized (this) {
            action = onApply;
        }
        action.run();
        synchronized (this) {
            if (refusal.isPresent()) {
                return new ApplyResult(false, refusal.get());
            }
            runtime = Optional.of(Fixtures.runtime(configuration));
            return new ApplyResult(true, List.of());
        }
    }

    @Override
    public synchronized Optional<ProxyRuntime> runtime() {
        return runtime;
    }

    @Override
    public ReportSource report() {
        return new FakeReport(this);
    }

    @Override
    public synchronized List<Listening> listeners() {
        return runtime.stream().flatMap(r -> r.configuration().frontends().stream())
                .flatMap(f -> f.binds().stream().map(b -> new Listening(f.name(), b.address().text(),
                        b.settings().get(BindSettings.SSL))))
                .toList();
    }

    @Override
    public net.lbd.core.tls.CertificateStore certificates() {
        return new net.lbd.core.tls.CertificateStore();
    }

    @Override
    public void setAdmin(Backend backend, Server server, ServerState.Admin wanted) {
        called("setAdmin " + backend + "/" + server + " " + wanted);
        server.state().setAdmin(wanted);
    }

    @Override
    public void announceStop() {
        called("announceStop");
    }

    @Override
    public void softStop() {
        called("softStop");
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    @Override
    public ProcessRates rates() {
        return rates;
    }

    @Override
    public synchronized int connections() {
        return connections;
    }

    /** From now on an event loop does not answer. */
    public synchronized void block() {
        blocked = true;
    }

    @Override
    public synchronized boolean isAlive(Duration bound) {
        looks++;
        return !blocked && !late.getAndSet(false);
    }

    /** The next look finds a loop late, and the one after it does not. */
    public void beLate() {
        late.set(true);
    }

    /** How often it was asked whether it is alive. */
    public synchronized int looks() {
        return looks;
    }

    @Override
    public void close() {
        called("close");
    }
}
