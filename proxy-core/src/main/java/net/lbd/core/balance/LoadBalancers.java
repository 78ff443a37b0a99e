package net.lbd.core.balance;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import net.lbd.config.model.BalanceSpec;
import net.lbd.core.backend.Server;

/** Every balancing algorithm that this version carries out, by its keyword. Stateless. */
public final class LoadBalancers {

    private static final Map<String, Function<List<Server>, LoadBalancer>> ROWS = Map.of(
            "roundrobin", RoundRobin::new,
            "leastconn", LeastConnections::new);

    private LoadBalancers() { }

    public static Set<String> algorithms() {
        return ROWS.keySet();
    }

    /**
     * The balancer of a backend.
     *
     * @throws IllegalArgumentException if this version does not carry the algorithm out
     */
    public static LoadBalancer create(BalanceSpec spec, List<Server> servers) {
        Function<List<Server>, LoadBalancer> row = ROWS.get(spec.algorithm());
        if (row == null) {
            throw new IllegalArgumentException(
                    spec.location() + ": balance '" + spec.algorithm() + "' is not supported yet");
        }
        return servers.isEmpty() ? LoadBalancer.NONE : row.apply(servers);
    }
}
