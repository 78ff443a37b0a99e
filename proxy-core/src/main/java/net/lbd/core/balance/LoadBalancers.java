package net.lbd.core.balance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.config.model.BalanceSpec;
import net.lbd.core.backend.Server;

/** Placeholder until the balancers land. */
public final class LoadBalancers {
    public static LoadBalancer create(BalanceSpec spec, List<Server> servers) {
        AtomicInteger next = new AtomicInteger();
        return (stream, avoid) -> {
            for (int i = 0; i < servers.size(); i++) {
                Server s = servers.get(Math.floorMod(next.getAndIncrement(), servers.size()));
                if (s.isUsable() && !s.isFull()) {
                    return s;
                }
            }
            return Server.NONE;
        };
    }
}
