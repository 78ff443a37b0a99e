package net.lbd.core.runtime;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.connect.Faults;
import net.lbd.core.dns.ResolverSections;
import net.lbd.core.dns.Resolvers;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.listen.AcceptBrake;
import net.lbd.core.listen.Admission;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.ListenKey;
import net.lbd.core.listen.Listener;
import net.lbd.core.log.LogRing;
import net.lbd.core.log.LogWriter;
import net.lbd.core.mail.MailSender;
import net.lbd.core.peers.PeersPlan;
import net.lbd.core.peers.PeersService;
import net.lbd.core.report.Administration;
import net.lbd.core.report.Product;
import net.lbd.core.report.ReportDesk;
import net.lbd.core.report.ReportSource;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.stream.Stream;
import net.lbd.core.tls.CertificateStore;
import net.lbd.core.tls.TlsException;
import net.lbd.core.tls.TlsSources;
import net.lbd.health.Watch;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running proxy: workers, listeners, checks, and the configuration in force. A configuration is put
 * in force as a whole or not at all; connections that are open go on. Thread-safe: changes are made one
 * at a time, under the engine's own lock.
 */
public final class ProxyEngine implements ReportSource, Administration, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyEngine.class);
    private static final long STOP_SECONDS = 5;
    /** How often the files of certificates are looked at; one that has changed is read when it has not for this long. */
    private static final long CERTIFICATE_SECONDS = 5;
    /** How often it is looked which OCSP answers are due. */
    private static final long OCSP_SECONDS = 10;
    /** How often the keys of session tickets change. */
    private static final long TICKET_KEY_HOURS = 12;
    /** How often stick-tables forget what has expired; what has is not found before that either. */
    private static final long SWEEP_MILLIS = 1000;

    private final EngineOptions options;
    private final PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final StateRegistry registry = new StateRegistry();
    private final Listeners listeners;
    private volatile Optional<ProxyRuntime> runtime = Optional.empty();
    /** Made with the first configuration, which says how many there are. */
    private Optional<Running> running = Optional.empty();
    /** Empty before the first configuration and behind the end; read without the lock, which a reload may hold. */
    private volatile Optional<Pulse> pulse = Optional.empty();
    private final CertificateStore certificates = new CertificateStore();
    private volatile boolean stopped;
    private volatile boolean stopAnnounced;
    private volatile int listening;
    /** Empty before the first configuration. */
    private volatile Optional<LogWriter> logs = Optional.empty();
    /** The process's {@code maxconn} before anybody changed it by a command. */
    private volatile int usualMaxConnections;
    /** Those that were open before the first listener; under the lock. */
    private int descriptorsAtRest;
    /** Empty before the first configuration. */
    private volatile List<Worker> workers = List.of();
    /** Of frontends that do not take connections. */
    private final Map<String, FrontendStatus> statuses = new ConcurrentHashMap<>();
    private final TrafficControl traffic = new TrafficControl(this);
    private final Generations generations = new Generations(this);
    private final ServerChanges serverChanges = new ServerChanges(this);
    private final ReportDesk reports = new ReportDesk(this, this, allocator);
    private ResolverSections resolvers = ResolverSections.NONE;
    /** Of the configuration in force; empty before the first. */
    private Optional<ServerRoster> roster = Optional.empty();
    /** Made with the first section of peers. */
    private Optional<PeersService> peers = Optional.empty();
    /** Carries out what agents say, one by one; its thread comes and goes. */
    private final ThreadPoolExecutor agentOrders = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1024),
            task -> {
                Thread thread = new Thread(task, "lbd-agents");
                thread.setDaemon(true);
                return thread;
            }, new ThreadPoolExecutor.DiscardPolicy());

    /** What lives from the first configuration to the end. */
    private record Running(
            Workers workers, EventLoopGroup checkLoop, ServerHealth health, LogWriter logs, ProcessFacts process,
            ScheduledExecutorService housekeeping, ServerNames names, MailSender mails, Watchdog watchdog) {

        Pulse pulse() {
            return new Pulse(loops(workers, checkLoop), System::nanoTime);
        }

        static List<EventExecutor> loops(Workers workers, EventLoopGroup checkLoop) {
            List<EventExecutor> loops = new ArrayList<>();
            workers.group().forEach(loops::add);
            checkLoop.forEach(loops::add);
            return loops;
        }
    }

    private ProxyEngine(EngineOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        this.listeners = new Listeners(registry, options.received());
        agentOrders.allowCoreThreadTimeOut(true);
    }

    public static ProxyEngine create(EngineOptions options) {
        return new ProxyEngine(options);
    }

    @Override
    public Optional<ProxyRuntime> runtime() {
        return runtime;
    }

    @Override
    public Product product() {
        return options.product();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Override
    public boolean isStopping() {
        return stopped || stopAnnounced;
    }

    /** From now on {@code stopping} is true; everything else goes on until {@link #softStop}. */
    public void announceStop() {
        stopAnnounced = true;
    }

    @Override
    public FrontendStatus status(String frontend) {
        return statuses.getOrDefault(frontend, FrontendStatus.OPEN);
    }

    @Override
    public int maxConnections() {
        return registry.process().limit();
    }

    @Override
    public int maxConnections(String frontend) {
        return registry.findAdmission(frontend).map(Admission::limit).orElse(0);
    }

    @Override
    public int listening() {
        return listening;
    }

    @Override
    public Map<String, Instant> certificateEnds() {
        return certificates.ends();
    }

    @Override
    public long bufferBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    @Override
    public long bufferBytesInUse() {
        return allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();
    }

    @Override
    public int tlsConnections() {
        return registry.processTls().current();
    }

    @Override
    public long droppedLogs() {
        return logs.map(LogWriter::dropped).orElse(0L);
    }

    @Override
    public Map<String, Integer> openFor(long millis) {
        return traffic.openFor(millis);
    }

    @Override
    public int pendingTasks() {
        return workers.stream().map(Worker::loop).mapToInt(loop -> loop instanceof SingleThreadEventExecutor one ? one.pendingTasks() : 0).sum();
    }

    /** The addresses that are listened on. */
    public synchronized List<Listener> listeners() {
        return listeners.all();
    }

    /** The rings that log lines go to, by name. */
    public synchronized List<LogRing> rings() {
        return running.map(run -> run.logs.rings()).orElse(List.of());
    }

    /** The certificates that clients are shown. */
    public CertificateStore certificates() {
        return certificates;
    }

    @Override
    public int connections() {
        return registry.process().current();
    }

    @Override
    public ProcessRates rates() {
        return registry.processRates();
    }

    /**
     * Puts a configuration in force. The first call starts the engine, later ones reload: addresses that
     * stay keep their sockets, new ones are opened before anything else changes, and those that are gone
     * are closed last.
     *
     * @return whether it is in force now; if not, everything is as it was
     */
    public synchronized ApplyResult apply(Configuration configuration) {
        if (stopped) {
            throw new IllegalStateException("the engine has been stopped");
        }
        Problems problems = new Problems();
        boolean first = running.isEmpty();
        Running run = running.orElseGet(() -> start(configuration.global().settings()));
        int generation = runtime.map(r -> r.generation().number()).orElse(0) + 1;
        LogSetup targets = new LogSetup(run.logs, configuration.global().settings(), run.process);
        TlsSources tls = tlsSources(configuration, problems);
        ResolverSections sections = resolvers.follow(configuration.shared().resolvers(), sockets(run));
        Optional<RuntimeCompiler.Result> compiled =
                new RuntimeCompiler(configuration, registry, targets, run.process, tls, sections,
                        Optional.of(run.mails), problems).compile(generation);
        compiled.ifPresent(c -> c.namespaces().start());
        Map<ListenKey, Listener> opened = problems.hasErrors() ? Map.of() :
                compiled.map(c -> listeners.open(c.binds(), run.workers, problems)).orElse(Map.of());
        Optional<PeersService.Prepared> sharing = Optional.empty();
        boolean ready = compiled.isPresent() && !problems.hasErrors();
        if (ready && (peers.isPresent() || !compiled.get().peers().isEmpty())) {
            sharing = prepare(compiled.get().peers(), problems);
            ready = sharing.isPresent();
        }
        if (!ready) {
            opened.values().forEach(Listener::close);
            registry.namespaces().goBack();
            if (first) {
                end(run);
            }
            return new ApplyResult(false, problems.list());
        }
        compiled.get().commits().forEach(Runnable::run);
        if (first) {
            new ServerStateFile(configuration, problems).restore(compiled.get().checks());
        } else {
            warnAboutRestart(configuration.global().settings(), run, problems);
        }
        if (first) {
            pulse = Optional.of(run.pulse());
            run.watchdog.start();
        }
        running = Optional.of(run);
        logs = Optional.of(run.logs);
        publish(compiled.get(), run, opened);
        certificates.inForce(tls);
        // Of addresses that the former process had and this configuration has not.
        options.received().closeRest();
        sharing.ifPresent(PeersService.Prepared::commit);
        run.logs.retain(targets.targets());
        registry.namespaces().inForce(compiled.get().namespaces().used());
        return new ApplyResult(true, problems.list());
    }

    private TlsSources tlsSources(Configuration configuration, Problems problems) {
        Settings global = configuration.global().settings();
        try {
            return certificates.read(global);
        } catch (TlsException e) {
            problems.error(Problems.TLS, global.origin(GlobalSettings.ISSUERS_CHAIN_PATH), e.getMessage(), "");
            return TlsSources.alone();
        }
    }

    /** Opens what peers connect to; empty if it cannot be. */
    private Optional<PeersService.Prepared> prepare(List<PeersPlan> plans, Problems problems) {
        if (peers.isEmpty()) {
            Transport transport = options.transport().companion();
            peers = Optional.of(new PeersService(transport.newLoops(1, "lbd-peers"), transport::newStreamChannel,
                    transport.listenerType()));
        }
        try {
            return Optional.of(peers.get().prepare(plans));
        } catch (PeersService.ListenException e) {
            problems.error(Problems.LISTEN, e.listen().location(), "cannot listen on " + e.listen().address() + " for peers: "
                    + e.getMessage(), e.getCause() instanceof IOException cause ? Listeners.hintFor(cause) : "");
            return Optional.empty();
        }
    }

    /** What an administrator may do with the traffic. */
    public TrafficControl traffic() {
        return traffic;
    }

    /** The loads of the configuration that sessions still follow. */
    public Generations generations() {
        return generations;
    }

    /** Runs a task behind a delay, on a thread that may wait; not any more once the engine has ended. */
    synchronized void later(Runnable task, Duration delay) {
        running.ifPresent(run -> run.housekeeping.schedule(surviving("a task of later", task), delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** What an administrator may do with the servers of backends. */
    public ServerChanges serverChanges() {
        return serverChanges;
    }

    @Override
    public void shutdownSessions(Server server) {
        traffic.shutdownSessions(server);
    }

    List<Worker> workers() {
        return workers;
    }

    Admission admission() {
        return registry.process();
    }

    @Override
    public int usualMaxConnections() {
        return usualMaxConnections;
    }

    Optional<Admission> admission(String frontend) {
        return registry.findAdmission(frontend);
    }

    /** {@link TrafficControl#setStatus}. */
    synchronized boolean setStatus(String frontend, FrontendStatus wanted) throws IOException {
        FrontendStatus before = status(frontend);
        if (before == wanted || before == FrontendStatus.STOP) {
            return false;
        }
        List<Listener> mine = listeners.of(frontend);
        switch (wanted) {
            case OPEN -> {
                for (Listener listener : mine) {
                    listener.resume();
                }
                statuses.remove(frontend);
            }
            case PAUSED -> {
                mine.forEach(Listener::pause);
                statuses.put(frontend, wanted);
            }
            case STOP -> {
                listeners.close(mine);
                listening = listeners.all().size();
                statuses.put(frontend, wanted);
            }
        }
        return true;
    }

    /** What is shared with other processes; empty without a section of peers. */
    public synchronized Optional<PeersService> peers() {
        return peers;
    }

    private Running start(Settings global) {
        int count = global.find(GlobalSettings.NBTHREAD).orElseGet(() -> Runtime.getRuntime().availableProcessors());
        Workers workers = new Workers(options.transport(), count, allocator);
        EventLoopGroup checkLoop = options.transport().companion().newLoops(1, "lbd-health");
        ProcessFacts process = new ProcessFacts(hostname(), options.peerName(), ProcessHandle.current().pid(), ZoneId.systemDefault(),
                registry.process()::current, ProxyEngine::number, this::isStopping, reports);
        checkLoop.next().scheduleAtFixedRate(surviving("the sweep of stick-tables", () -> runtime.ifPresent(r -> r.tables().sweep())),
                SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        ServerHealth health = new ServerHealth(checkLoop, workers, global, this::agentSays);
        ScheduledExecutorService housekeeping = housekeeping();
        descriptorsAtRest = DescriptorRoom.openNow();
        ServerNames names = new ServerNames(checkLoop.next(), health.transitions(), () -> {
            try {
                housekeeping.execute(this::checksChanged);
            } catch (RejectedExecutionException e) {
                LOG.trace("the engine has stopped, and the checks with it", e);
            }
        });
        return new Running(workers, checkLoop, health, new LogWriter(count, options.transport()), process, housekeeping, names,
                new MailSender(checkLoop.next(), options.transport().companion()::newStreamChannel, Clock.systemUTC()),
                new Watchdog(new LoopWatch(Running.loops(workers, checkLoop), System::nanoTime, options.fatal()),
                        new MemoryWatch(new MemoryGauges.OfJvm(allocator), workers.brake(), System::nanoTime, options.fatal())));
    }

    /** A server got or lost its address. */
    private synchronized void checksChanged() {
        running.ifPresent(run -> run.health.update());
    }

    private Resolvers.Sockets sockets(Running run) {
        Transport transport = options.transport().companion();
        return new Resolvers.Sockets(run.checkLoop.next(), transport::newDatagramChannel, transport::newStreamChannel);
    }

    /** The sections of resolvers in force. */
    public synchronized ResolverSections resolvers() {
        return resolvers;
    }

    /** The administrator says where a server is; name servers do not change that until its name is set anew. */
    public synchronized void setAddress(Server server, InetSocketAddress address) {
        ServerState state = server.state();
        state.setPlace(state.place().at(address, true));
        if (state.isUnresolved()) {
            running.ifPresent(run -> {
                NamedServer.become(run.health.planOf(server), true, address.getHostString(), run.health.transitions());
                run.health.update();
            });
        }
    }

    /** The administrator says by which name a server is found. */
    public synchronized void setHostName(Server server, String name) {
        running.ifPresent(run -> run.names.rename(server.state(), name));
    }

    private ScheduledExecutorService housekeeping() {
        ScheduledExecutorService executor =
                Executors.newScheduledThreadPool(2, new DefaultThreadFactory("lbd-certificates", true));
        executor.scheduleWithFixedDelay(surviving("the look at certificates", certificates::lookForChanges), CERTIFICATE_SECONDS, CERTIFICATE_SECONDS, TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(surviving("the update of OCSP answers", certificates::updateOcsp), OCSP_SECONDS, OCSP_SECONDS, TimeUnit.SECONDS);
        executor.scheduleWithFixedDelay(surviving("the change of ticket keys", certificates::rotateTicketKeys), TICKET_KEY_HOURS, TICKET_KEY_HOURS, TimeUnit.HOURS);
        return executor;
    }

    /** A task that throws would not be run again, which nobody would notice. */
    private static Runnable surviving(String what, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                Faults.bug(what, e);
            }
        };
    }

    private static long number(Stream stream) {
        return stream.session().id();
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine without an entry for its own name still has one.
            return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost");
        }
    }

    private void warnAboutRestart(Settings global, Running run, Problems problems) {
        global.find(GlobalSettings.NBTHREAD).filter(n -> n != run.workers.all().size()).ifPresent(n ->
                problems.warning(Problems.RESTART, global.origin(GlobalSettings.NBTHREAD),
                        "'nbthread " + n + "' takes effect at the next start; "
                                + run.workers.all().size() + " threads are running", ""));
    }

    private void publish(RuntimeCompiler.Result compiled, Running run, Map<ListenKey, Listener> opened) {
        Settings global = compiled.runtime().configuration().global().settings();
        Worker.Limits limits = Http2Setup.limits(global);
        run.workers.all().forEach(worker -> worker.setLimits(limits));
        workers = run.workers.all();
        limitConnections(compiled, run.workers.brake());
        run.watchdog.follow(global);
        registry.setTables(compiled.runtime().tables());
        statuses.values().removeIf(status -> status == FrontendStatus.STOP);
        statuses.keySet().retainAll(compiled.runtime().frontends().stream().map(Frontend::name).toList());
        Set<ListenKey> wanted = listeners.follow(compiled.binds(), opened);
        opened.values().stream().filter(l -> statuses.containsKey(l.bind().frontend().name())).forEach(Listener::pause);
        runtime = Optional.of(compiled.runtime());
        listening = wanted.size();
        listeners.closeOthers(wanted);
        roster = Optional.of(compiled.roster());
        tellServers(compiled.runtime(), run);
        run.health.watch(compiled.checks());
        resolvers = compiled.resolvers();
        run.names.follow(compiled.checks(), resolvers);
        registry.retain(compiled.runtime().frontends(), compiled.runtime().backends(), wanted);
    }

    private static void tellServers(ProxyRuntime runtime, Running run) {
        List<Server> servers = runtime.backends().stream().flatMap(b -> b.reached().stream()).toList();
        run.workers.all().forEach(worker -> worker.loop().execute(() -> worker.serversChanged(servers)));
    }

    /** A change of servers between two reloads. */
    interface RosterChange {
        void make(ServerRoster roster, ProxyRuntime now, ServerHealth health) throws ChangeRefused;
    }

    /** {@link ServerChanges}. */
    synchronized void change(RosterChange change) throws ChangeRefused {
        Running run = running.filter(r -> !stopped).orElseThrow(() -> new ChangeRefused("the process is stopping"));
        ProxyRuntime now = runtime.orElseThrow();
        change.make(roster.orElseThrow(), now, run.health);
        ProxyRuntime next = now.with(roster.orElseThrow().configuration());
        runtime = Optional.of(next);
        tellServers(next, run);
    }

    private void limitConnections(RuntimeCompiler.Result compiled, AcceptBrake brake) {
        Configuration configuration = compiled.runtime().configuration();
        Settings global = configuration.global().settings();
        int wanted = global.find(GlobalSettings.MAXCONN).orElse(0);
        int sockets = compiled.binds().size() * workers.size();
        Optional<DescriptorRoom> room = DescriptorRoom.of(global, descriptorsAtRest, sockets, compiled.checks().size());
        usualMaxConnections = wanted > 0 ? wanted : room.map(DescriptorRoom::maxconn).orElse(0);
        registry.process().setLimit(usualMaxConnections);
        brake.setChannelLimit(room.map(DescriptorRoom::acceptedUpTo).orElse(Integer.MAX_VALUE),
                room.map(r -> "of " + r.limit() + " descriptors").orElse(""));
        room.filter(r -> r.neededFor(wanted) > r.limit()).ifPresent(r -> LOG.warn("LBR009 'maxconn {}' needs {} descriptors, and this process"
                + " may open {}: beyond that clients wait; raise LimitNOFILE in the unit of the service, or lower maxconn",
                wanted, r.neededFor(wanted), r.limit()));
        registry.processTls().setLimit(global.find(GlobalSettings.MAXSSLCONN).orElse(0));
        registry.processRates().connections().setLimit(global.find(GlobalSettings.MAXCONNRATE).orElse(0));
        registry.processRates().sessions().setLimit(global.find(GlobalSettings.MAXSESSRATE).orElse(0));
        registry.processRates().ssl().setLimit(global.find(GlobalSettings.MAXSSLRATE).orElse(0));
        for (FrontendSpec frontend : configuration.frontends()) {
            Admission admission = registry.admission(frontend.name());
            admission.setLimit(frontend.settings().find(ProxySettings.MAXCONN).orElse(0));
            registry.sessionRate(frontend.name()).setLimit(frontend.settings().find(ProxySettings.RATE_LIMIT_SESSIONS).orElse(0));
        }
    }

    @Override
    public synchronized void setAdmin(Backend backend, Server server, ServerState.Admin wanted) {
        ServerState.Admin before = server.state().admin();
        server.state().setAdmin(wanted);
        running.ifPresent(run -> run.health.adminChanged(server, before));
        backend.serverChanged();
    }

    /** An agent speaks on the loop of the checks, which must not wait for a reload that holds the lock. */
    private void agentSays(ServerHealth.Plan plan, ServerState.Admin wanted) {
        agentOrders.execute(() -> {
            if (running.isPresent()) {
                setAdmin(plan.backend(), plan.server(), wanted);
            }
        });
    }

    @Override
    public synchronized void setChecked(Server server, boolean agent, boolean on) {
        if (agent) {
            server.state().setAgentOff(!on);
        } else {
            server.state().setChecksOff(!on);
        }
        running.ifPresent(run -> run.health.update());
    }

    @Override
    public synchronized boolean forceHealth(Server server, Watch.Forced wanted) {
        return running.map(run -> run.health.force(server, wanted)).orElse(false);
    }

    @Override
    public synchronized boolean forceAgent(Server server, boolean up) {
        return running.map(run -> run.health.forceAgent(server, up)).orElse(false);
    }

    /** Runs one check of a server beside the others; empty if it is not checked. The trace is told on the loop of the checks. */
    public synchronized Optional<Future<CheckResult>> probe(Server server, CheckTrace trace) {
        return running.flatMap(run -> run.health.probe(server, trace));
    }

    /**
     * The sockets that are listened on, for the process behind this one; empty with a transport that cannot tell their descriptors. Those of
     * paused frontends are not among them.
     */
    public synchronized List<ReceivedSockets.Held> held() {
        return listeners.held();
    }

    /**
     * As {@link #softStop}, behind which another process accepts on the same sockets: their files stay, and a connection is closed only when it
     * has been at rest for a while, so that hardly a request meets a closed one ({@link #closeRested}).
     */
    public synchronized void handedOver() {
        stopped = true;
        listeners.leaveFiles();
        listeners.stop();
    }

    /** Closes client connections that have been at rest for so long. */
    public synchronized void closeRested(Duration rest) {
        running.ifPresent(run -> run.workers.all().forEach(worker -> worker.loop().execute(() -> worker.closeIdleClients(rest.toNanos()))));
    }

    /** Accepts no more and closes idle connections; exchanges that are going on end in their own time. */
    public synchronized void softStop() {
        stopped = true;
        listeners.stop();
        running.ifPresent(run -> run.workers.all().forEach(worker -> worker.loop().execute(() -> worker.closeIdleClients(0))));
    }

    /**
     * Whether every event loop answers in time; never blocks. Call it a few times within the bound. Without
     * loops, before the first configuration, it is.
     */
    public boolean isAlive(Duration bound) {
        return pulse.map(p -> p.isAlive(bound)).orElse(true);
    }

    /** Whether no client connection is left. */
    public boolean isDrained() {
        return connections() == 0;
    }

    /** Ends everything at once; connections that are open are cut. Returns after five seconds at most. */
    @Override
    public synchronized void close() {
        stopped = true;
        pulse = Optional.empty();
        listeners.close(listeners.all());
        running.ifPresent(this::end);
        running = Optional.empty();
        agentOrders.shutdownNow();
        reports.close();
    }

    private void end(Running run) {
        peers.ifPresent(PeersService::close);
        peers = Optional.empty();
        run.watchdog.close();
        run.housekeeping.shutdownNow();
        run.health.close();
        run.checkLoop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
        run.workers.close();
        registry.namespaces().close();
        run.logs.close();
    }
}
