package net.lbd.cli.reload;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.dns.ResolverSections;
import net.lbd.core.log.LogRing;
import net.lbd.core.peers.PeersService;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.report.ReportSource;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.core.runtime.Generations;
import net.lbd.core.runtime.ProcessRates;
import net.lbd.core.runtime.ProxyEngine;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.core.runtime.ServerChanges;
import net.lbd.core.runtime.TrafficControl;
import net.lbd.core.tls.CertificateStore;
import net.lbd.health.Watch;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;

/** The engine of proxy-core. Thread-safe. */
public final class CoreEngine implements Engine {

    private final ProxyEngine engine;

    private CoreEngine(ProxyEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    public static CoreEngine create(EngineOptions options) {
        return new CoreEngine(ProxyEngine.create(options));
    }

    @Override
    public ApplyResult apply(Configuration configuration) {
        return engine.apply(configuration);
    }

    @Override
    public Optional<ProxyRuntime> runtime() {
        return engine.runtime();
    }

    @Override
    public Optional<PeersService> peers() {
        return engine.peers();
    }

    @Override
    public List<LogRing> rings() {
        return engine.rings();
    }

    @Override
    public ReportSource report() {
        return engine;
    }

    @Override
    public List<Listening> listeners() {
        return engine.listeners().stream()
                .map(l -> new Listening(l.bind().frontend().name(), text(l.boundAddress()), l.bind().tls().isPresent()))
                .toList();
    }

    private static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (inet.getAddress().isAnyLocalAddress() ? "*" : host.indexOf(':') < 0 ? host : "[" + host + "]")
                    + ":" + inet.getPort();
        }
        return address.toString();
    }

    @Override
    public void setAdmin(Backend backend, Server server, ServerState.Admin wanted) {
        engine.setAdmin(backend, server, wanted);
    }

    @Override
    public Optional<TrafficControl> traffic() {
        return Optional.of(engine.traffic());
    }

    @Override
    public Optional<Generations> generations() {
        return Optional.of(engine.generations());
    }

    @Override
    public Optional<ServerChanges> serverChanges() {
        return Optional.of(engine.serverChanges());
    }

    @Override
    public CertificateStore certificates() {
        return engine.certificates();
    }

    @Override
    public ServerChecks checks() {
        return new ServerChecks() {
            @Override
            public void setChecked(Server server, boolean agent, boolean on) {
                engine.setChecked(server, agent, on);
            }

            @Override
            public boolean force(Server server, Watch.Forced wanted) {
                return engine.forceHealth(server, wanted);
            }

            @Override
            public boolean forceAgent(Server server, boolean up) {
                return engine.forceAgent(server, up);
            }

            @Override
            public Optional<Future<CheckResult>> probe(Server server, CheckTrace trace) {
                return engine.probe(server, trace);
            }
        };
    }

    @Override
    public ServerPlaces places() {
        return new ServerPlaces() {
            @Override
            public ResolverSections resolvers() {
                return engine.resolvers();
            }

            @Override
            public void setAddress(Server server, InetSocketAddress address) {
                engine.setAddress(server, address);
            }

            @Override
            public void setHostName(Server server, String name) {
                engine.setHostName(server, name);
            }
        };
    }

    @Override
    public void announceStop() {
        engine.announceStop();
    }

    @Override
    public void softStop() {
        engine.softStop();
    }

    @Override
    public List<ReceivedSockets.Held> held() {
        return engine.held();
    }

    @Override
    public void handedOver() {
        engine.handedOver();
    }

    @Override
    public void closeRested(Duration rest) {
        engine.closeRested(rest);
    }

    @Override
    public int connections() {
        return engine.connections();
    }

    @Override
    public ProcessRates rates() {
        return engine.rates();
    }

    @Override
    public boolean isAlive(Duration bound) {
        return engine.isAlive(bound);
    }

    @Override
    public void close() {
        engine.close();
    }
}
