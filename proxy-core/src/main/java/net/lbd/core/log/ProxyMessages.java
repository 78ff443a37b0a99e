package net.lbd.core.log;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.mail.MailAlerts;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a backend tells about its servers, to its log targets in HAProxy's words and to the daemon's own
 * log; the server remembers it, too. Thread-safe.
 */
public final class ProxyMessages {

    private static final Logger LOG = LoggerFactory.getLogger("net.lbd.health");

    /** What can happen to a server. */
    public enum Change {
        UP, DOWN,
        /** Up, but without new sessions. */
        STOPPING,
        /** Down, and it had been stopping: nobody need be woken for it. */
        STOPPED,
        DRAIN, READY_FROM_DRAIN, MAINT, READY_FROM_MAINT,
        /** As {@link #READY_FROM_MAINT}, of a server that only followed another into it. */
        TRACKED_FROM_MAINT,
        /** Its name has no address: maintenance until it has one. */
        UNRESOLVED,
        /** The same of a server that was down already. */
        UNRESOLVED_WHILE_DOWN,
        /** Its name has an address again. */
        RESOLVED;

        /** The server serves nobody any more. */
        public boolean isEnd() {
            return this == DOWN || this == STOPPED || this == MAINT || this == UNRESOLVED;
        }
    }

    private final ServerMessages targets;
    private final boolean logsChecks;
    private final Optional<MailAlerts> mails;

    /** @param logsChecks {@code option log-health-checks}: the reason of a change is told with the check, not with the change */
    public ProxyMessages(ServerMessages targets, boolean logsChecks, Optional<MailAlerts> mails) {
        this.mails = Objects.requireNonNull(mails, "mails");
        this.targets = Objects.requireNonNull(targets, "targets");
        this.logsChecks = logsChecks;
    }

    /** Whether {@link #checked} is to be called. */
    public boolean logsChecks() {
        return logsChecks;
    }

    /** {@code option log-health-checks}: a check has changed something. */
    public void checked(Backend backend, Server server, CheckResult result, HealthSnapshot now) {
        String text = "Health check for " + (server.isBackup() ? "backup " : "") + "server " + backend.name() + "/" + server.name() + " "
                + (result.conditional() ? "conditionally " : "") + (result.passed() ? "succeeded" : "failed") + ", reason: "
                + result.reason() + ", status: " + now.counted() + ".";
        targets.send(Level.NOTICE, text);
        mails.ifPresent(m -> m.tell(Level.INFO, text));
    }

    /**
     * A server changed.
     *
     * @param cause why, as it stands behind the sentence's first words: {@code , reason: …}, {@code  via a/s} or nothing
     */
    public void serverChanged(Backend backend, Server server, Change change, String cause) {
        String why = logsChecks && cause.startsWith(", reason") ? "" : cause;
        String name = (server.isBackup() ? "Backup Server " : "Server ") + backend.name() + "/" + server.name();
        ServerMessages.Remaining left = remaining(backend, server);
        String base = server.state().isUp() ? "UP" : "DOWN";
        String sentence = name + switch (change) {
            case UP -> " is UP" + why + targets.online(left);
            case DOWN, STOPPED -> " is DOWN" + why + targets.left(left);
            case STOPPING -> " is stopping" + why + targets.online(left);
            case DRAIN -> " enters drain state" + why + targets.online(left);
            case MAINT -> " is going DOWN for maintenance" + why + targets.left(left);
            case READY_FROM_DRAIN -> " is " + base + " (leaving forced drain).";
            case READY_FROM_MAINT -> " is " + base + "/" + (server.state().admin() == ServerState.Admin.DRAIN ? "DRAIN" : "READY")
                    + " (leaving forced maintenance).";
            case UNRESOLVED -> " is going DOWN for maintenance" + bracketed(cause) + targets.left(left);
            case UNRESOLVED_WHILE_DOWN -> " was DOWN and now enters maintenance" + bracketed(cause) + ".";
            case RESOLVED -> (cause.startsWith(" via ") ? cause : " ('" + cause + "')") + " is UP/READY (resolves again).";
            case TRACKED_FROM_MAINT -> " is " + base + "/READY (leaving maintenance).";
        };
        server.state().remember(new ServerState.Event(Instant.now(), sentence));
        Level level = change == Change.DOWN || change == Change.MAINT || change == Change.UNRESOLVED ? Level.ALERT : Level.NOTICE;
        targets.send(level, sentence);
        mails.ifPresent(m -> m.tell(level, sentence));
        boolean lost = change.isEnd() || change == Change.STOPPING || change == Change.DRAIN;
        if (lost && left.active() == 0 && left.backup() == 0) {
            targets.noServer(backend.name());
        }
        String reason = cause.replaceFirst("^,? ?(reason: )?", "");
        switch (change) {
            case UP -> LOG.info("LBH001 server {}/{} is UP, reason: {}", backend.name(), server.name(), reason);
            case DOWN, STOPPED -> LOG.warn("LBH002 server {}/{} is DOWN, reason: {}; {} active and {} backup servers left",
                    backend.name(), server.name(), reason, left.active(), left.backup());
            default -> LOG.info("LBH003 {}", sentence);
        }
    }

    private static String bracketed(String cause) {
        return cause.startsWith(" via ") ? cause : " (" + cause + ")";
    }

    /** What name servers, or the administrator, have changed of a server. */
    public void placed(Server server, String text) {
        server.state().remember(new ServerState.Event(Instant.now(), text));
        targets.send(Level.NOTICE, text);
        LOG.info("LBH004 {}", text);
    }

    /** Something that an administrator must look at. */
    public void alert(String text) {
        targets.send(Level.ALERT, text);
    }

    private static ServerMessages.Remaining remaining(Backend backend, Server server) {
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
        return new ServerMessages.Remaining(active, backup, server.load(), server.state().queued(), backend.queue().size());
    }
}
