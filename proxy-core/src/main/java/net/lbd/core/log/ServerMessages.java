package net.lbd.core.log;

import java.util.List;
import java.util.Objects;
import net.lbd.config.model.LogTargetSpec.Level;

/**
 * What a proxy tells its log besides its streams, in HAProxy's words. Immutable; any thread.
 *
 * @param kind what the proxy is called: {@code frontend}, {@code backend}, or {@code proxy} for both in one
 * @param targets of the proxy that speaks
 */
public record ServerMessages(LogWriter writer, String kind, List<LogTarget> targets) {

    public ServerMessages {
        Objects.requireNonNull(writer, "writer");
        Objects.requireNonNull(kind, "kind");
        targets = List.copyOf(targets);
    }

    /**
     * The state of a backend after a server changed.
     *
     * @param active usable servers that are no backups
     * @param sessions of the server at this moment
     * @param requeued streams that left the server's queue
     * @param queued streams that still wait
     */
    public record Remaining(int active, int backup, int sessions, int requeued, int queued) { }

    /**
     * A server went down.
     *
     * @param reason such as {@code Layer4 connection problem, info: "Connection refused", check duration: 0ms}
     */
    public void down(String backend, String server, boolean isBackup, String reason, Remaining left) {
        send(Level.ALERT, (isBackup ? "Backup Server " : "Server ") + backend + "/" + server + " is DOWN, reason: "
                + reason + ". " + servers(left) + " left." + runningOnBackup(left) + " " + left.sessions()
                + " sessions active, " + left.requeued() + " requeued, " + left.queued() + " remaining in queue.");
        if (left.active() == 0 && left.backup() == 0) {
            send(Level.EMERG, kind + " " + backend + " has no server available!");
        }
    }

    /** A server came up again. */
    public void up(String backend, String server, boolean isBackup, String reason, Remaining left) {
        send(Level.NOTICE, (isBackup ? "Backup Server " : "Server ") + backend + "/" + server + " is UP, reason: "
                + reason + ". " + servers(left) + " online." + runningOnBackup(left) + " " + left.requeued()
                + " sessions requeued, " + left.queued() + " total in queue.");
    }

    /** A proxy listens. */
    public void started(String name) {
        send(Level.NOTICE, "Proxy " + name + " started.");
    }

    public void stopping(String name) {
        send(Level.WARNING, "Stopping proxy " + name + ".");
    }

    public void stopped(String name, long frontendConnections, long backendConnections) {
        send(Level.WARNING, "Proxy " + name + " stopped (cumulated conns: FE: " + frontendConnections + ", BE: "
                + backendConnections + ").");
    }

    /** Anything else. */
    public void send(Level level, String text) {
        writer.message(targets, level, text);
    }

    private static String servers(Remaining left) {
        return left.active() + " active and " + left.backup() + " backup servers";
    }

    private static String runningOnBackup(Remaining left) {
        return left.active() == 0 && left.backup() > 0 ? " Running on backup." : "";
    }
}
