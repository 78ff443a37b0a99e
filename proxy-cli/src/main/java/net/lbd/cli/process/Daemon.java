package net.lbd.cli.process;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.lbd.cli.Version;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.DaemonControl;
import net.lbd.cli.command.DescriptorLimit;
import net.lbd.cli.command.SocketLocations;
import net.lbd.cli.process.MessageStyle.Label;
import net.lbd.cli.reload.ConfigurationSource;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadCoordinator;
import net.lbd.cli.reload.ReloadPreview;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.cli.reload.WatchedReload;
import net.lbd.cli.vrrp.VrrpStatus;
import net.lbd.cli.vrrp.VrrpWatch;
import net.lbd.config.grammar.Durations;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.core.handover.DescriptorPass;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.runtime.ChangeRefused;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.l4.DirectorStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the daemon, from the first load to the end of the process.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>left by</th><th>for</th></tr>
 * <tr><td>starting</td><td>the first configuration serves</td><td>serving</td></tr>
 * <tr><td>starting</td><td>it is refused: exit 1; any stop: exit 0</td><td>ending</td></tr>
 * <tr><td>serving</td><td>USR1, {@code soft-stop}</td><td>draining</td></tr>
 * <tr><td>serving, draining</td><td>TERM, INT, {@code stop}: exit 0</td><td>ending</td></tr>
 * <tr><td>draining</td><td>no session left, or {@code hard-stop-after} over: exit 0</td><td>ending</td></tr>
 * </table>
 *
 * <p>Thread-safe: {@link #run} holds the main thread; signals and commands come on theirs.
 */
final class Daemon implements DaemonControl, Signals.Target {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** What the end may take, apart from draining; then the process ends whatever hangs. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);

    private static final String FILES_STAY =
            "what served before serves again; the files stay as they are, and the next reload or start reads them";
    /** The exit code of a daemon that has lost a thread for want of memory: what {@code -XX:+ExitOnOutOfMemoryError} ends with. */
    private static final int OUT_OF_MEMORY = 3;

    private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(10);
    /** A client that has asked within this time is likely to ask again: its connection is closed with an answer, not between two. */
    private static final Duration REST = Duration.ofSeconds(2);

    private enum State { STARTING, SERVING, DRAINING, ENDING }

    private final Options options;
    private final Engine engine;
    private final SystemdNotifier systemd;
    private final ControlSocketSet sockets;
    private final ReloadCoordinator coordinator;
    private volatile List<String> startupLogs = List.of();
    private final Predecessor predecessor;
    private final Successor successor;
    private final LayerFour layerFour;
    private final TransparentWay transparentWay = new TransparentWay();
    private final VrrpWatch vrrp;
    private final PrintStream err;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean haltGuarded = new AtomicBoolean();
    /** Where the process id stands; set once, before the daemon is ready. */
    private volatile Optional<Path> pidPath = Optional.empty();
    /** Another process has the sockets, and what is set up in the kernel belongs to it. */
    private volatile boolean handedOver;
    /** A new process is starting in this one's place. */
    private final AtomicBoolean upgrading = new AtomicBoolean();
    private State state = State.STARTING;
    private boolean ready;

    Daemon(Options options, ConfigurationSource source, Engine engine, SystemdNotifier systemd,
            SocketLocations locations, Predecessor predecessor, Successor successor, PrintStream err) {
        this.predecessor = Objects.requireNonNull(predecessor, "predecessor");
        this.successor = Objects.requireNonNull(successor, "successor");
        this.options = Objects.requireNonNull(options, "options");
        this.engine = Objects.requireNonNull(engine, "engine");
        this.systemd = Objects.requireNonNull(systemd, "systemd");
        this.err = Objects.requireNonNull(err, "err");
        this.sockets = new ControlSocketSet(this, locations, options.masterSocket(), options.takeFrom().isPresent() || !options.finish().isEmpty());
        this.layerFour = new LayerFour(engine);
        this.vrrp = new VrrpWatch(engine);
        this.coordinator = new ReloadCoordinator(source, engine, List.of(sockets, layerFour, transparentWay, vrrp), options.zeroWarning());
    }

    /** Starts, serves, and returns the exit code when all is over. */
    int run() {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            LOG.error("thread {} ended by an internal error", thread.getName(), e);
            if (e instanceof VirtualMachineError) {
                // Without memory for one of its threads the daemon is no longer whole; the service manager starts it anew.
                Runtime.getRuntime().halt(OUT_OF_MEMORY);
            }
        });
        Signals.install(this);
        Optional<PidFile> pidFile = Optional.empty();
        try {
            if (!start()) {
                return isStopping() ? 0 : 1;
            }
            pidPath = options.pidFile().or(this::configuredPidFile);
            try {
                if (pidPath.isPresent()) {
                    pidFile = Optional.of(PidFile.write(pidPath.get()));
                }
            } catch (IOException e) {
                LOG.error("cannot write the pid file {}: {}", pidPath.get(), e.toString());
                return 1;
            }
            checkDescriptors();
            if (becomeReady()) {
                vrrp.serve();
                if (!predecessor.finish()) {
                    return 1;
                }
                systemd.ready(summary());
                LOG.info("{} is ready: {}; control socket {}", Version.CURRENT, summary(),
                        String.join(", ", sockets.addresses()));
            }
            awaitEnd();
            return 0;
        } finally {
            shutDown();
            pidFile.ifPresent(PidFile::close);
            ended.countDown();
        }
    }

    private boolean start() {
        ReloadResult result = coordinator.reload();
        startupLogs = result.diagnostics().stream().map(d -> "[" + d.severity() + "] " + d.logLine()).toList();
        if (!options.isSilent()) {
            boolean colours = Main.wantsColours();
            err.print((colours ? DiagnosticPrinter.coloured() : DiagnosticPrinter.plain())
                    .print(result.diagnostics()));
            if (!result.applied()) {
                err.print(MessageStyle.plain(Label.ALERT, result.summary()));
            }
            err.flush();
        }
        return result.applied();
    }

    private <T> Optional<T> global(Setting<T> setting) {
        return engine.runtime().flatMap(r -> r.configuration().global().settings().find(setting));
    }

    private Optional<Path> configuredPidFile() {
        return global(GlobalSettings.PIDFILE).map(Path::of);
    }

    private void checkDescriptors() {
        global(GlobalSettings.ULIMIT_N)
                .flatMap(wanted -> DescriptorLimit.complaint(wanted, DescriptorLimit.soft())).ifPresent(LOG::warn);
    }

    private synchronized boolean becomeReady() {
        if (state == State.STARTING) {
            state = State.SERVING;
            ready = true;
        }
        return ready;
    }

    private void awaitEnd() {
        try {
            Optional<Duration> interval = systemd.watchdogInterval();
            if (interval.isEmpty()) {
                end.await();
                return;
            }
            boolean alive = true;
            do {
                boolean before = alive;
                alive = engine.isAlive(interval.get());
                if (alive) {
                    systemd.alive();
                } else if (before) {
                    LOG.error("an event loop has not answered for {} ms: the watchdog is not fed, and systemd will"
                            + " start lbd anew", interval.get().toMillis());
                }
                // Asked twice within the bound, so that a pause in one loop alone does not starve the watchdog.
            } while (!end.await(interval.get().toNanos() / 2, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            // Nobody interrupts the main thread but a test that wants its end.
            Thread.currentThread().interrupt();
        }
    }

    private void shutDown() {
        boolean served;
        synchronized (this) {
            served = ready;
            state = State.ENDING;
        }
        haltUnlessEnded();
        if (handedOver) {
            sockets.close();
        } else {
            systemd.stopping("stopping");
            vrrp.close();
            sockets.close();
            layerFour.close();
            transparentWay.close();
        }
        engine.close();
        if (served) {
            LOG.info("lbd stopped after {} s", uptime().toSeconds());
        }
    }

    /** Nothing that hangs, a reload or the engine, may hold the end of the process up. */
    private void haltUnlessEnded() {
        if (haltGuarded.getAndSet(true)) {
            return;
        }
        startThread("lbd-halt", () -> {
            if (!ended.await(END_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                err.print(MessageStyle.plain(Label.ALERT,
                        "not stopped after " + END_PATIENCE.toSeconds() + " s: halting"));
                err.flush();
                Runtime.getRuntime().halt(1);
            }
        });
    }

    // ---- signals

    @Override
    public void stopOn(String signal) {
        LOG.info("{}: stopping", signal);
        stop();
    }

    @Override
    public void softStopOn(String signal) {
        LOG.info("{}: soft stop", signal);
        softStop();
    }

    @Override
    public void reloadOn(String signal) {
        LOG.info("{}: reload", signal);
        reload();
    }

    // ---- commands

    @Override
    public List<String> startupLogs() {
        return startupLogs;
    }

    @Override
    public ReloadResult reload() {
        return logged("reload", "the old configuration", coordinator::reload);
    }

    @Override
    public ReloadResult reloadOnTrial(Duration time) {
        ReloadResult result = logged("reload", "the old configuration", () -> coordinator.reloadOnTrial(time));
        if (result.applied()) {
            LOG.info("the configuration is on trial: what served before serves again in {} s unless it is confirmed", time.toSeconds());
            coordinator.trial().ifPresent(trial -> startThread("lbd-trial", () -> awaitConfirmation(trial)));
        }
        return result;
    }

    private void awaitConfirmation(ReloadCoordinator.Trial trial) throws InterruptedException {
        if (trial.awaitDecision() || isStopping()) {
            return;
        }
        LOG.warn("the reload was not confirmed in time: going back to the configuration that served before");
        ReloadResult result = logged("going back", "what serves now", () -> coordinator.goBackUnlessDecided(trial));
        if (result.applied()) {
            LOG.warn(FILES_STAY);
        }
    }

    @Override
    public WatchedReload.Outcome reloadIfHealthy(Duration time) {
        try {
            WatchedReload.Outcome outcome = new WatchedReload(coordinator, engine).run(time,
                    () -> logged("reload", "the old configuration", () -> coordinator.reloadWatched(time)),
                    (trial, reason) -> {
                        LOG.warn("health is worse than before the reload: {}: going back to the configuration that served before", reason);
                        return logged("going back", "what serves now", () -> coordinator.goBackUnlessDecided(trial));
                    });
            if (outcome.reload().applied()) {
                LOG.info("{}", outcome.verdict());
            }
            if (!outcome.isKept()) {
                LOG.warn(FILES_STAY);
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WatchedReload.Outcome(new ReloadResult(false, List.of(), "the daemon is stopping", Duration.ZERO), false, "");
        }
    }

    @Override
    public boolean confirm() {
        boolean confirmed = coordinator.confirm();
        if (confirmed) {
            LOG.info("the reload is confirmed: the new configuration stays");
        }
        return confirmed;
    }

    @Override
    public ReloadResult goBack() {
        ReloadResult result = logged("going back", "what serves now", coordinator::goBack);
        if (result.applied()) {
            LOG.warn(FILES_STAY);
        }
        return result;
    }

    @Override
    public Optional<Duration> trialLeft() {
        return coordinator.trial().filter(trial -> !trial.isWatched()).map(ReloadCoordinator.Trial::left);
    }

    @Override
    public Optional<Duration> watchLeft() {
        return coordinator.trial().filter(ReloadCoordinator.Trial::isWatched).map(ReloadCoordinator.Trial::left);
    }

    @Override
    public ReloadPreview preview() {
        return coordinator.preview();
    }

    /** @param otherwise what serves if it is refused */
    private ReloadResult logged(String what, String otherwise, Supplier<ReloadResult> change) {
        if (upgrading.get()) {
            // The new process has read the files, or is about to: what it serves would not be what this reload says.
            return new ReloadResult(false, List.of(), "an upgrade is under way: reload when it is over", Duration.ZERO);
        }
        systemd.reloading();
        Optional<ProxyRuntime> former = engine.runtime();
        ReloadResult result = change.get();
        for (Diagnostic diagnostic : result.diagnostics()) {
            switch (diagnostic.severity()) {
                case ERROR -> LOG.error("{}", diagnostic.logLine());
                case WARNING -> LOG.warn("{}", diagnostic.logLine());
                case NOTICE -> LOG.info("{}", diagnostic.logLine());
            }
        }
        if (result.applied()) {
            LOG.info("{}: {}: {}", what, result.summary(), summary());
            former.ifPresent(this::limit);
            checkDescriptors();
            configuredPidFile().filter(path -> options.pidFile().isEmpty() && !Optional.of(path).equals(pidPath))
                    .ifPresent(path -> LOG.warn("'pidfile {}' takes effect at the next start", path));
        } else {
            LOG.warn("{} refused, {} serves on: {}", what, otherwise, result.summary());
        }
        if (!isStopping()) {
            systemd.ready(summary());
        }
        return result;
    }

    /** As HAProxy's old process does, sessions end {@code hard-stop-after} behind the reload that has replaced their configuration. */
    private void limit(ProxyRuntime former) {
        Optional<Duration> time = former.configuration().global().settings().find(GlobalSettings.HARD_STOP_AFTER);
        if (time.isPresent() && engine.generations().isPresent()) {
            try {
                engine.generations().get().end(former.generation().number(), time.get());
            } catch (ChangeRefused nothingFollows) {
                LOG.debug("{}", nothingFollows.getMessage());
            }
        }
    }

    @Override
    public void stop() {
        synchronized (this) {
            if (state == State.ENDING) {
                return;
            }
            state = State.ENDING;
        }
        successor.cancel();
        haltUnlessEnded();
        end.countDown();
    }

    @Override
    public List<String> handOver(Path to) throws IOException {
        refuseHandover();
        Path safe = ownedPath(to);
        List<ReceivedSockets.Held> held = engine.held();
        if (held.isEmpty()) {
            throw new IOException("there is nothing to hand over: the transport does not tell its sockets (epoll does)");
        }
        DescriptorPass.send(safe, held.stream().map(ReceivedSockets.Held::descriptor).toList(), HANDOVER_PATIENCE);
        LOG.info("{} listening sockets were handed to another process", held.size());
        return held.stream().map(ReceivedSockets.Held::key).toList();
    }

    /**
     * Whoever may give commands could ask for the sockets, and over TCP that is anybody on this machine: they go to a process of the same user,
     * or of root, and to nobody else, which the folder tells that only such a process can make.
     */
    private static Path ownedPath(Path to) throws IOException {
        Path real = to.toRealPath();
        PosixFileAttributes folder = Files.readAttributes(real.getParent(), PosixFileAttributes.class);
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Object owner = Files.getAttribute(real.getParent(), "unix:uid");
        boolean closed = Collections.disjoint(folder.permissions(), Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
        if (!closed || !owner.equals(self) && !owner.equals(0)) {
            throw new IOException("the folder of " + to + " does not belong to the user of this process, or others may write in it");
        }
        return real;
    }

    /** What two processes cannot have at a time. */
    private void refuseHandover() throws IOException {
        synchronized (this) {
            if (state != State.SERVING) {
                throw new IOException("this process does not serve (it is " + state.name().toLowerCase(Locale.ROOT) + ")");
            }
        }
        if (!vrrp().isEmpty()) {
            throw new IOException("'vrrp' sections follow one process: update the pair machine by machine,"
                    + " 'lbctl vrrp standby', 'systemctl restart lbd', 'lbctl vrrp ready'");
        }
        if (coordinator.trial().isPresent()) {
            throw new IOException("a reload waits to be confirmed or is watched: 'reload confirmed' keeps it, 'reload back' undoes it");
        }
    }

    @Override
    public long upgrade() throws IOException {
        refuseHandover();
        Path own = sockets.ownSocket().orElseThrow(() ->
                new IOException("this process has no Unix socket of level admin for the new one to ask on"));
        if (!upgrading.compareAndSet(false, true)) {
            throw new IOException("an upgrade is under way");
        }
        try {
            return successor.start(own, () -> handedOver);
        } finally {
            upgrading.set(false);
        }
    }

    @Override
    public void takenOver(long pid) throws IOException {
        synchronized (this) {
            if (handedOver) {
                throw new IOException("another process has taken over already");
            }
            if (state != State.SERVING) {
                // It ends anyway; who serves now is the one that says so.
                return;
            }
            state = State.DRAINING;
            handedOver = true;
        }
        LOG.info("process {} has taken over: draining", pid);
        coordinator.close();
        systemd.mainProcess(pid);
        engine.handedOver();
        startThread("lbd-drain", this::awaitDrained);
    }

    @Override
    public void softStop() {
        synchronized (this) {
            if (state == State.STARTING) {
                stop();
            }
            if (state != State.SERVING) {
                return;
            }
            state = State.DRAINING;
        }
        // Waits for a reload under way, so that none opens a listener after they were closed.
        coordinator.close();
        systemd.stopping("draining");
        vrrp.leave("the daemon is draining");
        Optional<Duration> grace = global(GlobalSettings.GRACE).filter(time -> !time.isZero());
        if (grace.isEmpty()) {
            drain();
            startThread("lbd-drain", this::awaitDrained);
            return;
        }
        engine.announceStop();
        LOG.info("listeners stay open for another {} (grace)", Durations.text(grace.get()));
        startThread("lbd-drain", () -> {
            if (!end.await(grace.get().toNanos(), TimeUnit.NANOSECONDS)) {
                drain();
                awaitDrained();
            }
        });
    }

    private void drain() {
        engine.softStop();
        layerFour.drain();
    }

    private long sessions() {
        return handedOver ? engine.connections() : engine.connections() + layerFour.connections();
    }

    /** The engine cannot tell the moment; a look ten times a second costs nothing. */
    private void awaitDrained() throws InterruptedException {
        Optional<Duration> patience = global(GlobalSettings.HARD_STOP_AFTER);
        long start = System.nanoTime();
        do {
            if (handedOver) {
                engine.closeRested(REST);
            }
            if (sessions() == 0) {
                LOG.info("drained: no session is left");
                end.countDown();
            } else if (patience.isPresent() && System.nanoTime() - start >= patience.get().toNanos()) {
                LOG.warn("{} sessions are left after hard-stop-after {} ms: closing them", sessions(),
                        patience.get().toMillis());
                end.countDown();
            }
        } while (!end.await(100, TimeUnit.MILLISECONDS));
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    private static void startThread(String name, Waiting body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized boolean isStopping() {
        return state == State.DRAINING || state == State.ENDING;
    }

    @Override
    public List<ControlSocketSet.Listed> controlSockets() {
        return sockets.list();
    }

    @Override
    public List<Path> configurationFiles() {
        return options.files();
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
    public List<DirectorStatus> directors() {
        return layerFour.status();
    }

    @Override
    public List<VrrpStatus> vrrp() {
        return vrrp.status();
    }

    @Override
    public boolean standBy(String section, boolean standby) throws IOException {
        return vrrp.stand(section, standby);
    }

    @Override
    public Engine engine() {
        return engine;
    }

    /** What serves, in one line. */
    private String summary() {
        return engine.runtime().map(this::summary).orElse("no configuration");
    }

    private String summary(ProxyRuntime runtime) {
        List<Engine.Listening> listeners = engine.listeners();
        String shown = listeners.stream().limit(8).map(Engine.Listening::address).collect(Collectors.joining(", "));
        int servers = runtime.backends().stream().mapToInt(b -> b.servers().size()).sum();
        return count(listeners.size(), "listener") + " (" + shown + (listeners.size() > 8 ? ", ..." : "") + "), "
                + count(runtime.frontends().size(), "frontend") + ", " + count(runtime.configuration().backends().size(), "backend")
                + ", " + count(servers, "server")
                + (runtime.configuration().directors().isEmpty() ? "" : ", " + count(runtime.configuration().directors().size(), "director"));
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
