package net.lbd.core.stick;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.config.model.StickRules;
import net.lbd.core.backend.Server;
import net.lbd.core.rule.Condition;
import net.lbd.core.rule.Conditions;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.stream.Stream;

/**
 * The {@code stick} lines of a backend: to which server a stream belongs, and which keys are bound to the server that it
 * got. Immutable. Source: HAProxy manual, "stick match", "stick on", "stick store-request", "stick store-response".
 *
 * <p>A server that is down is as good as none (but for {@code force-persist} and {@code option persist}), and the key is bound to the one chosen instead; one that drains keeps its
 * streams. Keys are bound when the server has answered, so that one that does not is not remembered.
 */
public final class Stickiness {

    /** Of a backend without such lines. */
    public static final Stickiness NONE = new Stickiness(List.of(), List.of(), List.of(), Set.of());

    private final Rule[] request;
    private final Rule[] response;
    private final Set<String> excluded;
    private final Map<String, String> addresses = new HashMap<>();

    private record Rule(StickTable table, SampleExpression key, Condition condition, boolean matches, boolean stores) { }

    private Stickiness(List<Rule> request, List<Rule> response, List<Server> servers, Set<String> excluded) {
        this.request = request.toArray(Rule[]::new);
        this.response = response.toArray(Rule[]::new);
        this.excluded = Set.copyOf(excluded);
        for (Server server : servers) {
            server.address(0).filter(InetSocketAddress.class::isInstance).map(InetSocketAddress.class::cast)
                    .ifPresent(a -> addresses.put(server.name(), a.getAddress().getHostAddress() + ":" + a.getPort()));
        }
    }

    /** @param excluded the names of the servers that keys are not bound to: {@code non-stick} */
    public static Stickiness compile(StickRules rules, List<Server> servers, Set<String> excluded, RuntimeNames names) {
        List<Rule> request = new ArrayList<>();
        List<Rule> response = new ArrayList<>();
        for (StickRules.Rule line : rules.rules()) {
            Rule rule = new Rule(names.table(line.table()), SampleExpression.compile(line.key(), names),
                    Conditions.compile(line.condition(), names),
                    line.kind() == StickRules.Kind.ON || line.kind() == StickRules.Kind.MATCH, line.kind() != StickRules.Kind.MATCH);
            (line.kind() == StickRules.Kind.STORE_RESPONSE ? response : request).add(rule);
        }
        return new Stickiness(request, response, servers, excluded);
    }

    /** The same lines for other servers. */
    public Stickiness of(List<Server> servers, Set<String> newExcluded) {
        return this == NONE ? NONE : new Stickiness(List.of(request), List.of(response), servers, newExcluded);
    }

    /** The server that the stream belongs to; {@link Server#NONE} for any. Notes down the keys to bind. */
    public Server match(Stream stream) {
        if (request.length == 0 && response.length == 0) {
            return Server.NONE;
        }
        stream.stickMarks().clear();
        Server found = Server.NONE;
        Sample key = stream.worker().scratch().take();
        for (Rule rule : request) {
            if (rule.condition.holds(stream) && rule.key.evaluate(stream, key) && rule.table.makeKey(key)) {
                if (rule.matches && found == Server.NONE) {
                    found = lookUp(stream, rule.table, key);
                }
                if (rule.stores) {
                    stream.stickMarks().add(rule.table, key.copyBytes());
                }
            }
        }
        stream.worker().scratch().give(key);
        return found;
    }

    private Server lookUp(Stream stream, StickTable table, Sample key) {
        long handle = table.find(key);
        if (handle == StickTable.NONE) {
            return Server.NONE;
        }
        Server server = named(stream.backend().servers(), table, handle);
        boolean good = server != Server.NONE && server != stream.avoidedServer()
                && (server.acceptsPersistent() || stream.keepsServersThatAreDown());
        if (good) {
            table.touch(handle);
        }
        table.release(handle);
        return good ? server : Server.NONE;
    }

    private Server named(List<Server> servers, StickTable table, long handle) {
        String wanted = table.serverKey(handle);
        int id = table.serverId(handle);
        Server byId = Server.NONE;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            String name = table.spec().serverByAddress() ? addresses.get(server.name()) : server.name();
            if (!wanted.isEmpty() && wanted.equals(name)) {
                return server;
            }
            if (server.id() == id) {
                byId = server;
            }
        }
        return byId;
    }

    /** The server of the stream has answered: the keys of request and response are bound to it. */
    public void store(Stream stream) {
        if (request.length == 0 && response.length == 0) {
            return;
        }
        Server server = stream.server();
        if (server == Server.NONE || excluded.contains(server.name())) {
            stream.stickMarks().clear();
            return;
        }
        Sample key = stream.worker().scratch().take();
        for (Rule rule : response) {
            if (rule.condition.holds(stream) && rule.key.evaluate(stream, key) && rule.table.makeKey(key)) {
                stream.stickMarks().add(rule.table, key.copyBytes());
            }
        }
        stream.worker().scratch().give(key);
        stream.stickMarks().bind(server.id(), server.name(), addresses.getOrDefault(server.name(), server.name()));
    }
}
