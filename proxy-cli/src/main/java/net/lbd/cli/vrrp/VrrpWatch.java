package net.lbd.cli.vrrp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.Participant;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.VrrpSpec;
import net.lbd.config.model.VrrpSpec.VirtualAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code vrrp} sections of the daemon: four times a second it looks whether this machine serves, writes that down for keepalived,
 * and logs when addresses come and go. Without such a section nothing of it is started. Thread-safe.
 */
public final class VrrpWatch implements Participant, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VrrpWatch.class);

    private static final long LOOK_MILLIS = 250;
    /** An event loop that has not answered for so long serves nobody. */
    private static final Duration LOOP_BOUND = Duration.ofSeconds(2);

    private final Engine engine;
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private Optional<DeathGuard> guard = Optional.empty();
    private Optional<ScheduledExecutorService> timer = Optional.empty();
    private boolean serving;
    private boolean left;
    private boolean lateBefore;
    private String why = "the daemon is starting";

    /** A section and what was last seen of it. */
    private static final class Section {
        private final VrrpSpec spec;
        private final TrackFile file;
        private final Optional<TrackFile> backends;
        /** There: this machine stands by, whatever becomes of this process. */
        private final Path standby;
        private List<VirtualAddress> held = List.of();
        private String reason = "";
        private int penalty;
        private boolean complained;

        Section(VrrpSpec spec) {
            this.spec = spec;
            this.file = new TrackFile(spec.file());
            this.standby = Path.of(spec.standbyFile());
            this.backends = spec.trackedBackends().isEmpty() ? Optional.empty() : Optional.of(new TrackFile(spec.backendsFile()));
        }
    }

    public VrrpWatch(Engine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    @Override
    public Change prepare(Configuration configuration) throws IOException {
        for (VrrpSpec spec : configuration.vrrp()) {
            new TrackFile(spec.file()).check();
        }
        VrrpChecks.missingDevices(configuration.vrrp()).forEach(device -> LOG.warn("vrrp: this machine has no interface '{}'", device));
        if (VrrpChecks.isBehind(configuration.vrrp())) {
            LOG.warn("vrrp: {} does not have what the vrrp sections say: lbctl vrrp config -o {} && systemctl reload-or-restart keepalived",
                    KeepalivedText.FILE, KeepalivedText.FILE);
        }
        return new Change() {
            @Override
            public void commit() {
                follow(configuration.vrrp());
            }

            @Override
            public void rollback() {
                // Nothing has been touched.
            }
        };
    }

    private synchronized void follow(List<VrrpSpec> wanted) {
        Map<String, Section> before = new LinkedHashMap<>(sections);
        sections.clear();
        for (VrrpSpec spec : wanted) {
            Section section = before.remove(spec.name());
            Section now = section != null && section.spec.equals(spec) ? section : new Section(spec);
            if (section != null) {
                now.held = section.held;
                moveStandby(section, now);
                if (!section.spec.file().equals(spec.file())) {
                    giveUp(section);
                }
            }
            sections.put(spec.name(), now);
        }
        before.values().forEach(this::giveUp);
        watchOver();
        if (!sections.isEmpty() && timer.isEmpty()) {
            timer = Optional.of(Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "lbd-vrrp");
                thread.setDaemon(true);
                return thread;
            }));
            timer.get().scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** What was told by command goes with the section to its new file. */
    private static void moveStandby(Section from, Section to) {
        try {
            if (!from.standby.equals(to.standby) && Files.deleteIfExists(from.standby)) {
                Files.createFile(to.standby);
            }
        } catch (IOException e) {
            LOG.error("vrrp {}: this machine was on standby by command, and is no longer: {}", to.spec.name(), e.toString());
        }
    }

    /** A file that keepalived may still read, and that nobody writes from now on. */
    private void giveUp(Section gone) {
        if (sections.values().stream().noneMatch(s -> s.spec.file().equals(gone.spec.file()))) {
            write(gone, 1, 0);
        }
    }

    /** A new guard, before the old one goes: there is always one. */
    private void watchOver() {
        Optional<DeathGuard> old = guard;
        try {
            List<Path> files = sections.values().stream().map(s -> s.file.path()).toList();
            guard = files.isEmpty() ? Optional.empty() : Optional.of(DeathGuard.over(files));
            old.ifPresent(DeathGuard::close);
        } catch (IOException e) {
            LOG.error("vrrp: no shell can be started that tells keepalived of the end of this process; its death is noticed after three"
                    + " seconds only: {}", e.getMessage());
        }
    }

    /** From now on this machine serves; until then keepalived is told that it does not. */
    public synchronized void serve() {
        serving = !left;
        lookSafely();
    }

    /** The addresses go to the other machine, before the listeners close. For good: nothing takes this back. */
    public synchronized void leave(String reason) {
        serving = false;
        left = true;
        why = reason;
        lookSafely();
    }

    /**
     * Gives the addresses to the other machine, or lets this one have them again. It is written down beside the track file, and holds
     * for the next process too.
     *
     * @return false if there is no such section
     * @throws IOException if it cannot be written down; nothing has changed
     */
    public synchronized boolean stand(String name, boolean by) throws IOException {
        Section section = sections.get(name);
        if (section == null) {
            return false;
        }
        if (!by) {
            Files.deleteIfExists(section.standby);
        } else if (!Files.exists(section.standby)) {
            Files.createFile(section.standby);
        }
        lookSafely();
        return true;
    }

    public synchronized List<VrrpStatus> status() {
        Collection<Section> all = sections.values();
        return all.stream().map(s -> new VrrpStatus(s.spec, s.held, s.reason, s.penalty)).toList();
    }

    private synchronized void look() {
        if (guard.isPresent() && !guard.get().isAlive()) {
            LOG.warn("vrrp: the shell that tells keepalived of the end of this process has ended; another is started");
            watchOver();
        }
        lookSafely();
    }

    /** A task of the timer that fails is never called again. */
    private void lookSafely() {
        try {
            boolean late = !engine.isAlive(LOOP_BOUND);
            // Late once: the whole process may have stood still, and the loops are about to answer.
            boolean alive = !(late && lateBefore);
            lateBefore = late;
            Set<InetAddress> here = sections.isEmpty() ? Set.of() : addressesHere();
            sections.values().forEach(section -> look(section, alive, here));
        } catch (RuntimeException e) {
            LOG.error("vrrp: this machine's state cannot be told", e);
        }
    }

    private void look(Section section, boolean alive, Set<InetAddress> here) {
        section.reason = !serving ? why : Files.exists(section.standby) ? "standby, by command" : alive ? "" : "an event loop does not answer";
        List<String> empty = section.spec.trackedBackends().stream().filter(this::isEmpty).toList();
        int penalty = empty.isEmpty() ? 0 : VrrpSpec.BACKEND_PENALTY;
        if (penalty != section.penalty) {
            LOG.warn("vrrp {}: {}", section.spec.name(), penalty == 0 ? "every tracked backend has a server again"
                    : "this machine is worth " + penalty + " less: no server is left in " + String.join(", ", empty));
        }
        section.penalty = penalty;
        write(section, section.reason.isEmpty() ? 0 : 1, -penalty);
        List<VirtualAddress> held = section.spec.addresses().stream().filter(a -> here.contains(a.address())).toList();
        if (!held.equals(section.held)) {
            tell(section, held);
            section.held = held;
        }
    }

    private static void tell(Section section, List<VirtualAddress> held) {
        List<String> gained = held.stream().filter(a -> !section.held.contains(a)).map(a -> a.address().getHostAddress()).toList();
        List<String> lost = section.held.stream().filter(a -> !held.contains(a)).map(a -> a.address().getHostAddress()).toList();
        String state = new VrrpStatus(section.spec, held, section.reason, section.penalty).state();
        if (!gained.isEmpty()) {
            LOG.info("vrrp {}: this machine has taken {}: {}", section.spec.name(), String.join(", ", gained), state);
        }
        if (!lost.isEmpty()) {
            LOG.info("vrrp {}: this machine has given {} away: {}", section.spec.name(), String.join(", ", lost), state);
        }
    }

    private boolean isEmpty(String backend) {
        return engine.runtime().flatMap(runtime -> runtime.backend(backend)).map(b -> b.usableServers() == 0).orElse(false);
    }

    private static void write(Section section, int value, int backends) {
        try {
            section.file.write(value);
            if (section.backends.isPresent()) {
                section.backends.get().write(backends);
            }
            section.complained = false;
        } catch (IOException e) {
            if (!section.complained) {
                LOG.error("vrrp {}: keepalived cannot be told: {}", section.spec.name(), e.toString());
                section.complained = true;
            }
        }
    }

    private static Set<InetAddress> addressesHere() {
        Set<InetAddress> all = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).forEach(address -> all.add(plain(address)));
        } catch (SocketException e) {
            LOG.debug("the addresses of this machine cannot be read", e);
        }
        return all;
    }

    /** Without the interface of IPv6 addresses, which is part of what the JDK compares. */
    private static InetAddress plain(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is one", e);
        }
    }

    @Override
    public void close() {
        Optional<ScheduledExecutorService> running;
        synchronized (this) {
            leave("the daemon has stopped");
            guard.ifPresent(DeathGuard::close);
            guard = Optional.empty();
            running = timer;
            timer = Optional.empty();
        }
        running.ifPresent(ScheduledExecutorService::shutdownNow);
    }
}
