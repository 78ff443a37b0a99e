package net.lbd.core.runtime;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.ServerQueue;
import net.lbd.core.backend.ServerState;
import net.lbd.core.listen.Admission;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.ListenKey;
import net.lbd.core.listen.RateLimit;
import net.lbd.core.netns.Namespaces;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.core.stick.StickTables;

/**
 * What survives a reload, by name: health and administrative state of servers, counters, the queues
 * for servers, stick-tables, and the count of connections against {@code maxconn}. Used by one thread at a time, under the engine's lock.
 */
final class StateRegistry {

    private record ServerKey(String backend, String server) { }

    private final Map<ServerKey, ServerState> servers = new HashMap<>();
    private final Map<String, ProxyCounters> frontends = new HashMap<>();
    private final Map<String, ProxyCounters> backends = new HashMap<>();
    private final Map<String, ServerQueue> queues = new HashMap<>();
    /** Reports read it on any thread. */
    private final Map<String, Admission> admissions = new ConcurrentHashMap<>();
    private final Admission process = new Admission(0);
    private final Map<ListenKey, Admission> binds = new HashMap<>();
    private final Map<String, RateLimit> sessionRates = new HashMap<>();
    private final Admission processTls = new Admission(0);
    private final ProcessRates processRates = ProcessRates.create();
    private final Namespaces namespaces = new Namespaces(() -> Transport.EPOLL.newLoops(1, "lbd-netns"));
    private StickTables tables = StickTables.NONE;

    ServerState server(String backend, String server) {
        return servers.computeIfAbsent(new ServerKey(backend, server), k -> new ServerState());
    }

    /** A server is gone: one of its name that comes later starts anew. */
    void forget(String backend, String server) {
        servers.remove(new ServerKey(backend, server));
    }

    ProxyCounters frontend(String name) {
        return frontends.computeIfAbsent(name, n -> new ProxyCounters());
    }

    ProxyCounters backend(String name) {
        return backends.computeIfAbsent(name, n -> new ProxyCounters());
    }

    /**
     * Those who wait for the servers of a backend. Places outlive a configuration, so those who give one
     * back under the old must find those who wait under the new.
     */
    ServerQueue queue(String backend) {
        return queues.computeIfAbsent(backend, n -> new ServerQueue());
    }

    /** The {@code maxconn} of a frontend. */
    Admission admission(String frontend) {
        return admissions.computeIfAbsent(frontend, n -> new Admission(0));
    }

    /** The same, if there is one; safe on every thread. */
    Optional<Admission> findAdmission(String frontend) {
        return Optional.ofNullable(admissions.get(frontend));
    }

    /** The {@code maxconn} of the process. */
    Admission process() {
        return process;
    }

    /** The {@code maxsslconn} of the process. */
    Admission processTls() {
        return processTls;
    }

    /** The {@code maxconn} of an address that is listened on. */
    Admission bind(ListenKey address) {
        return binds.computeIfAbsent(address, a -> new Admission(0));
    }

    /** The {@code rate-limit sessions} of a frontend. */
    RateLimit sessionRate(String frontend) {
        return sessionRates.computeIfAbsent(frontend, n -> new RateLimit(RateLimit.Event.SESSION, frontend(n).sessionRate));
    }

    ProcessRates processRates() {
        return processRates;
    }

    /** The network namespaces that sockets are made in. */
    Namespaces namespaces() {
        return namespaces;
    }

    /** The stick-tables of the configuration in force. */
    StickTables tables() {
        return tables;
    }

    void setTables(StickTables newTables) {
        tables = newTables;
    }

    /** Forgets what the configuration in force does not name: a name that comes back later starts anew. */
    void retain(Collection<Frontend> keptFrontends, Collection<Backend> keptBackends, Collection<ListenKey> keptBinds) {
        binds.keySet().retainAll(keptBinds);
        Set<String> frontendNames = keptFrontends.stream().map(Frontend::name).collect(Collectors.toSet());
        Set<String> backendNames = keptBackends.stream().map(Backend::name).collect(Collectors.toSet());
        Set<ServerKey> serverKeys = keptBackends.stream()
                .flatMap(b -> b.reached().stream().map(s -> new ServerKey(b.name(), s.name())))
                .collect(Collectors.toSet());
        frontends.keySet().retainAll(frontendNames);
        admissions.keySet().retainAll(frontendNames);
        sessionRates.keySet().retainAll(frontendNames);
        backends.keySet().retainAll(backendNames);
        queues.keySet().retainAll(backendNames);
        servers.keySet().retainAll(serverKeys);
    }
}
