package net.lbd.l4;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.l4.nft.NftException;
import net.lbd.l4.nft.NftShell;
import net.lbd.l4.rules.DirectorPlan;
import net.lbd.l4.rules.GatewayTable;
import net.lbd.l4.rules.NatTable;
import net.lbd.l4.rules.ServerPlan;
import net.lbd.l4.rules.TableImage;
import net.lbd.l4.rules.TableOwner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel's two tables in step with the directors and the states of their servers, and reads what it counts. A control
 * thread looks ten times a second; {@link #apply} and {@link #close} do their work on their callers' threads, under one lock with
 * it. Thread-safe.
 *
 * <p>Tables outlive the daemon's death, so that connections go on; whatever bears their names at the start is replaced in one
 * transaction, which established connections of mode nat do not notice. A stop takes them away. No other table is touched.
 */
public final class PacketEngine implements AutoCloseable {

    /** How often states are looked at, and leastconn is reckoned. */
    private static final long TICK_MILLIS = 100;
    /** How often counters are read where nothing is reckoned from them, in ticks. */
    private static final int COUNTING_TICKS = 10;
    /** How long a refused change waits for its next try, in ticks. */
    private static final int PENALTY_TICKS = 50;
    private static final Logger LOG = LoggerFactory.getLogger(PacketEngine.class);

    private final String tableName;
    private final NftShell shell;
    private final Networks.Source networkSource;
    private final BiFunction<String, String, Optional<ServerView>> views;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, Traffic> traffic = new HashMap<>();
    private final Map<Integer, Traffic> told = new HashMap<>();
    private final Map<Integer, Long> openedBefore = new HashMap<>();
    private List<DirectorSpec> directors = List.of();
    private Optional<TableImage> nat = Optional.empty();
    private Optional<TableImage> gateway = Optional.empty();
    /** What {@code nat} was made of: see {@link #seen}. */
    private List<DirectorSpec> natDirectors = List.of();
    private List<Object> natWritten = List.of();
    private boolean tablesThere;
    private boolean complained;
    private int ticks;
    private int penalty;
    private boolean closed;
    private boolean draining;
    private final Thread control;

    /**
     * @param tableName of both tables
     * @param nft that starts the child, such as {@code nft}
     * @param views what is known of a server of a director; empty: it counts as serving with its configured weight
     */
    public PacketEngine(String tableName, List<String> nft, BiFunction<String, String, Optional<ServerView>> views) throws IOException {
        this(tableName, nft, views, Networks::now);
    }

    PacketEngine(String tableName, List<String> nft, BiFunction<String, String, Optional<ServerView>> views, Networks.Source networks)
            throws IOException {
        this.networkSource = Objects.requireNonNull(networks, "networks");
        this.tableName = Objects.requireNonNull(tableName, "tableName");
        this.shell = new NftShell(nft);
        this.views = Objects.requireNonNull(views, "views");
        this.control = new Thread(this::run, "lbd-l4");
        control.setDaemon(true);
        control.start();
    }

    /**
     * Puts directors in the place of those before. Connections of directors and servers that stay go on.
     *
     * @throws IOException if the kernel refuses; what was there serves on
     */
    public synchronized void apply(List<DirectorSpec> wanted) throws IOException {
        List<DirectorSpec> before = directors;
        directors = List.copyOf(wanted);
        try {
            if (directors.isEmpty()) {
                remove();
            } else {
                write();
            }
        } catch (IOException e) {
            directors = before;
            throw e;
        }
        forgetOthers();
    }

    /** From now on no new connection is taken; those that are there go on. */
    public synchronized void drain() {
        draining = true;
        notifyAll();
    }

    /** Connections at this moment, over all directors. */
    public synchronized long connections() {
        return traffic.values().stream().mapToLong(Traffic::active).sum();
    }

    /** Brings the tables in step at once, instead of at the next look. */
    synchronized void refresh() throws IOException {
        if (!directors.isEmpty()) {
            write();
        }
    }

    /** What is counted of every server, as of now. */
    public synchronized List<DirectorStatus> status() {
        if (directors.isEmpty()) {
            return List.of();
        }
        try {
            readCounters();
        } catch (IOException e) {
            complain(e);
        }
        List<DirectorStatus> status = new ArrayList<>();
        for (DirectorPlan plan : plans(d -> true)) {
            List<DirectorStatus.ServerStatus> servers = new ArrayList<>();
            for (int i = 0; i < plan.servers().size(); i++) {
                ServerPlan server = plan.servers().get(i);
                ServerSpec spec = plan.spec().backend().servers().get(i);
                Optional<ServerView> view = views.apply(plan.spec().name(), spec.name());
                servers.add(new DirectorStatus.ServerStatus(spec.name(), spec.address().text(),
                        view.map(ServerView::shownWeight).orElse(server.weight()),
                        view.map(ServerView::shownState).orElse(server.standing().name()),
                        server.standing() == ServerPlan.Standing.SERVING, traffic.getOrDefault(server.id(), Traffic.NONE)));
            }
            status.add(new DirectorStatus(plan.spec(), servers));
        }
        return status;
    }

    /** The child process, for who watches over it. */
    public Optional<Long> child() {
        return shell.pid();
    }

    /** How often the child was started. */
    public long children() {
        return shell.births();
    }

    // ---- the control thread

    private void run() {
        try {
            for (;;) {
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    tick();
                    TimeUnit.MILLISECONDS.timedWait(this, TICK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        ticks++;
        if (directors.isEmpty() || penalty-- > 0) {
            return;
        }
        penalty = 0;
        try {
            boolean leastconn = directors.stream().anyMatch(d -> d.balance() == DirectorSpec.Balance.LEASTCONN);
            if (leastconn || ticks % COUNTING_TICKS == 0) {
                readCounters();
            }
            write();
            if (complained) {
                complained = false;
                LOG.info("layer 4: the kernel's tables are in step again");
            }
        } catch (NftException e) {
            penalty = PENALTY_TICKS;
            complain(e);
        } catch (IOException e) {
            // What came of the last change is not known: all is written anew.
            nat = Optional.empty();
            gateway = Optional.empty();
            complain(e);
        } catch (RuntimeException bug) {
            penalty = PENALTY_TICKS;
            if (!complained) {
                complained = true;
                LOG.error("layer 4: the control thread failed; it goes on", bug);
            }
        }
    }

    private void complain(IOException e) {
        if (!complained) {
            complained = true;
            LOG.error("layer 4: the kernel's tables cannot be kept in step, and are tried again: {}", e.getMessage());
        }
    }

    // ---- plans

    private interface Which {
        boolean test(DirectorSpec director);
    }

    private List<DirectorPlan> plans(Which which) {
        List<DirectorPlan> plans = new ArrayList<>();
        for (DirectorSpec director : directors) {
            if (which.test(director)) {
                plans.add(plan(director));
            }
        }
        return plans;
    }

    private DirectorPlan plan(DirectorSpec director) {
        List<ServerPlan> servers = new ArrayList<>();
        long opened = 0;
        for (ServerSpec spec : director.backend().servers()) {
            int id = id(director.name() + "/" + spec.name());
            AddressSpec.Ip address = (AddressSpec.Ip) spec.address();
            Optional<Integer> port = director.ports().size() == 1 && address.port() instanceof PortSpec.Fixed fixed
                    ? Optional.of(fixed.port()) : Optional.empty();
            Optional<ServerView> view = views.apply(director.name(), spec.name());
            Traffic counted = traffic.getOrDefault(id, Traffic.NONE);
            opened += counted.opened() - openedBefore.getOrDefault(id, counted.opened());
            servers.add(new ServerPlan(id, address.address(), port,
                    view.map(ServerView::weight).orElseGet(() -> spec.settings().get(ServerSettings.WEIGHT)),
                    view.map(ServerView::isSorry).orElseGet(() -> spec.settings().get(ServerSettings.BACKUP)),
                    standing(view.map(ServerView::standing).orElse(ServerPlan.Standing.SERVING)), counted.active()));
        }
        return new DirectorPlan(id(director.name() + "/"), director, servers, opened);
    }

    /** A daemon that drains hands nobody to anybody. */
    private ServerPlan.Standing standing(ServerPlan.Standing own) {
        return draining && own != ServerPlan.Standing.CUT ? ServerPlan.Standing.RESTING : own;
    }

    /** Numbers follow from names as far as they are free, so that a daemon that starts again gives the same ones. */
    private int id(String name) {
        return ids.computeIfAbsent(name, n -> {
            Set<Integer> taken = new HashSet<>(ids.values());
            int id = Math.floorMod(n.hashCode(), ServerPlan.MOST) + 1;
            while (taken.contains(id)) {
                id = id % ServerPlan.MOST + 1;
            }
            return id;
        });
    }

    private void forgetOthers() {
        Set<String> known = new HashSet<>();
        for (DirectorSpec director : directors) {
            known.add(director.name() + "/");
            director.backend().servers().forEach(server -> known.add(director.name() + "/" + server.name()));
        }
        ids.keySet().retainAll(known);
        traffic.keySet().retainAll(ids.values());
        told.keySet().retainAll(ids.values());
        openedBefore.keySet().retainAll(ids.values());
    }

    // ---- the kernel

    private void write() throws IOException {
        List<DirectorPlan> natPlans = plans(d -> d.mode() == DirectorSpec.Mode.NAT);
        List<DirectorPlan> gatewayPlans = plans(d -> d.mode() == DirectorSpec.Mode.GATEWAY);
        List<Object> natSeen = seen(natPlans);
        if (tablesThere && nat.isPresent() && gateway.isEmpty() && gatewayPlans.isEmpty() && natDirectors == directors
                && natSeen.equals(natWritten)) {
            return;
        }
        TableImage natWanted = NatTable.of(tableName, natPlans);
        StringBuilder commands = new StringBuilder();
        if (!tablesThere) {
            refuseTablesOfOthers();
            nat = Optional.empty();
            gateway = Optional.empty();
        }
        commands.append(natPlans.isEmpty() ? nat.isPresent() || !tablesThere ? natWanted.removal() : "" : natWanted.changesFrom(nat));
        TableImage gatewayWanted = gatewayTable(gatewayPlans);
        commands.append(gatewayPlans.isEmpty() ? gateway.isPresent() || !tablesThere ? gatewayWanted.removal() : ""
                : gatewayWanted.changesFrom(gateway));
        if (gateway.isEmpty() && !gatewayPlans.isEmpty()) {
            commands.append(flowsOfBefore());
        }
        if (!commands.isEmpty()) {
            shell.transact(commands.toString());
        }
        tablesThere = true;
        nat = natPlans.isEmpty() ? Optional.empty() : Optional.of(natWanted);
        natWritten = natSeen;
        natDirectors = directors;
        gateway = gatewayPlans.isEmpty() ? Optional.empty() : Optional.of(gatewayWanted);
    }

    /** What the table is made of. Traffic is part of it with leastconn only, so that with others a look costs next to nothing. */
    private List<Object> seen(List<DirectorPlan> plans) {
        List<Object> all = new ArrayList<>();
        for (DirectorPlan plan : plans) {
            if (plan.spec().balance() == DirectorSpec.Balance.LEASTCONN) {
                all.add(plan.opened());
                all.addAll(plan.servers());
            } else {
                plan.servers().forEach(s -> all.add(new ServerPlan(s.id(), s.address(), s.port(), s.weight(), s.sorry(), s.standing(), 0)));
            }
        }
        return all;
    }

    private void refuseTablesOfOthers() throws IOException {
        for (String family : List.of("inet", "netdev")) {
            String counters;
            try {
                counters = shell.list("counters table " + family + " " + tableName);
            } catch (NftException none) {
                continue;
            }
            OptionalLong other = TableOwner.otherIn(counters);
            if (other.isPresent()) {
                throw new NftException("another lbd, process " + other.getAsLong() + ", has directors on this machine: table " + family
                        + " " + tableName + " is its own");
            }
        }
    }

    /** A daemon that died has left what it knew of flows; servers have the same numbers as then. */
    private String flowsOfBefore() {
        try {
            Matcher elements = Pattern.compile("elements = (\\{[^}]*\\})").matcher(shell.list("map netdev " + tableName + " flows"));
            return elements.find() ? "add element netdev " + tableName + " flows " + elements.group(1).replace('\n', ' ') + "\n" : "";
        } catch (IOException none) {
            LOG.debug("no flows of before: {}", none.getMessage());
            return "";
        }
    }

    private TableImage gatewayTable(List<DirectorPlan> plans) throws IOException {
        Map<Integer, List<String>> entrances = new HashMap<>();
        Map<Integer, String> exits = new HashMap<>();
        if (!plans.isEmpty()) {
            Networks networks = networkSource.now();
            for (DirectorPlan plan : plans) {
                entrances.put(plan.id(), entrances(plan.spec(), networks));
                for (ServerPlan server : plan.servers()) {
                    exits.put(server.id(), networks.deviceOf(server.address()).orElseThrow(() -> new NftException("director '"
                            + plan.spec().name() + "': server " + server.address().getHostAddress() + " is in no network of this machine;"
                            + " in mode gateway packets are passed on to its MAC address")));
                }
            }
        }
        return GatewayTable.of(tableName, plans, entrances, exits);
    }

    /** Where clients' packets come in. */
    static List<String> entrances(DirectorSpec director, Networks networks) throws NftException {
        if (!director.interfaces().isEmpty()) {
            return director.interfaces();
        }
        InetAddress address = director.address();
        return List.of(networks.deviceOf(address).orElseThrow(() -> new NftException("director '" + director.name() + "': "
                + address.getHostAddress() + " is in no network of this machine; name the interface of the clients with 'interface'")));
    }

    private void remove() throws IOException {
        shell.transact(removal(tableName));
        nat = Optional.empty();
        gateway = Optional.empty();
        tablesThere = false;
    }

    /** The commands that take both tables away, whether they are there or not. */
    public static String removal(String tableName) {
        return new TableImage.Builder("inet", tableName).build().removal() + new TableImage.Builder("netdev", tableName).build().removal();
    }

    // ---- counters

    private void readCounters() throws IOException {
        Map<String, long[]> counters = new HashMap<>();
        try {
            if (nat.isPresent()) {
                counters.putAll(CounterList.read(shell.list("counters table inet " + tableName)));
            }
            if (gateway.isPresent()) {
                counters.putAll(CounterList.read(shell.list("counters table netdev " + tableName)));
            }
        } catch (NftException gone) {
            // Somebody has taken the tables away; they are written anew.
            nat = Optional.empty();
            gateway = Optional.empty();
            tablesThere = false;
            LOG.warn("layer 4: the tables were taken away from outside; they are made again");
            return;
        }
        for (DirectorSpec director : directors) {
            for (ServerSpec server : director.backend().servers()) {
                count(director, server, counters);
            }
        }
    }

    private void count(DirectorSpec director, ServerSpec server, Map<String, long[]> counters) {
        int id = id(director.name() + "/" + server.name());
        long[] none = new long[2];
        long opened = counters.getOrDefault("new_" + id, none)[0];
        long ended = counters.getOrDefault("end_" + id, none)[0];
        long[] in = counters.getOrDefault("in_" + id, none);
        long[] out = counters.getOrDefault("out_" + id, none);
        Traffic now = new Traffic(opened, Math.max(0, opened - ended), in[0], in[1], out[0], out[1]);
        Traffic before = told.getOrDefault(id, Traffic.NONE);
        if (now.opened() < before.opened() || now.bytesIn() < before.bytesIn()) {
            // The table was made anew, and counts from 0.
            before = Traffic.NONE;
        }
        openedBefore.put(id, before.opened());
        traffic.put(id, now);
        told.put(id, now);
        Traffic fresh = now.since(before);
        views.apply(director.name(), server.name()).ifPresent(view -> view.count(fresh));
    }

    /** Takes the tables away: new connections find nobody, and those of mode nat are not translated any more. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
            if (tablesThere) {
                try {
                    remove();
                } catch (IOException e) {
                    LOG.error("layer 4: the tables stay behind; 'nft delete table inet {}' and 'nft delete table netdev {}' take them away: {}",
                            tableName, tableName, e.getMessage());
                }
            }
        }
        try {
            control.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        shell.close();
    }
}
