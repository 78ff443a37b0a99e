package net.lbd.core;

import java.util.List;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerQueue;
import net.lbd.core.balance.LoadBalancer;
import net.lbd.core.stats.ProxyCounters;

/** Backends for tests that need no balancing. */
public final class TestBackends {

    private TestBackends() { }

    public static Backend of(String name, ProxyMode mode, List<Server> servers) {
        return new Backend(name, mode, servers, LoadBalancer.NONE, new ServerQueue(), BackendRules.NONE,
                BackendPolicy.NONE, new ProxyCounters());
    }
}
