package net.lbd.core.runtime;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import net.lbd.config.model.ServerSettings;
import net.lbd.core.backend.ServerState;
import net.lbd.core.dns.DnsAnswer;
import net.lbd.core.dns.ResolverSections;
import net.lbd.core.runtime.ServerHealth.Plan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers whose names are followed. Any thread; what it does happens on the loop of the name servers. Source: HAProxy
 * manual, "Server DNS resolution".
 */
final class ServerNames {

    private static final Logger LOG = LoggerFactory.getLogger(ServerNames.class);

    private final EventLoop loop;
    private final ServerTransitions transitions;
    private final Runnable checksChanged;
    private List<NamedServer> servers = List.of();
    private List<ServiceGroup> groups = List.of();
    private DnsAnswer lastUsed = DnsAnswer.NONE;

    /** @param checksChanged called when a server got or lost its address, so that its checks begin or end; must not block */
    ServerNames(EventLoop loop, ServerTransitions transitions, Runnable checksChanged) {
        this.loop = loop;
        this.transitions = transitions;
        this.checksChanged = checksChanged;
    }

    /** Follows the names of a configuration instead of those before. */
    void follow(List<Plan> plans, ResolverSections sections) {
        List<NamedServer> next = new ArrayList<>();
        Map<String, List<NamedServer>> services = new LinkedHashMap<>();
        for (Plan plan : plans) {
            plan.policy().settings().find(ServerSettings.RESOLVERS).flatMap(sections::find).ifPresent(section ->
                    plan.policy().hostName().ifPresent(name -> {
                        NamedServer server = new NamedServer(this, plan, section, name);
                        next.add(server);
                        if (server.isOfService()) {
                            services.computeIfAbsent(plan.backend().name() + "/" + section.name() + "/" + name, n -> new ArrayList<>()).add(server);
                        }
                    }));
        }
        List<ServiceGroup> nextGroups = services.values().stream().map(ServiceGroup::new).toList();
        execute(() -> {
            groups.forEach(ServiceGroup::stop);
            servers.forEach(NamedServer::stop);
            servers = next;
            groups = nextGroups;
            servers.forEach(NamedServer::start);
            groups.forEach(ServiceGroup::start);
        });
    }

    /** The administrator has named the host of a server anew. */
    void rename(ServerState state, String name) {
        execute(() -> servers.stream().filter(s -> s.state() == state).forEach(s -> s.follow(name)));
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the engine has stopped", e);
        }
    }

    // ---- for its servers, on the loop

    /** The others of the same backend that are found by the same name. */
    List<NamedServer> siblings(NamedServer of) {
        return servers.stream().filter(s -> s != of && s.backend() == of.backend() && s.hostName().equals(of.hostName())).toList();
    }

    /** Who has given an address, as the log names it: the first server has it of the name server, the others of what is known then. */
    String origin(DnsAnswer answer) {
        boolean again = answer == lastUsed;
        lastUsed = answer;
        return again ? "DNS cache" : answer.nameServer();
    }

    ServerTransitions transitions() {
        return transitions;
    }

    void checksChanged() {
        checksChanged.run();
    }
}
