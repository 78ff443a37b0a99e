package net.lbd.core.backend;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.balance.LoadBalancer;
import net.lbd.core.http.Ascii;
import net.lbd.core.listen.Frontend;
import net.lbd.core.log.ProxyMessages;
import net.lbd.core.stats.ProxyCounters;

/** A backend as one snapshot of the configuration has it. Immutable, but for what it shares by name. */
public final class Backend {

    /** Stands for "no backend": no line of a frontend chose one. */
    public static final Backend NONE = none("", ProxyMode.TCP);

    private final String name;
    private final byte[] nameBytes;
    private final ProxyMode mode;
    private final List<Server> servers;
    private final LoadBalancer balancer;
    private final ServerQueue queue;
    private final BackendRules rules;
    private final BackendPolicy policy;
    private final Optional<ProxyMessages> messages;
    private final ProxyCounters counters;
    private final boolean limited;

    public Backend(String name, ProxyMode mode, List<Server> servers, LoadBalancer balancer, ServerQueue queue,
            BackendRules rules, BackendPolicy policy, Optional<ProxyMessages> messages, ProxyCounters counters) {
        this.name = Objects.requireNonNull(name, "name");
        this.nameBytes = Ascii.bytes(name);
        this.mode = Objects.requireNonNull(mode, "mode");
        this.servers = List.copyOf(servers);
        this.balancer = Objects.requireNonNull(balancer, "balancer");
        this.queue = Objects.requireNonNull(queue, "queue");
        this.rules = Objects.requireNonNull(rules, "rules");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.messages = Objects.requireNonNull(messages, "messages");
        this.counters = Objects.requireNonNull(counters, "counters");
        this.limited = servers.stream().anyMatch(s -> s.maxConnections() > 0);
    }

    /** Stands in for the backend of a stream that has not chosen one: it has the frontend's name and no server. */
    public static Backend none(String frontendName, ProxyMode mode) {
        return new Backend(frontendName, mode, List.of(), LoadBalancer.NONE, new ServerQueue(), BackendRules.NONE,
                BackendPolicy.NONE, Optional.empty(), new ProxyCounters());
    }

    public String name() {
        return name;
    }

    /** The name as the log writes it; do not change it. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    public ProxyMode mode() {
        return mode;
    }

    public List<Server> servers() {
        return servers;
    }

    public LoadBalancer balancer() {
        return balancer;
    }

    public ServerQueue queue() {
        return queue;
    }

    /** Whether frontend and backend are one {@code listen} section: its rules are looked at once. */
    public boolean isOf(Frontend frontend) {
        return rules.ofListen() && name.equals(frontend.name());
    }

    public BackendRules rules() {
        return rules;
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
        return limited;
    }

    /**
     * Whether a server that the balancing would look at has a place free at this moment: any that is no
     * backup, or the first backup when no other is usable. One that it would not look at must not count:
     * who waits would be sent to choose again without end.
     */
    public boolean hasRoom() {
        Server backup = Server.NONE;
        boolean active = false;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            if (!server.isUsable()) {
                continue;
            }
            if (!server.isBackup()) {
                active = true;
                if (!server.isFull()) {
                    return true;
                }
            } else if (backup == Server.NONE) {
                backup = server;
            }
        }
        return !active && backup != Server.NONE && !backup.isFull();
    }

    /** Gives a place back that {@link Server#acquire} took, and lets the first in the queue try for it. */
    public void release(Server server) {
        server.release();
        if (limited) {
            queue.poll().ifPresent(ServerQueue.Waiter::wake);
        }
    }

    /**
     * A server came up, went down, or was given another administrative state: it may have places to give, or
     * nobody need wait for it any more. All who wait try again; those for whom there is still no room go back.
     */
    public void serverChanged() {
        for (int left = queue.size(); left > 0; left--) {
            queue.poll().ifPresent(ServerQueue.Waiter::wake);
        }
    }

    /** Servers that take new streams: the {@code nbsrv} of rules. Backup servers count only when no other is left. */
    public int usableServers() {
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
