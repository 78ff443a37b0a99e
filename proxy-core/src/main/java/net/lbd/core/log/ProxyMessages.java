package net.lbd.core.log;

import java.util.Objects;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a backend tells about its servers, to its log targets in HAProxy's words and to the daemon's own
 * log. Thread-safe.
 */
public final class ProxyMessages {

    private static final Logger LOG = LoggerFactory.getLogger("net.lbd.health");

    private final ServerMessages targets;

    public ProxyMessages(ServerMessages targets) {
        this.targets = Objects.requireNonNull(targets, "targets");
    }

    /** Something that an administrator should look into. */
    public void alert(String text) {
        targets.send(Level.ALERT, text);
    }

    /** A server came up or went down by its checks. */
    public void serverChanged(Backend backend, Server server, HealthSnapshot now) {
        String reason = now.last().map(CheckResult::reason).orElse("unknown");
        int active = 0;
        int backup = 0;
        for (Server other : backend.servers()) {
            if (other.isUsable()) {
                if (other.isBackup()) {
                    backup++;
                } else {
                    active++;
                }
            }
        }
        ServerMessages.Remaining left =
                new ServerMessages.Remaining(active, backup, server.load(), server.state().queued(), backend.queue().size());
        if (now.up()) {
            LOG.info("LBH001 server {}/{} is UP, reason: {}", backend.name(), server.name(), reason);
            targets.up(backend.name(), server.name(), server.isBackup(), reason, left);
        } else {
            LOG.warn("LBH002 server {}/{} is DOWN, reason: {}; {} active and {} backup servers left",
                    backend.name(), server.name(), reason, active, backup);
            targets.down(backend.name(), server.name(), server.isBackup(), reason, left);
        }
    }
}
