package net.lbd.cli;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxySettings;
import net.lbd.core.report.Product;
import net.lbd.core.report.ReportSource;
import net.lbd.core.runtime.ProcessRates;
import net.lbd.core.runtime.ProxyRuntime;

/** What a fake engine reports: its configuration, an hour after the start. */
final class FakeReport implements ReportSource {

    private final FakeEngine engine;

    FakeReport(FakeEngine engine) {
        this.engine = engine;
    }

    @Override
    public Product product() {
        return Version.CURRENT.product();
    }

    @Override
    public Instant startedAt() {
        return Instant.now().minusSeconds(3661);
    }

    @Override
    public boolean isStopping() {
        return engine.isStopping();
    }

    @Override
    public Optional<ProxyRuntime> runtime() {
        return engine.runtime();
    }

    @Override
    public FrontendStatus status(String frontend) {
        return FrontendStatus.OPEN;
    }

    @Override
    public int connections() {
        return engine.connections();
    }

    @Override
    public int maxConnections() {
        return runtime().flatMap(r -> r.configuration().global().settings().find(GlobalSettings.MAXCONN)).orElse(0);
    }

    @Override
    public int listening() {
        return engine.listeners().size();
    }

    @Override
    public ProcessRates rates() {
        return engine.rates();
    }

    @Override
    public Map<String, Instant> certificateEnds() {
        return Map.of();
    }

    @Override
    public long bufferBytes() {
        return 4 << 20;
    }

    @Override
    public int pendingTasks() {
        return 0;
    }

    @Override
    public int maxConnections(String frontend) {
        return runtime().stream().flatMap(r -> r.configuration().frontends().stream()).filter(f -> f.name().equals(frontend))
                .flatMap(f -> f.settings().find(ProxySettings.MAXCONN).stream()).findFirst().orElse(0);
    }
}
