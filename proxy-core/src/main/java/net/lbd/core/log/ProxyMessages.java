package net.lbd.core.log;

import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a backend tells about itself, to its log targets and to the daemon's own log. Thread-safe. */
public final class ProxyMessages {

    private static final Logger LOG = LoggerFactory.getLogger("net.lbd.health");

    /** A server came up or went down. */
    public void serverChanged(Backend backend, Server server, HealthSnapshot now) {
        LOG.warn("Server {}/{} is {}, reason: {}.", backend.name(), server.name(), now.up() ? "UP" : "DOWN",
                now.last().map(CheckResult::reason).orElse("unknown"));
    }
}
