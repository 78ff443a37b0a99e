package net.lbd.core.balance;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.HashAffinity;
import net.lbd.config.model.HashTypeSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Server;
import net.lbd.core.sample.RuntimeNames;

/** Every balancing algorithm that this version carries out, by its keyword. Stateless. */
public final class LoadBalancers {

    /** What a row makes a balancer of. */
    private record Parts(BalanceSpec spec, List<Server> servers, Settings settings, RuntimeNames names) {
        Candidates candidates() {
            return new Candidates(servers, settings.get(ProxySettings.ALLBACKUPS));
        }
    }

    private interface Row {
        LoadBalancer make(Parts parts);
    }

    private static final Map<String, Row> ROWS = Map.ofEntries(
            Map.entry("roundrobin", p -> new RoundRobin(p.candidates())),
            Map.entry("static-rr", p -> new StaticRoundRobin(p.candidates())),
            Map.entry("leastconn", p -> new LeastConnections(p.candidates())),
            Map.entry("first", p -> new FirstServer(p.servers(), p.settings().get(ProxySettings.ALLBACKUPS))),
            Map.entry("sticky", p -> new StickyServer(p.candidates())),
            Map.entry("random", p -> new RandomDraws(p.candidates(),
                    p.spec().arguments().isEmpty() ? 2 : Integer.parseInt(p.spec().arguments().get(0)),
                    p.settings().get(ProxySettings.HASH_BALANCE_FACTOR))),
            Map.entry("source", LoadBalancers::hash),
            Map.entry("uri", LoadBalancers::hash),
            Map.entry("url_param", LoadBalancers::hash),
            Map.entry("hdr", LoadBalancers::hash),
            Map.entry("rdp-cookie", LoadBalancers::hash),
            Map.entry("hash", LoadBalancers::hash));

    private LoadBalancers() { }

    public static Set<String> algorithms() {
        return ROWS.keySet();
    }

    /**
     * The balancer of a backend.
     *
     * @param settings of the backend
     * @param names takes down what a hashed expression names
     * @throws IllegalArgumentException if this version does not carry the algorithm out
     */
    public static LoadBalancer create(BalanceSpec spec, List<Server> servers, Settings settings, RuntimeNames names) {
        Row row = ROWS.get(spec.algorithm());
        if (row == null) {
            throw new IllegalArgumentException(
                    spec.location() + ": balance '" + spec.algorithm() + "' is not supported yet");
        }
        return servers.isEmpty() ? LoadBalancer.NONE : row.make(new Parts(spec, servers, settings, names));
    }

    private static LoadBalancer hash(Parts parts) {
        HashTypeSpec type = parts.settings().get(ProxySettings.HASH_TYPE);
        HashSource source = HashSources.of(parts.spec(), new HashFunction(type), parts.names());
        Candidates candidates = parts.candidates();
        HashAffinity affinity = parts.settings().get(ProxySettings.HASH_PRESERVE_AFFINITY);
        return type.consistent()
                ? HashBalancer.consistent(candidates, source, affinity, parts.settings().get(ProxySettings.HASH_BALANCE_FACTOR))
                : HashBalancer.mapBased(candidates, source, affinity);
    }
}
