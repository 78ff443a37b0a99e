package net.lbd.core.backend;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.balance.LoadBalancer;
import net.lbd.core.http.Ascii;
import net.lbd.core.listen.Frontend;
import net.lbd.core.log.ProxyMessages;
import net.lbd.core.stats.ProxyCounters;

/**
 * A backend as one snapshot of the configuration has it. Immutable, but for what it shares by name, and for its {@link Members}, which
 * commands replace as a whole while it serves. Thread-safe: who looks twice may see two generations of members, so a loop over servers
 * keeps the list that it began with.
 */
public final class Backend {

    /** Stands for "no backend": no line of a frontend chose one. */
    public static final Backend NONE = none("", 0, ProxyMode.TCP);

    private final String name;
    private final byte[] nameBytes;
    private final int number;
    private final ProxyMode mode;
    private volatile Members members;
    private final ServerQueue queue;
    private final BackendPolicy policy;
    private final Optional<ProxyMessages> messages;
    private final ProxyCounters counters;
    private final boolean allBackups;
    private final Optional<Server> dispatch;

    /**
     * The servers, and what was made for just these.
     *
     * @param reached every server that a stream may come to: those of the lines, and what {@code dispatch} names
     * @param limited whether some server has a {@code maxconn}
     */
    private record Members(List<Server> servers, List<Server> reached, LoadBalancer balancer, BackendRules rules, boolean limited) {

        static Members of(List<Server> servers, Optional<Server> dispatch, LoadBalancer balancer, BackendRules rules) {
            return new Members(List.copyOf(servers), Stream.concat(servers.stream(), dispatch.stream()).toList(),
                    Objects.requireNonNull(balancer, "balancer"), Objects.requireNonNull(rules, "rules"),
                    servers.stream().anyMatch(s -> s.maxConnections() > 0));
        }
    }

    /** Without a number and {@code dispatch}. */
    public Backend(String name, ProxyMode mode, List<Server> servers, LoadBalancer balancer, ServerQueue queue,
            BackendRules rules, BackendPolicy policy, Optional<ProxyMessages> messages, ProxyCounters counters, boolean allBackups) {
        this(name, 0, mode, servers, balancer, queue, rules, policy, messages, counters, allBackups, Optional.empty());
    }

    /**
     * @param number {@code be_id}
     * @param dispatch the address that the balancer sends to, where that is none of the servers
     */
    public Backend(String name, int number, ProxyMode mode, List<Server> servers, LoadBalancer balancer, ServerQueue queue,
            BackendRules rules, BackendPolicy policy, Optional<ProxyMessages> messages, ProxyCounters counters, boolean allBackups,
            Optional<Server> dispatch) {
        this.name = Objects.requireNonNull(name, "name");
        this.nameBytes = Ascii.bytes(name);
        this.number = number;
        this.mode = Objects.requireNonNull(mode, "mode");
        this.queue = Objects.requireNonNull(queue, "queue");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.messages = Objects.requireNonNull(messages, "messages");
        this.counters = Objects.requireNonNull(counters, "counters");
        this.allBackups = allBackups;
        this.dispatch = Objects.requireNonNull(dispatch, "dispatch");
        this.members = Members.of(servers, dispatch, balancer, rules);
    }

    /**
     * Has these servers from now on, with what was made for them; who waits looks again. Streams that have chosen a server that is gone
     * end with it.
     */
    public void replaceMembers(List<Server> servers, LoadBalancer balancer, BackendRules rules) {
        members = Members.of(servers, dispatch, balancer, rules);
        serverChanged();
    }

    /** Stands in for the backend of a stream that has not chosen one: it has the frontend's name and number, and no server. */
    public static Backend none(String frontendName, int number, ProxyMode mode) {
        return new Backend(frontendName, number, mode, List.of(), LoadBalancer.NONE, new ServerQueue(), BackendRules.NONE,
                BackendPolicy.NONE, Optional.empty(), new ProxyCounters(), false, Optional.empty());
    }

    public String name() {
        return name;
    }

    /** The name as the log writes it; do not change it. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    /** {@code be_id}. */
    public int number() {
        return number;
    }

    public ProxyMode mode() {
        return mode;
    }

    public List<Server> servers() {
        return members.servers;
    }

    /** Every server that a stream may come to: those of the lines, and what {@code dispatch} names. */
    public List<Server> reached() {
        return members.reached;
    }

    public LoadBalancer balancer() {
        return members.balancer;
    }

    public ServerQueue queue() {
        return queue;
    }

    /** Whether frontend and backend are one {@code listen} section: its rules are looked at once. */
    public boolean isOf(Frontend frontend) {
        return members.rules.ofListen() && name.equals(frontend.name());
    }

    public BackendRules rules() {
        return members.rules;
    }

    public BackendPolicy policy() {
        return policy;
    }

    /** Where it tells what happens to its servers; empty for a stand-in, which has none. */
    public Optional<ProxyMessages> messages() {
        return messages;
    }

    public ProxyCounters counters() {
        return counters;
    }

    /** Whether some server has a {@code maxconn}: only then can a stream have to wait. */
    public boolean isLimited() {
        return members.limited || queue.isLimitedAtRunTime();
    }

    /** Lets a server have so many streams at a time from now on; 0: without limit. Who waits for it follows. Any thread. */
    public void limit(Server server, int max) {
        if (server.maxConnections() == max) {
            return;
        }
        server.state().setMaxConnections(max);
        queue.limitAtRunTime();
        serverChanged();
    }

    /**
     * Gives a place back that {@link Server#acquire} took.
     *
     * @return whether somebody waits for it, whom {@link #serve} is to serve
     */
    public boolean release(Server server) {
        server.release();
        return isLimited() && queue.hasFor(server.state(), true);
    }

    /** Gives a place back that {@link ServerQueue.Waiter#give} was handed and had no use for. */
    public void giveBack(ServerState place) {
        place.counters().takeBack();
        Server server = serverOf(place);
        if (server != Server.NONE) {
            serve(server);
        } else {
            // A server of another configuration: those who wait under that one must look for themselves.
            serverChanged();
        }
    }

    /** This backend's server with a state, or {@link Server#NONE} if it has none. */
    public Server serverOf(ServerState state) {
        List<Server> servers = members.servers;
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).state() == state) {
                return servers.get(i);
            }
        }
        return Server.NONE;
    }

    /**
     * Hands the free places of a server to those who wait for it. Whoever comes to the queue calls it behind that, and whoever
     * gives a place back behind that: so nobody waits for a place that is free.
     */
    public void serve(Server server) {
        if (!server.acceptsPersistent()) {
            // Who waits for it must look elsewhere, but for those who go there whatever comes.
            for (Optional<ServerQueue.Ticket> next = queue.next(server.state(), false); next.isPresent();
                    next = queue.next(server.state(), false)) {
                queue.wake(next.get());
            }
            return;
        }
        boolean fromAny = standsForChoice(server);
        while (queue.hasFor(server.state(), fromAny) && server.acquire()) {
            Optional<ServerQueue.Ticket> next = queue.next(server.state(), fromAny);
            if (next.isPresent()) {
                queue.give(next.get(), server.state());
            } else {
                // Who waited gave up in between; the next look sees who came meanwhile.
                server.takeBack();
            }
        }
    }

    /** Somebody has come to the queue: a place may have become free just before. */
    public void serveWaiting() {
        List<Server> servers = members.servers;
        for (int i = 0; i < servers.size(); i++) {
            if (!servers.get(i).isFull()) {
                serve(servers.get(i));
            }
        }
    }

    /** Whether the balancing would look at a server: who waits for any must not be sent to a backup that is not needed. */
    private boolean standsForChoice(Server server) {
        if (!server.isUsable()) {
            return false;
        }
        if (!server.isBackup()) {
            return true;
        }
        List<Server> servers = members.servers;
        for (int i = 0; i < servers.size(); i++) {
            Server other = servers.get(i);
            if (other != server && other.isUsable() && (!other.isBackup() || !allBackups && servers.indexOf(server) > i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A server came up, went down, or was given another administrative state: it may have places to give, or
     * nobody need wait for it any more. All who wait try again; those for whom there is still no room go back to where they were.
     */
    public void serverChanged() {
        queue.drain().forEach(queue::wake);
    }

    /** Servers that take new streams: the {@code nbsrv} of rules. Backup servers count only when no other is left. */
    public int usableServers() {
        List<Server> servers = members.servers;
        int active = 0;
        int backups = 0;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            if (server.isUsable()) {
                if (server.isBackup()) {
                    backups++;
                } else {
                    active++;
                }
            }
        }
        return active > 0 ? active : backups;
    }

    @Override
    public String toString() {
        return name;
    }
}
