package net.lbd.core.runtime;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.model.BindSettings;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.listen.Admission;
import net.lbd.core.listen.ListenKey;
import net.lbd.core.listen.Listener;
import net.lbd.core.listen.RateLimit;

/**
 * The addresses that are listened on. A reload keeps those that stay, opens new ones before anything else changes, and closes those that
 * are gone last. Used by one thread at a time, under the engine's lock.
 */
final class Listeners {

    private final StateRegistry registry;
    private final ReceivedSockets received;
    private final Map<ListenKey, Listener> listeners = new LinkedHashMap<>();

    /** @param received what the process before this one has listened on */
    Listeners(StateRegistry registry, ReceivedSockets received) {
        this.registry = registry;
        this.received = received;
    }

    /** What is listened on, for the process behind this one. */
    List<ReceivedSockets.Held> held() {
        return listeners.entrySet().stream().flatMap(entry -> entry.getValue().descriptors().stream()
                .map(descriptor -> new ReceivedSockets.Held(entry.getKey().text(), descriptor))).toList();
    }

    /** The process behind this one has the sockets. */
    void leaveFiles() {
        listeners.values().forEach(Listener::leaveFile);
    }

    List<Listener> all() {
        return List.copyOf(listeners.values());
    }

    List<Listener> of(String frontend) {
        return listeners.values().stream().filter(l -> l.bind().frontend().name().equals(frontend)).toList();
    }

    /**
     * Opens what is not open yet.
     *
     * @param problems gets an error for each that cannot be opened
     * @return those that were opened, for {@link #follow} or to be closed again
     */
    Map<ListenKey, Listener> open(List<RuntimeCompiler.PlannedBind> binds, Workers workers, Problems problems) {
        Map<ListenKey, Listener> opened = new LinkedHashMap<>();
        Map<ListenKey, String> taken = new HashMap<>();
        for (RuntimeCompiler.PlannedBind bind : binds) {
            String other = taken.putIfAbsent(bind.key(), bind.frontend().name());
            if (other != null) {
                problems.error(Problems.LISTEN, bind.spec().location(), refusal(bind) + "frontend '" + other + "' has the address",
                        "names and forms of one address count as one");
                continue;
            }
            Optional<Listener> before = Optional.ofNullable(listeners.get(bind.key()));
            if (before.isPresent()) {
                if (!before.get().bind().socket().equals(bind.runtime().socket())) {
                    problems.warning(Problems.LISTEN, bind.spec().location(), "what the socket of " + bind.spec().address().text()
                            + " is told (v6only, transparent, mss, tcp-ut, tfo) changes at the next start, not by a reload", "");
                }
                continue;
            }
            Listener listener = new Listener(bind.address(), bind.runtime(), admissions(bind), rates(bind));
            try {
                listener.open(workers, bind.backlog(), received.take(bind.key().text()));
                opened.put(bind.key(), listener);
            } catch (IOException e) {
                problems.error(Problems.LISTEN, bind.spec().location(), refusal(bind) + e.getMessage(), hintFor(e));
            }
        }
        return opened;
    }

    /**
     * Has every address serve a configuration from now on, but for those that it does not name.
     *
     * @return what it names, for {@link #closeOthers}
     */
    Set<ListenKey> follow(List<RuntimeCompiler.PlannedBind> binds, Map<ListenKey, Listener> opened) {
        listeners.putAll(opened);
        Set<ListenKey> wanted = new LinkedHashSet<>();
        for (RuntimeCompiler.PlannedBind bind : binds) {
            wanted.add(bind.key());
            registry.bind(bind.key()).setLimit(bind.spec().settings().find(BindSettings.MAXCONN).orElse(0));
            listeners.get(bind.key()).replace(bind.runtime(), admissions(bind), rates(bind));
        }
        return wanted;
    }

    void closeOthers(Set<ListenKey> wanted) {
        listeners.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
    }

    /** Closes some for good. */
    void close(Collection<Listener> some) {
        some.forEach(Listener::close);
        listeners.values().removeAll(some);
    }

    /** Stops accepting everywhere; the listeners stay known. */
    void stop() {
        listeners.values().forEach(Listener::close);
    }

    private static String refusal(RuntimeCompiler.PlannedBind bind) {
        return "cannot listen on " + bind.spec().address().text() + " of frontend '" + bind.frontend().name() + "': ";
    }

    /** The limits that count the connections of a bind. */
    private List<Admission> admissions(RuntimeCompiler.PlannedBind bind) {
        Admission ofBind = registry.bind(bind.key());
        Admission ofFrontend = registry.admission(bind.frontend().name());
        return bind.runtime().tls().isPresent() ? List.of(ofBind, ofFrontend, registry.process(), registry.processTls())
                : List.of(ofBind, ofFrontend, registry.process());
    }

    private List<RateLimit> rates(RuntimeCompiler.PlannedBind bind) {
        ProcessRates process = registry.processRates();
        RateLimit ofFrontend = registry.sessionRate(bind.frontend().name());
        return bind.runtime().tls().isPresent()
                ? List.of(ofFrontend, process.connections(), process.sessions(), process.ssl())
                : List.of(ofFrontend, process.connections(), process.sessions());
    }

    /** What to do about an address that cannot be bound; empty if nothing is known. */
    static String hintFor(IOException e) {
        String reason = String.valueOf(e.getMessage());
        if (reason.contains("Address already in use")) {
            return "another program has the port; 'ss -ltnp' shows which";
        }
        if (reason.contains("Permission denied")) {
            return "ports below 1024 need CAP_NET_BIND_SERVICE";
        }
        return reason.contains("Cannot assign requested address") ? "the machine does not have this address" : "";
    }
}
