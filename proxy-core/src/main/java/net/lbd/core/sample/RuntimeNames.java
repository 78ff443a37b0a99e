package net.lbd.core.sample;

import net.lbd.core.pattern.Maps;
import net.lbd.core.auth.Logins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.model.CacheSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.SharedSections;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.http.HttpCache;
import net.lbd.core.dns.ResolverSections;
import net.lbd.core.dns.Resolvers;
import net.lbd.core.listen.Frontend;
import net.lbd.core.stick.StickTable;
import net.lbd.core.stick.StickTables;

/**
 * The frontends, backends and servers that compiled expressions name. Rules are compiled before the
 * last backend exists, as a rule of one backend may ask about another; so a name becomes a reference
 * that {@link #bind} fills in once everything is built, and looking at it later costs one field read.
 *
 * <p>Used by one thread while a configuration is compiled; the references are safe for all threads once
 * the runtime that they belong to has been published.
 */
public final class RuntimeNames {

    private final Map<String, Reference<Backend>> backends;
    private final Map<String, Reference<Frontend>> frontends;
    private final Map<ServerName, Reference<Server>> servers;
    private final Reference<NameTable<Backend>> backendTable;
    private final ProcessFacts process;
    private final SharedSections shared;
    private final ProcessVariables processVariables;
    private final Logins logins;
    private final Maps maps;
    private final Map<CacheSpec, HttpCache> caches;
    private final StickTables tables;
    private final ResolverSections resolvers;
    private final int stickCounters;
    private final String proxy;
    /** What the log keeps of a request line. */
    private final int loggedLineBytes;

    private record ServerName(String backend, String server) { }

    /** A thing that is known by name now and by object later. */
    private static final class Reference<T> implements Supplier<T> {
        private final String name;
        private T target;

        Reference(String name) {
            this.name = name;
        }

        @Override
        public T get() {
            if (target == null) {
                throw new IllegalStateException("used before it was bound: " + name);
            }
            return target;
        }
    }

    public RuntimeNames(ProcessFacts process) {
        this(process, SharedSections.NONE);
    }

    /** @param shared the sections that rules name */
    public RuntimeNames(ProcessFacts process, SharedSections shared) {
        this(process, shared, StickTables.NONE, 0, GlobalSettings.LOG_URI_LENGTH.defaultValue().orElseThrow(), ResolverSections.NONE);
    }

    /**
     * @param tables the stick-tables of the configuration
     * @param stickCounters how many counters a stream may track with
     * @param resolvers the sections that names are looked up with
     * @param logUriLength of {@code tune.http.logurilen}
     */
    public RuntimeNames(ProcessFacts process, SharedSections shared, StickTables tables, int stickCounters, int logUriLength,
            ResolverSections resolvers) {
        this.resolvers = Objects.requireNonNull(resolvers, "resolvers");
        this.tables = Objects.requireNonNull(tables, "tables");
        this.stickCounters = stickCounters;
        this.process = Objects.requireNonNull(process, "process");
        this.shared = Objects.requireNonNull(shared, "shared");
        this.processVariables = new ProcessVariables();
        this.logins = new Logins(shared);
        this.maps = new Maps();
        this.caches = new LinkedHashMap<>();
        this.proxy = "";
        this.loggedLineBytes = logUriLength;
        this.backends = new LinkedHashMap<>();
        this.frontends = new LinkedHashMap<>();
        this.servers = new LinkedHashMap<>();
        this.backendTable = new Reference<>("the table of backends");
    }

    private RuntimeNames(RuntimeNames all, String proxy) {
        this.tables = all.tables;
        this.resolvers = all.resolvers;
        this.stickCounters = all.stickCounters;
        this.process = all.process;
        this.shared = all.shared;
        this.processVariables = all.processVariables;
        this.logins = all.logins;
        this.maps = all.maps;
        this.caches = all.caches;
        this.proxy = proxy;
        this.loggedLineBytes = all.loggedLineBytes;
        this.backends = all.backends;
        this.frontends = all.frontends;
        this.servers = all.servers;
        this.backendTable = all.backendTable;
    }

    /** The same names, seen from a proxy: a server without a backend is one of its own. */
    public RuntimeNames within(String proxyName) {
        return new RuntimeNames(this, proxyName);
    }

    /** What expressions and logs want to know of the process. */
    public ProcessFacts process() {
        return process;
    }

    /** The sections that rules name. */
    public SharedSections shared() {
        return shared;
    }

    /** The map files that expressions name. */
    public Maps maps() {
        return maps;
    }

    /** The cache of a section. */
    public HttpCache cache(CacheSpec spec) {
        return caches.computeIfAbsent(spec, section -> new HttpCache(section, () -> System.nanoTime() / 1_000_000));
    }

    /** The caches that rules name. */
    public List<HttpCache> caches() {
        return List.copyOf(caches.values());
    }

    /**
     * A stick-table by its name; an empty one is that of this proxy.
     *
     * @throws IllegalArgumentException if there is none
     */
    public StickTable table(String name) {
        String wanted = name.isEmpty() ? proxy : name;
        return tables.find(wanted).orElseThrow(() -> new IllegalArgumentException("no stick-table is named '" + wanted + "'"));
    }

    /**
     * The number of a counter that rules track with.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    public int stickCounter(int number) {
        if (number >= stickCounters) {
            throw new IllegalArgumentException("there is no counter " + number + ": there are " + stickCounters
                    + ", from 0 on; 'tune.stick-counters' in global makes more");
        }
        return number;
    }

    /**
     * The section of resolvers of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Resolvers resolvers(String name) {
        return resolvers.find(name).orElseThrow(() -> new IllegalArgumentException("no resolvers section is named '" + name + "'"));
    }

    /** Users and passwords. */
    public Logins logins() {
        return logins;
    }

    /** What the log keeps of a request line; what is longer is cut. */
    public int loggedLineBytes() {
        return loggedLineBytes;
    }

    ProcessVariables processVariables() {
        return processVariables;
    }

    /** A variable of the process in words: its type and value; empty if it is not set. Any thread. */
    public Optional<String> processVariable(String name) {
        return processVariables.told(name);
    }

    /** The name of the proxy from which the names are seen. */
    public String proxy() {
        return proxy;
    }

    /** A backend by its name, which the configuration checker knows to exist. */
    public Supplier<Backend> backend(String name) {
        return backends.computeIfAbsent(name, Reference::new);
    }

    /** Every backend, for names that requests make; only after {@link #bind}. */
    public NameTable<Backend> backends() {
        return backendTable.get();
    }

    public Supplier<Frontend> frontend(String name) {
        return frontends.computeIfAbsent(name, Reference::new);
    }

    /** A server as rules write it: {@code backend/server}, or {@code server} for one of this proxy. */
    public Supplier<Server> server(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? server(proxy, path) : server(path.substring(0, slash), path.substring(slash + 1));
    }

    private Supplier<Server> server(String backend, String server) {
        return servers.computeIfAbsent(new ServerName(backend, server), n -> new Reference<>(backend + "/" + server));
    }

    /** Whether an expression or a rule names a server. */
    public boolean isNamed(String backend, String server) {
        return servers.containsKey(new ServerName(backend, server));
    }

    /**
     * Fills in every reference handed out so far.
     *
     * @throws IllegalArgumentException if one names what is not there
     */
    public void bind(Map<String, Backend> knownBackends, Map<String, Frontend> knownFrontends) {
        backendTable.target = new NameTable<>(knownBackends);
        backends.forEach((name, reference) -> reference.target = existing(knownBackends.get(name), "backend", name));
        frontends.forEach(
                (name, reference) -> reference.target = existing(knownFrontends.get(name), "frontend", name));
        servers.forEach((name, reference) -> {
            Backend backend = existing(knownBackends.get(name.backend()), "backend", name.backend());
            Optional<Server> server =
                    backend.servers().stream().filter(s -> s.name().equals(name.server())).findFirst();
            reference.target = existing(server.orElse(null), "server", name.backend() + "/" + name.server());
        });
    }

    private static <T> T existing(T found, String kind, String name) {
        if (found == null) {
            throw new IllegalArgumentException("no " + kind + " is named '" + name + "'");
        }
        return found;
    }
}
