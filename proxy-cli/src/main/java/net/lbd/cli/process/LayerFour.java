package net.lbd.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.Participant;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.DirectorSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.l4.DirectorStatus;
import net.lbd.l4.PacketEngine;
import net.lbd.l4.ServerView;
import net.lbd.l4.Traffic;
import net.lbd.l4.preflight.Finding;
import net.lbd.l4.preflight.Preflight;
import net.lbd.l4.rules.ServerPlan.Standing;
import net.lbd.l4.rules.TableOwner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directors of the daemon: follows the configuration, and lets the packet engine see the servers as health checks and
 * administrators have them. Without a director nothing of it is started. Thread-safe.
 */
final class LayerFour implements Participant, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LayerFour.class);
    private static final String TABLE = "lbd";
    private static final List<String> NFT = List.of("nft");

    private final Engine engine;
    private Optional<PacketEngine> packets = Optional.empty();
    private List<DirectorSpec> directors = List.of();
    private boolean looked;
    private ProxyRuntime seen;
    private Map<String, View> views = Map.of();
    private final Map<String, Long> active = new HashMap<>();

    LayerFour(Engine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /** Writes the kernel's tables: all that can fail. A refused reload writes the old ones again. */
    @Override
    public synchronized Change prepare(Configuration configuration) throws IOException {
        List<DirectorSpec> before = directors;
        List<DirectorSpec> wanted = configuration.directors();
        if (wanted.isEmpty() && packets.isEmpty()) {
            removeLeftover();
            return done(() -> { });
        }
        if (!wanted.equals(before)) {
            check(wanted);
        }
        if (packets.isEmpty()) {
            packets = Optional.of(new PacketEngine(TABLE, NFT, this::view));
        }
        apply(wanted);
        return done(() -> {
            try {
                apply(before);
            } catch (IOException e) {
                LOG.error("layer 4: the directors of before cannot be put back: {}", e.getMessage());
            }
        });
    }

    private synchronized void apply(List<DirectorSpec> wanted) throws IOException {
        packets.orElseThrow().apply(wanted);
        directors = wanted;
    }

    private static void check(List<DirectorSpec> wanted) throws IOException {
        List<Finding> findings = Preflight.ofDirectors(wanted);
        findings.stream().filter(f -> !f.isFatal()).forEach(f -> LOG.warn("{}", f.text()));
        List<String> fatal = findings.stream().filter(Finding::isFatal).map(Finding::text).toList();
        if (!fatal.isEmpty()) {
            throw new IOException(String.join("; ", fatal) + "; 'lbctl preflight' tells more");
        }
    }

    /** Tables that a daemon with directors left when it died; beside the start, which need not wait for it. */
    private void removeLeftover() {
        if (looked || !Preflight.mayChangeTables()) {
            return;
        }
        looked = true;
        Thread thread = new Thread(() -> {
            try {
                Process list = new ProcessBuilder("nft", "list", "counters").redirectErrorStream(true).start();
                if (TableOwner.otherIn(new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isPresent()) {
                    return;
                }
                Process process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
                try (var in = process.outputWriter()) {
                    in.write(PacketEngine.removal(TABLE));
                }
                process.getInputStream().readAllBytes();
            } catch (IOException e) {
                LOG.debug("no tables of an earlier run can be looked for", e);
            }
        }, "lbd-l4-leftover");
        thread.setDaemon(true);
        thread.start();
    }

    private static Change done(Runnable rollback) {
        return new Change() {
            @Override
            public void commit() {
                // It is in force already.
            }

            @Override
            public void rollback() {
                rollback.run();
            }
        };
    }

    List<DirectorStatus> status() {
        Optional<PacketEngine> running;
        synchronized (this) {
            running = packets;
        }
        return running.map(PacketEngine::status).orElse(List.of());
    }

    synchronized long connections() {
        return packets.map(PacketEngine::connections).orElse(0L);
    }

    synchronized void drain() {
        packets.ifPresent(PacketEngine::drain);
    }

    @Override
    public void close() {
        Optional<PacketEngine> running;
        synchronized (this) {
            running = packets;
        }
        running.ifPresent(PacketEngine::close);
    }

    // ---- servers, on the control thread of the packet engine and under its lock

    private Optional<ServerView> view(String director, String server) {
        Optional<ProxyRuntime> runtime = engine.runtime();
        if (runtime.isEmpty()) {
            return Optional.empty();
        }
        if (runtime.get() != seen) {
            seen = runtime.get();
            views = seen.configuration().directors().stream().flatMap(d -> seen.backend(d.name()).stream())
                    .flatMap(backend -> backend.servers().stream().map(s -> new View(backend, s)))
                    .collect(Collectors.toMap(View::key, v -> v));
            active.keySet().retainAll(views.keySet());
        }
        return Optional.ofNullable(views.get(director + "/" + server));
    }

    private final class View implements ServerView {
        private final Backend backend;
        private final Server server;

        View(Backend backend, Server server) {
            this.backend = backend;
            this.server = server;
        }

        String key() {
            return backend.name() + "/" + server.name();
        }

        @Override
        public String name() {
            return server.name();
        }

        @Override
        public int weight() {
            return server.effectiveWeight();
        }

        @Override
        public int shownWeight() {
            return server.weight();
        }

        @Override
        public String shownState() {
            ServerState state = server.state();
            return switch (state.admin()) {
                case MAINT -> "MAINT";
                case DRAIN -> state.isUp() ? "DRAIN" : "DOWN";
                case READY -> !state.isUp() ? "DOWN" : state.isStopping() ? "NOLB" : "UP";
            };
        }

        @Override
        public boolean isSorry() {
            return server.isBackup();
        }

        @Override
        public Standing standing() {
            ServerState state = server.state();
            if (!state.isUp()) {
                return server.limits().shutdownSessionsOnDown() ? Standing.CUT : Standing.RESTING;
            }
            return switch (state.admin()) {
                case MAINT -> Standing.RESTING;
                case DRAIN -> Standing.DRAINING;
                case READY -> state.isStopping() || server.weight() == 0 ? Standing.DRAINING : Standing.SERVING;
            };
        }

        @Override
        public void count(Traffic traffic) {
            long before = active.getOrDefault(key(), 0L);
            active.put(key(), traffic.active());
            int change = (int) (traffic.active() - before);
            server.state().counters().follow(traffic.opened(), change, traffic.bytesIn(), traffic.bytesOut());
            backend.counters().follow(traffic.opened(), change, traffic.bytesIn(), traffic.bytesOut());
        }
    }
}
