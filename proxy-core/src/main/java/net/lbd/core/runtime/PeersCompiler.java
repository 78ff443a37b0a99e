package net.lbd.core.runtime;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.PeersSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.core.peers.PeersPlan;
import net.lbd.core.stick.StickTable;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.stick.StickTables;
import net.lbd.core.tls.BindTls;
import net.lbd.core.tls.ServerTls;
import net.lbd.core.tls.TlsContexts;
import net.lbd.core.tls.TlsException;
import net.lbd.core.tls.TlsSources;

/** Sections {@code peers} to plans: which peer this process is, where it listens, whom it connects to. Used by one thread. */
final class PeersCompiler {

    private final Settings global;
    private final String localName;
    private final StickTables tables;
    private final TlsSources sources;
    private final Problems problems;
    private int tlsCount;

    PeersCompiler(Configuration configuration, ProcessFacts process, StickTables tables, TlsSources sources, Problems problems) {
        this.global = configuration.global().settings();
        this.localName = process.peerName().or(() -> global.find(GlobalSettings.LOCALPEER)).orElse(process.hostname());
        this.tables = tables;
        this.sources = sources;
        this.problems = problems;
    }

    List<PeersPlan> compile(List<PeersSpec> specs) {
        List<PeersPlan> plans = new ArrayList<>();
        for (PeersSpec spec : specs) {
            if (!spec.enabled()) {
                continue;
            }
            if (!spec.names().contains(localName)) {
                problems.warning(Problems.NO_LOCAL_PEER, spec.location(), "peers '" + spec.name() + "': none of its peers is '" + localName
                        + "', which is the name of this process: its tables are not shared",
                        "name a peer so, or say 'localpeer' in global");
                continue;
            }
            plans.add(plan(spec));
        }
        return plans;
    }

    private PeersPlan plan(PeersSpec spec) {
        StringBuilder shape = new StringBuilder(localName);
        List<PeersPlan.Listen> listens = new ArrayList<>();
        for (BindSpec bind : spec.binds()) {
            listen(bind, listens, shape);
        }
        List<PeersPlan.Remote> remotes = new ArrayList<>();
        for (ServerSpec server : spec.remotes()) {
            if (server.name().equals(localName)) {
                if (listens.isEmpty()) {
                    listen(new BindSpec(server.location(), server.address(), spec.listening()), listens, shape);
                }
            } else {
                remotes.add(remote(server, shape));
            }
        }
        List<StickTable> shared = new ArrayList<>();
        List<Optional<StickTable>> writeTo = new ArrayList<>();
        for (StickTable table : tables.all()) {
            if (table.spec().peers().filter(spec.name()::equals).isPresent()) {
                shared.add(table);
                writeTo.add(table.spec().writeTo().flatMap(tables::find));
            }
        }
        return new PeersPlan(spec.name(), localName, listens, remotes, shared, writeTo, shape.toString());
    }

    private void listen(BindSpec bind, List<PeersPlan.Listen> listens, StringBuilder shape) {
        Settings settings = EffectiveSettings.of(global, bind);
        Optional<BindTls> tls = Optional.empty();
        if (settings.get(BindSettings.SSL)) {
            try {
                tls = Optional.of(TlsContexts.forBind(settings, sources));
                // Certificates may have changed under the same names.
                shape.append(" tls").append(System.identityHashCode(this)).append(tlsCount++);
            } catch (TlsException e) {
                problems.error(Problems.TLS, bind.location(), e.getMessage(), "");
            }
        }
        Optional<BindTls> made = tls;
        if (bind.address() instanceof AddressSpec.FileDescriptor) {
            problems.error(Problems.UNSUPPORTED, bind.location(), "peers listen on an address and port, not on '" + bind.address().text() + "'", "");
            return;
        }
        SocketAddresses.ofBind(bind.address(), "", bind.location(), problems)
                .ifPresent(address -> listens.add(new PeersPlan.Listen(bind.location(), address, made)));
        shape.append(" listens ").append(bind.address().text());
    }

    private PeersPlan.Remote remote(ServerSpec server, StringBuilder shape) {
        Settings settings = EffectiveSettings.of(global, server);
        Optional<ServerTls> tls = Optional.empty();
        if (settings.get(ServerSettings.SSL)) {
            try {
                tls = Optional.of(TlsContexts.forServer(settings, sources));
                shape.append(" tls").append(System.identityHashCode(this)).append(tlsCount++);
            } catch (TlsException e) {
                problems.error(Problems.TLS, server.location(), "peer '" + server.name() + "': " + e.getMessage(), "");
            }
        }
        SocketAddress address = SocketAddresses.ofServer(server.address(), Optional.empty(), server.location(), problems);
        if (!(address instanceof InetSocketAddress)) {
            problems.error(Problems.UNSUPPORTED, server.location(), "peer '" + server.name() + "' wants an address and a port", "");
        }
        shape.append(' ').append(server.name()).append('=').append(server.address().text());
        return new PeersPlan.Remote(server.name(), address, tls);
    }
}
