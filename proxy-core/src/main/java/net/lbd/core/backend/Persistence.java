package net.lbd.core.backend;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.rule.RuleList;

/**
 * What goes before the balancing of a backend. Immutable. Source: HAProxy manual, "cookie", "use-server",
 * "force-persist", "ignore-persist", "option persist".
 *
 * @param useServer the first one that holds names the server
 * @param force when a server that is down keeps its clients
 * @param ignore when nothing of this counts
 * @param always servers that are down always keep their clients
 * @param rdpCookie names the server of a Remote Desktop client
 */
public record Persistence(Optional<StickyCookie> cookie, RuleList useServer, RuleList force, RuleList ignore, boolean always,
        Optional<RdpPersistence> rdpCookie) {

    /** Of a backend that only balances. */
    public static final Persistence NONE =
            new Persistence(Optional.empty(), RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY, false, Optional.empty());

    public Persistence {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(useServer, "useServer");
        Objects.requireNonNull(force, "force");
        Objects.requireNonNull(ignore, "ignore");
        Objects.requireNonNull(rdpCookie, "rdpCookie");
    }

    /** The same lines for other servers. */
    public Persistence of(Optional<StickyCookie> newCookie, Optional<RdpPersistence> newRdpCookie) {
        return new Persistence(newCookie, useServer, force, ignore, always, newRdpCookie);
    }
}
